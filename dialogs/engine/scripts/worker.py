"""The process that scripts run in. Started with a bare environment, it knows a socket and JavaScript, nothing else.

QuickJS counts the CPU time of its whole process, and some of its own loops (joining a huge sparse array, sorting a
typed array, searching a long text) never look at the clock. Hence a process for scripts alone, in which the CPU limit
means the script's own, and an alarm that ends the process where the limit is not heard.
"""

from __future__ import annotations

import re
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress

import quickjs

#: Of a request: what to do, seconds, bytes of memory, lengths of code and of context. Of an answer: what, length.
REQUEST = struct.Struct(">cdQII")
ANSWER = struct.Struct(">cI")
RUN, CHECK = b"r", b"c"
DONE, FAILED, TIME, MEMORY, STACK = b"d", b"f", b"t", b"m", b"s"

#: How long after its CPU limit a script may still be heard before the alarm ends the process, in seconds.
ALARM_AFTER = 0.25
STACK_BYTES = 256 * 1024
#: Far above what one script may use, as a second fence around the whole process.
ADDRESS_SPACE = 512 * 1024 * 1024

#: Printing and logging are capped in characters and entries; what is beyond is dropped.
PRELUDE = r"""(function () {
  const SCOPES = ["BotUserSession", "UserSession", "BotContext", "UserContext", "EnterpriseContext"];
  const stringify = JSON.stringify, isArray = Array.isArray, text = String;
  const words = (values) => values.map((v) => typeof v === "object" && v !== null ? stringify(v) : text(v)).join(" ");
  const collector = (entries, each, all) => {
    const kept = [];
    let size = 0;
    return [kept, (...values) => {
      if (kept.length >= entries || size >= all) return;
      const line = words(values).slice(0, Math.min(each, all - size));
      size += line.length;
      kept.push(line);
    }];
  };
  const [printed, print] = collector(1000, 20000, 20000);
  const [logs, log] = collector(100, 1000, 10000);
  const shown = [];
  globalThis.print = print;
  globalThis.show = (more) => {
    if (typeof more !== "object" || more === null || isArray(more))
      throw new TypeError("show takes an object with quick_replies, buttons or data");
    if (shown.length < 20) shown.push(more);
  };
  // Methods of the context that its JSON does not show. A key of the same name is the dialog's own and stays.
  const steps = (path) => {
    const names = text(path).replace(/^context\./, "").split(".");
    return SCOPES.includes(names[0]) ? ["session", ...names] : names;
  };
  const below = (names, make) => {
    let place = globalThis.context;
    for (const name of names) {
      const found = Object.hasOwn(place, name) ? place[name] : undefined;
      if (typeof found === "object" && found !== null && !isArray(found)) place = found;
      else if (make) {
        const fresh = {};
        Object.defineProperty(place, name, {value: fresh, writable: true, enumerable: true, configurable: true});
        place = fresh;
      }
      else return undefined;
    }
    return place;
  };
  const methods = {
    get: (path) => {
      const names = steps(path), last = names.pop(), place = below(names, false);
      return place && Object.hasOwn(place, last) ? place[last] : undefined;
    },
    put: (path, value, minutes) => {
      const names = steps(path), last = names.pop();
      if (names.length === 2 && names[0] === "session" && SCOPES.includes(names[1]))
        return scopes[names[1]].put(last, value, minutes);
      Object.defineProperty(below(names, true), last,
        {value, writable: true, enumerable: true, configurable: true});
    },
    delete: (path) => {
      const names = steps(path), last = names.pop(), place = below(names, false);
      if (place) delete place[last];
    },
  };
  for (const name of Object.keys(methods))
    if (!Object.hasOwn(globalThis.context, name))
      Object.defineProperty(globalThis.context, name,
        {value: methods[name], writable: true, enumerable: false, configurable: true});
  globalThis.console = {log, info: log, warn: log, error: log, debug: log};
  const lifetimes = {}, scopes = {};
  for (const scope of SCOPES) {
    const values = () => globalThis.context.session?.[scope];
    globalThis[scope] = scopes[scope] = {
      get: (key) => values()?.[key],
      put: (key, value, minutes) => {
        const session = (globalThis.context.session ??= {});
        (session[scope] ??= {})[key] = value;
        (lifetimes[scope] ??= {})[key] = minutes ?? null;
      },
      delete: (key) => { delete values()?.[key]; },
    };
  }
  return () => {
    const context = globalThis.context;
    if (typeof context !== "object" || context === null || isArray(context))
      throw new TypeError("it is no mapping");
    return stringify({context, printed, logs, lifetimes, shown});
  };
})()"""


def run(code: str, context: str, seconds: float, memory: int) -> tuple[bytes, str]:
    """Run ``code`` in a context of its own and give back what it left, as JSON."""
    js = _context(seconds, memory)
    try:
        js.set("context", js.parse_json(context))
        finish = js.eval(PRELUDE)
        # The value of the last statement would be converted for nothing, and not every value can be.
        js.eval(code + "\n;0")
    except Exception as error:  # noqa: BLE001 -- whatever a script brings about is the script's own
        return _failure(error)
    try:
        return DONE, str(finish())
    except Exception as error:  # noqa: BLE001 -- as above
        status, words = _failure(error)
        return status, f"what it left in “context” is no JSON: {words.partition(' (line')[0]}"


def check(code: str, seconds: float, memory: int) -> tuple[bytes, str]:
    """Compile ``code`` without running it."""
    try:
        _context(seconds, memory).eval("if (0) {" + code + "\n}")
    except Exception as error:  # noqa: BLE001 -- as above
        return _failure(error)
    return DONE, ""


def _context(seconds: float, memory: int) -> quickjs.Context:
    js = quickjs.Context()
    js.set_memory_limit(memory)
    js.set_max_stack_size(STACK_BYTES)
    js.set_time_limit(seconds)
    return js


def _failure(error: Exception) -> tuple[bytes, str]:
    if isinstance(error, quickjs.StackOverflow):
        return STACK, ""
    first, _, stack = str(error).partition("\n")
    if first.startswith("InternalError: interrupted"):
        return TIME, ""
    # Where there is no memory left for an error object, QuickJS throws null.
    if first == "null" or "out of memory" in first or isinstance(error, MemoryError):
        return MEMORY, ""
    line = re.search(r"<input>:(\d+)", stack)
    return FAILED, first[:300] + (f" (line {line[1]})" if line else "")


def serve(channel: socket.socket) -> None:
    """Answer requests one by one until the other side is gone."""
    while head := _receive(channel, REQUEST.size):
        what, seconds, memory, code_size, context_size = REQUEST.unpack(head)
        code = _receive(channel, code_size).decode()
        context = _receive(channel, context_size).decode()
        signal.setitimer(signal.ITIMER_REAL, seconds + ALARM_AFTER)
        status, text = check(code, seconds, memory) if what == CHECK else run(code, context, seconds, memory)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer = text.encode("utf-8", "replace")
        channel.sendall(ANSWER.pack(status, len(answer)) + answer)


def _receive(channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(size - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1]))
    # An interrupt in the terminal is for the server; its end closes the socket, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = {resource.RLIMIT_AS: ADDRESS_SPACE, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # not every system has every limit; the process is bounded without them
            resource.setrlimit(limit, (value, value))
    channel.sendall(DONE)
    with suppress(OSError):
        serve(channel)


if __name__ == "__main__":
    main()
