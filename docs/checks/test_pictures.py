"""The guide's pictures show the console as it is."""

from reference_service.commands.console_builder import sources_digest

from .markdown import ROOT


def test_the_consoles_pictures_are_of_its_sources() -> None:
    taken_of = (ROOT / "docs/images/console.sources").read_text(encoding="utf-8").strip()
    now = sources_digest(ROOT / "reference_service/console")
    assert taken_of == now, "the console changed: take its pictures anew, as docs/console.md says"
