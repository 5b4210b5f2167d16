"""Waivers and sign-offs in the report."""

from pathlib import Path
from typing import Any

from harness.evidence import Observation, Status
from reports import write_reports
from reports.decisions import decisions_of
from reports.tests.journals import check, contract, load, read_run, write_run
from reports.tests.pages import Element, parse
from reports.write import HTML, MARKDOWN

WAIVER = {
    "state": "used",
    "why": "",
    "reason": "contrast of the footer",
    "accept": "violations <= 3",
    "requested_by": "Kim",
    "approved_by": "Robin",
    "expires": "2030-07-01T00:00:00Z",
}
SIGNOFF = {
    "by": "Ada",
    "role": "product",
    "signed_at": "2030-06-01T00:00:00Z",
    "expires": "2030-06-08T00:00:00Z",
    "refused": "",
    "note": "one wants dark mode",
}


def decided(
    status: Status, name: str, *, waiver: Any = None, signoff: Any = None, role: str = ""
) -> Observation:
    found = {"title": name.title(), "waiver": waiver, "signoff": signoff, "role": role}
    return check(status, f"pre-launch/{name}", evidence={key: value for key, value in found.items() if value})


PEOPLE = [
    contract(),
    load(),
    decided(Status.WAIVED, "audit", waiver=WAIVER),
    decided(Status.FAIL, "speed", waiver={**WAIVER, "state": "void", "why": "it expired"}),
    decided(Status.PASS, "links", waiver={**WAIVER, "state": "stale", "why": "the item passes"}),
    decided(Status.PASS, "interviews", signoff=SIGNOFF),
    decided(Status.FAIL, "launch mail", signoff={**SIGNOFF, "refused": "it flickers"}),
    decided(Status.PENDING, "pager", role="on-call"),
    decided(Status.PENDING, "rota", role="on-call"),
    decided(Status.PENDING, "nobody"),
]


def section(page: Element) -> str:
    return page.text.partition("Waivers and sign-offs")[2].partition("Phases and items")[0]


def test_they_are_read_from_the_evidence(tmp_path: Path) -> None:
    found = decisions_of(read_run(tmp_path / "run", PEOPLE))
    assert [(waiver.title, waiver.state) for waiver in found.waivers] == [
        ("Audit", "used"),
        ("Speed", "void"),
        ("Links", "stale"),
    ]
    assert [(signed.by, signed.refused) for signed in found.signed] == [("Ada", ""), ("Ada", "it flickers")]
    assert [(desk.role, len(desk.items)) for desk in found.awaited] == [("on-call", 2), ("nobody named", 1)]


def test_the_page_shows_who_what_and_until_when(tmp_path: Path) -> None:
    write_reports(write_run(tmp_path / "run", PEOPLE))
    page = parse((tmp_path / "run" / HTML).read_text(encoding="utf-8"))
    said = " ".join(section(page).split())
    for text in (
        "2030-07-01T00:00:00Z",
        "violations <= 3",
        "asked for by Kim, approved by Robin",
        "it expired",
        "on-call: Pager, Rota",
        "refused it flickers",
        "signed one wants dark mode",
        "2030-06-08T00:00:00Z",
    ):
        assert text in said
    links = [link.attributes["href"] for link in page.all("a") if link.text == "Audit"]
    assert links
    assert all(page.by_id(link.removeprefix("#")).classes == ["row"] for link in links)
    markdown = (tmp_path / "run" / MARKDOWN).read_text(encoding="utf-8")
    assert "awaited of `on-call`: `Pager`, `Rota`" in markdown
    assert "waiver **void**: `Speed`" in markdown


def test_a_run_without_people_has_no_such_section(tmp_path: Path) -> None:
    write_reports(write_run(tmp_path / "run", [contract(), load(), check()]))
    page = parse((tmp_path / "run" / HTML).read_text(encoding="utf-8"))
    assert "Waivers and sign-offs" not in page.text


def test_hostile_decisions_are_data(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\u202e" + "x" * 100_000
    waiver = {**dict.fromkeys(WAIVER, evil), "expires": ["not", "text"]}
    write_reports(write_run(tmp_path / "run", [decided(Status.WAIVED, "audit", waiver=waiver, role=evil)]))
    text = (tmp_path / "run" / HTML).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text
    assert len(text) < 100_000
    odd = decided(Status.PASS, "odd", waiver="a word", signoff=["a", "list"])
    assert decisions_of(read_run(tmp_path / "odd", [odd])).waivers == ()
