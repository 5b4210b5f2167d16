"""Every link of every document leads to a file that the project has, and to a heading that the file has."""

import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from .markdown import ROOT, anchors, documents, links, prose


def kept() -> set[Path]:
    """What is under version control, or about to be: a link to a file of this machine alone is broken."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return {path for path in ROOT.rglob("*") if path.is_file()}
    return {ROOT / name for name in listed.stdout.split("\0") if name}


KEPT = kept()


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in links(text):
        if "://" in target:
            continue
        name, _, anchor = unquote(target).partition("#")
        there = (document.parent / name).resolve() if name else document
        assert there in KEPT, f"{target}: there is no such file"
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{target}: no such heading"


def test_headings_that_share_a_name_are_not_linked_to() -> None:
    for document in documents():
        named = [line for line in prose(document.read_text("utf-8")).splitlines() if line.startswith("#")]
        doubled = {line.lstrip("# ").lower() for line in named if named.count(line) > 1}
        assert not {target.partition("#")[2] for target in links(document.read_text("utf-8"))} & doubled


def test_every_document_can_be_found_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    reached, waiting = {index}, [index]
    while waiting:
        document = waiting.pop()
        for target in links(document.read_text(encoding="utf-8")):
            there = (document.parent / target.partition("#")[0]).resolve()
            if there.suffix == ".md" and there in KEPT and there not in reached:
                reached.add(there)
                waiting.append(there)
    assert set(documents()) <= reached | {ROOT / "reference_service/sdk/README.md"}
