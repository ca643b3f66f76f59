"""Makes a fresh checkout ready: ``python3 xoplatform/prepare.py run`` (or ``dev``, with what tests need).

``peers`` makes a second environment with the engines that `make bench` measures beside ours.

Runs before anything is installed, so it stands on the standard library alone. Each step is skipped
while the content it was made from is unchanged.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
#: Other people's engines need other versions of what we use.
PEERS = ROOT / ".venv-peers"
FRONTEND = ROOT / "dialogs" / "canvas" / "frontend"
BUILT = ROOT / "dialogs" / "static" / "dialogs" / "canvas"
#: The oldest that work: Python by pyproject.toml, Node.js (major, minor) by the canvas's package.json.
PYTHON = (3, 11)
NODE = (20, 19)


def main(kind: str) -> None:
    """Prepares for ``run``, ``dev`` or ``peers``. Ends the program with words when something is missing."""
    if sys.version_info < PYTHON:
        sys.exit(f"XO Platform needs Python {PYTHON[0]}.{PYTHON[1]} or newer; this is {sys.version.split()[0]}.\n"
                 "Choose another one: make run PYTHON=python3.12")  # fmt: skip
    if kind == "peers":
        make_venv(PEERS)
        install("requirements-peers.lock", venv=PEERS)
        return
    make_venv(VENV)
    install("requirements-dev.lock" if kind == "dev" else "requirements.lock", also_by=["requirements-dev.lock"])
    build_canvas(node_modules=kind == "dev")


def make_venv(venv: Path) -> None:
    """A virtual environment; one whose Python has gone is made anew."""
    if works(venv / "bin" / "python"):
        return
    say(f"Making a virtual environment in {venv.name}")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=False)
    if made.returncode:
        sys.exit("Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv")


def install(lock: str, also_by: Iterable[str] = (), venv: Path = VENV) -> None:
    """Installs exactly what ``lock`` names, checked by hash, unless it or a lock that contains it is installed."""
    if any((ROOT / name).exists() and stamp(name, venv).is_current([ROOT / name]) for name in [lock, *also_by]):
        return
    say(f"Installing {lock}")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / lock)], "Installing packages failed; see above.")
    stamp(lock, venv).write([ROOT / lock])


def build_canvas(*, node_modules: bool) -> None:
    """Builds the canvas's front end where its sources changed; with ``node_modules``, keeps its tools installed."""
    if not (FRONTEND / "package.json").exists():
        return
    sources = [path for path in files_below(FRONTEND) if "node_modules" not in path.parts]
    built = Stamp(BUILT / ".sources")
    lock = FRONTEND / "package-lock.json"
    installed = Stamp(FRONTEND / "node_modules" / ".lock")
    is_built = built.is_current(sources)
    if is_built and (not node_modules or installed.is_current([lock])):
        return
    environ = {**os.environ, "PATH": node_path()}
    if not installed.is_current([lock]):
        say("Installing the canvas's packages")
        run(["npm", "ci", "--no-audit", "--no-fund"], "npm could not install the canvas's packages.", FRONTEND, environ)
        installed.write([lock])
    if not is_built:
        say("Building the canvas")
        run(["npm", "run", "--silent", "build"], "The canvas could not be built.", FRONTEND, environ)
        built.write(sources)


def node_path() -> str:
    """A PATH on which a fitting Node.js is found; one from PyPI is put into ``.venv`` where none is installed."""
    path = os.environ.get("PATH", "")
    if shutil.which("npm") and node_version("node") >= NODE:
        return path
    install("requirements-node.lock")
    return f"{VENV / 'bin'}{os.pathsep}{path}"


def node_version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


class Stamp:
    """Remembers from which content something was made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_current(self, sources: Iterable[Path]) -> bool:
        return self.path.exists() and self.path.read_text() == digest(sources)

    def write(self, sources: Iterable[Path]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(digest(sources))


def stamp(lock: str, venv: Path) -> Stamp:
    return Stamp(venv / f".{lock}.installed")


def digest(sources: Iterable[Path]) -> str:
    """A hash over names and contents."""
    sha = hashlib.sha256(sys.version.encode())
    for path in sorted(sources):
        sha.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()


def files_below(folder: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in {"node_modules", "dist", ".vite"}]
        yield from (Path(base) / name for name in names if not name.endswith(".tsbuildinfo"))


def works(python: Path) -> bool:
    try:
        return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str], trouble: str, folder: Path = ROOT, environ: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=folder, env=environ, check=False).returncode:
        sys.exit(f"{trouble} Nothing was started; run the same command again once that is mended.")


def say(text: str) -> None:
    print(f"· {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
