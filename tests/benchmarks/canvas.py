"""How smooth the canvas is with 500 nodes: ``python -m tests.benchmarks.canvas``. Prints figures, judges none.

Chromium without a graphics card, on the machine it runs on: frame times include drawing by the processor.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.desk import arrange, run
from tests.chromium import chromium
from tests.journeys import stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page

#: 100 rows of an entity, a bot action with two steps, and a message; 5 nodes each.
ROWS = 100
MAKE = """
from xoplatform.models import App
from dialogs.flows.author import create_task
nodes, ways = [{{"name": "start", "kind": "intent", "title": "Start", "properties": {{"utterances": ["go"]}}}}], []
before = "start"
for row in range({rows}):
    ask, action, first, then, say = (f"{{kind}}{{row}}" for kind in ("ask", "action", "first", "then", "say"))
    nodes += [
        {{"name": ask, "kind": "entity", "title": f"Question {{row}}",
          "properties": {{"prompts": [f"What is {{row}}?"]}}}},
        {{"name": action, "kind": "bot_action", "title": f"Work {{row}}", "properties": {{"first": first}}}},
        {{"name": first, "kind": "script", "parent": action, "properties": {{"code": f"context.a{{row}} = 1"}}}},
        {{"name": then, "kind": "logic", "parent": action,
          "properties": {{"assignments": [{{"key": f"b{{row}}", "value": 2}}]}}}},
        {{"name": say, "kind": "message", "title": f"Answer {{row}}", "properties": {{"texts": ["Done"]}}}},
    ]
    known = {{"match": "all", "criteria": [{{"subject": "entity", "key": ask, "operator": "exists"}}]}}
    ways += [
        {{"source": before, "target": ask}},
        {{"source": ask, "target": action, "condition": known}},
        {{"source": ask, "target": say}},
        {{"source": first, "target": then}},
        {{"source": action, "target": say}},
    ]
    before = say
ways.append({{"source": before, "target": "@end"}})
task = create_task(App.objects.get(slug="bench-canvas"), {{
    "name": "large", "title": "Large", "start": "start", "nodes": nodes, "transitions": ways}})
print(task.pk)
"""
#: Counts the time between frames while something goes on.
WATCH = """
() => { const seen = window.frames_seen = []; let last = performance.now();
  const step = now => {
    seen.push(now - last); last = now;
    if (window.frames_seen === seen) requestAnimationFrame(step);
  };
  requestAnimationFrame(step); }
"""


def main() -> None:
    asked = os.environ.get("XO_BENCH_VAR")
    with stack.running(folder=Path(asked) if asked else None) as environment, chromium() as browser:
        context = browser.new_context(base_url=environment["XO_BASE_URL"], viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        page = context.new_page()
        _sign_in(page, environment)
        address = f"{arrange(environment, 'bench-canvas', 'Bench')}/dialogs/"
        address += f"{run(environment, MAKE.format(rows=ROWS)).split()[-1]}/canvas/"
        _print("interactive", _opened(page, address), "ms from the address to nodes arranged and a key answered")
        page.get_by_role("button", name="Open all bot actions").click()
        page.wait_for_timeout(4_000)
        print(f"{page.evaluate(SHOWN)} of {ROWS * 5 + 1} nodes are in the page; the others are out of view")
        for name, action in (("pan", _pan), ("zoom", _zoom), ("drag a node", _drag), ("type a title", _type)):
            _frames(page, name, action)


SHOWN = "document.querySelectorAll('.react-flow__node-task').length"


def _sign_in(page: Page, environment: Mapping[str, str]) -> None:
    page.goto("/")
    page.get_by_label("User name or e-mail").fill("admin")
    page.get_by_label("Password").fill((Path(environment["XO_VAR_DIR"]) / "first-sign-in").read_text())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def _opened(page: Page, address: str) -> list[float]:
    """Three times: the first one fills the browser's cache."""
    times = []
    for _ in range(3):
        page.goto(address, wait_until="commit")
        page.locator(".react-flow__node-task").first.wait_for()
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys").wait_for()
        times.append(float(page.evaluate("performance.now()")))
        page.keyboard.press("Escape")
    return times


def _frames(page: Page, name: str, action: Any) -> None:
    page.evaluate(WATCH)
    action(page)
    seen = sorted(page.evaluate("() => { const seen = window.frames_seen; window.frames_seen = null; return seen; }"))
    if not seen:
        sys.exit(f"No frame was drawn while trying to {name}.")
    at = {share: seen[min(len(seen) - 1, int(len(seen) * share))] for share in (0.5, 0.95)}
    longest = f"longest {seen[-1]:.0f}"
    print(f"{name:<14} {len(seen):>4} frames  median {at[0.5]:.1f}  95 % {at[0.95]:.1f}  {longest} ms")


def _pan(page: Page) -> None:
    page.mouse.move(700, 500)
    for _ in range(60):
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(16)


def _zoom(page: Page) -> None:
    page.mouse.move(700, 500)
    page.keyboard.down("Control")
    for step in range(40):
        page.mouse.wheel(0, 60 if step < 20 else -60)
        page.wait_for_timeout(16)
    page.keyboard.up("Control")


def _drag(page: Page) -> None:
    box = page.locator(".react-flow__node-task:not(:has(.dc-open))").first.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x + step * 2, y + step)
        page.wait_for_timeout(16)
    page.mouse.up()


def _type(page: Page) -> None:
    page.locator(".react-flow__node-task:not(:has(.dc-open))").first.click()
    page.get_by_role("textbox", name="Title", exact=True).press_sequentially("a title of some length", delay=30)


def _print(name: str, values: list[float], unit: str) -> None:
    print(f"{name:<14} {', '.join(f'{value:.0f}' for value in values)} {unit}")


if __name__ == "__main__":
    main()
