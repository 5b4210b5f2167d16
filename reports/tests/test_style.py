"""The style sheet: contrast of WCAG 2.2 AA in both themes, every class of the templates defined."""

import re

import pytest

from reports.render import TEMPLATES

STYLE = (TEMPLATES / "style.css").read_text(encoding="utf-8")
TONES = ("good", "bad", "warn", "unsure", "open", "rehearsed", "muted")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))


LIGHT = tokens(STYLE.partition("@media")[0])
DARK = {**LIGHT, **tokens(STYLE.partition("@media (prefers-color-scheme: dark)")[2].partition("\n}")[0])}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [
    *((text, ground) for text in ("ink", "dim", "link", *TONES) for ground in ("bg", "panel", "sunk")),
    *((tone, f"{tone}-bg") for tone in TONES),
    *(("ink", f"{tone}-bg") for tone in TONES),
    *((line, "bg") for line in ("c1", "c2", "c3", "c4", "c5")),
]


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


def test_the_themes_differ() -> None:
    assert set(tokens(STYLE.partition("prefers-color-scheme: dark")[2])) == set(LIGHT)
    assert DARK["bg"] != LIGHT["bg"]


def test_every_class_of_the_templates_is_in_the_style_sheet() -> None:
    used: set[str] = set()
    for template in TEMPLATES.glob("*.jinja"):
        text = re.sub(r"\{[{%].*?[}%]\}", " ", template.read_text(encoding="utf-8"))
        for names in re.findall(r'class="([^"]*)"', text):
            used |= set(names.split())
    defined = set(re.findall(r"\.([a-z][a-z0-9-]*)", STYLE))
    assert used - defined == set()


def test_nothing_is_fetched() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert "</" not in STYLE
