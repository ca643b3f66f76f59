"""What a reader of the repository relies on: links lead somewhere, locks name no registry, nothing names a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
#: Markdown links and images, without the optional title.
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
#: Folders of a single machine, and of its owner; `/work/` as part of a longer address is innocent.
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home|root|Users|work)/[\w.-]+")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "requirements-peers.lock"]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as the usual renderers make them."""
    heads = re.findall(r"^#+\s+(.+?)\s*$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).replace(" ", "-") for head in heads}


def test_there_is_a_readme_a_changelog_a_guide_and_decisions() -> None:
    assert (ROOT / "README.md").exists()
    assert (ROOT / "CHANGELOG.md").exists()
    assert list((ROOT / "docs" / "guide").glob("*.md"))
    assert list((ROOT / "docs" / "decisions").glob("0001-*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_in_the_documentation_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)):
        name, _hash, anchor = target.partition("#")
        if "://" in name or name.startswith("mailto:"):
            continue
        wanted = (page.parent / name).resolve() if name else page
        if not wanted.exists() or (anchor and wanted.suffix == ".md" and anchor not in anchors(wanted)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("lock", LOCKS)
def test_python_locks_have_hashes_and_name_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "--hash=sha256:" in text
    assert not re.findall(r"https?://|--(?:extra-)?index-url|--find-links", text)


def test_npm_locks_name_no_registry() -> None:
    for path in tracked():
        if path.name == "package-lock.json":
            assert '"resolved": "http' not in path.read_text(), path


def test_nothing_names_a_folder_of_one_machine() -> None:
    found = []
    for path in tracked():
        if path.suffix in {".png", ".ico", ".woff2", ".lock"} or path == Path(__file__):
            continue
        text = path.read_text(errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match}" for match in MACHINE_PATH.findall(text)]
    assert not found
