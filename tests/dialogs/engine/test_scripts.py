from __future__ import annotations

import os
import threading
from time import perf_counter

import pytest

from tests.dialogs.engine.stand_ins import SCRIPTS

LIMIT = 0.4
#: QuickJS hears its time limit in some of these and not in others; memory and stack end the rest.
HOGS = {
    "endless loop": "while (true);",
    "caught loop": "for (;;) { try { while (1); } catch (e) {} }",
    "endless finally": "try { while (1); } finally { while (1); }",
    "catastrophic expression": "/(a+)+$/.test('a'.repeat(40) + 'b')",
    "recursion": "function f() { return f() + 1; } f()",
    "deep json": "JSON.parse('['.repeat(1e6))",
    "string": "let s = 'x'; while (true) s += s;",
    "array": "const a = []; while (true) a.push(a.length);",
    "typed arrays": "const a = []; while (true) a.push(new Uint8Array(1e6));",
    "one typed array": "new Uint8Array(1e9)",
    "big integer": "let x = 3n; while (true) x = x * x;",
    "joining a sparse array": "new Array(4294967295).join('')",
    "reversing nothing": "Array.prototype.reverse.call({length: 2 ** 53 - 1})",
    "flattening nothing": "Array.prototype.flat.call({length: 2 ** 53 - 1})",
    "searching a long text": "'a'.repeat(2e6).indexOf('a'.repeat(1e6) + 'b')",
    "sorting a typed array": "const a = new Uint8Array(8e6); for (;;) a.sort()",
    "comparing long texts": "const a = 'a'.repeat(5e6), b = a + 'b'; for (;;) a < b",
    "generator": "function* g() { for (;;) yield 1; } [...g()]",
    "a value that never is one": "context.x = {toJSON() { while (1); }}",
}


@pytest.mark.parametrize("code", HOGS.values(), ids=HOGS)
def test_a_hog_ends_in_time_with_an_error(code: str) -> None:
    SCRIPTS.run("1", {}, LIMIT)  # a process may have to start; that is not the script's time
    began = perf_counter()
    result = SCRIPTS.run(code, {"a": 1}, LIMIT)
    assert perf_counter() - began < LIMIT + 0.5
    assert result.error
    assert result.context == {"a": 1}


def test_it_reads_and_changes_the_context() -> None:
    result = SCRIPTS.run("context.b = context.a.map(x => x * 2); delete context.a", {"a": [1, 2]}, 1)
    assert result.context == {"b": [2, 4]}


def test_it_prints_and_logs() -> None:
    result = SCRIPTS.run("print('hi', {a: 1}); console.log([1]); console.error(null)", {}, 1)
    assert (result.printed, result.logs) == (('hi {"a":1}',), ("[1]", "null"))


def test_what_it_prints_and_logs_is_capped() -> None:
    result = SCRIPTS.run(
        "for (let i = 0; i < 500; i++) { print('x'.repeat(99)); console.log('y'.repeat(9999)) }", {}, 1
    )
    assert sum(map(len, result.printed)) <= 20_000
    assert len(result.logs) <= 100
    assert max(map(len, result.logs)) <= 1000


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("\n\nfoo.bar()", "ReferenceError: foo is not defined (line 3)"),
        ("throw 'my words'", "my words"),
        ("throw {a: 1}", "[object Object]"),
        ("var x = ;", "SyntaxError"),
        ("context = 3", "is no JSON: TypeError: it is no mapping"),
        ("context.a = context", "circular"),
        ("context.a = 1n", "no JSON"),
        ("Object.prototype.toJSON = () => 1", "no JSON"),
    ],
)
def test_errors_are_told_in_words(code: str, words: str) -> None:
    result = SCRIPTS.run(code, {}, 1)
    assert result.error is not None
    assert words in result.error


def test_one_script_cannot_reach_the_next() -> None:
    SCRIPTS.run("JSON.stringify = Array.prototype.map = Object.freeze = null; globalThis.left = 1", {}, 1)
    result = SCRIPTS.run("print(typeof left, [1].map(x => x + 1), typeof Object.freeze)", {}, 1)
    assert result.printed == ("undefined [2] function",)


def test_it_sees_nothing_of_the_host() -> None:
    names = "require process std os fetch XMLHttpRequest Deno Bun setTimeout __loadScript scriptArgs"
    result = SCRIPTS.run(f"print('{names}'.split(' ').filter(n => n in globalThis).length)", {}, 1)
    assert result.printed == ("0",)


def test_keys_like_proto_are_data() -> None:
    result = SCRIPTS.run("context.n = Object.keys(context.x).length", {"x": {"__proto__": {"a": 1}}}, 1)
    assert result.context["n"] == 1
    assert result.context["x"] == {"__proto__": {"a": 1}}


def test_its_result_can_be_stored_anywhere() -> None:
    result = SCRIPTS.run("print('\\ud83d a\\u0000b')", {"t": "ü😀\u2028"}, 1)
    assert result.context == {"t": "ü😀\u2028"}
    "".join(result.printed).encode()


def test_it_is_compiled_without_being_run() -> None:
    assert SCRIPTS.check("while (true) {}  // end") is None
    assert "line 2" in (SCRIPTS.check("let a = 1;\nlet b = ;") or "")


def test_several_threads_share_it_and_a_busy_server_costs_a_script_nothing() -> None:
    errors: list[str | None] = []
    stop = threading.Event()

    def spin() -> None:
        while not stop.is_set():
            sum(range(1000))

    def work() -> None:
        errors.extend(SCRIPTS.run("let n = 0; while (n < 1e5) n++; context.n = n", {}, 1).error for _ in range(3))

    busy, workers = threading.Thread(target=spin), [threading.Thread(target=work) for _ in range(4)]
    for thread in (busy, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    stop.set()
    busy.join()
    assert errors == [None] * 12


def test_a_process_that_was_killed_is_replaced() -> None:
    SCRIPTS.run("1", {}, 1)
    for process, _ in SCRIPTS._idle:
        process._process.kill()
        process._process.wait()
    assert SCRIPTS.run("context.ok = true", {}, 1).context == {"ok": True}


def test_a_forked_server_process_gets_processes_of_its_own() -> None:
    SCRIPTS.run("1", {}, 1)
    child = os.fork()
    if child == 0:
        good = SCRIPTS.run("context.ok = 1", {}, 1).context == {"ok": 1}
        SCRIPTS.close()
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert SCRIPTS.run("context.ok = 1", {}, 1).context == {"ok": 1}
