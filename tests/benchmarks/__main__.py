"""``make bench``: what a dialog turn and the token vault cost, beside hand-written floors and others' code.

``python -m tests.benchmarks [dialog|vault]``. PostgreSQL is measured where XO_BENCH_POSTGRES_URL names a server whose
role may create databases.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from . import turns
from .vault import measurement as vault


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["dialog", "vault"], help="only this one")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    dialog = parser.add_argument_group("the dialog turn")
    dialog.add_argument("--rounds", type=int, default=3)
    dialog.add_argument("--conversations", type=int, default=200)
    dialog.add_argument("--at-once", type=int, default=16, help="conversations held at once, beside one at a time")
    vault.add_options(parser.add_argument_group("the token vault"))
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    for name, bench in {"dialog": turns, "vault": vault}.items():
        if options.what in (None, name):
            figures[name] = bench.run(options)
            bench.report(figures[name])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
