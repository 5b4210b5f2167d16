"""Observed text is bounded and cannot act."""

import pytest

from reports.text import anchor, duration, line, plural, pretty, shown


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\u202eevil", "⟨U+202E⟩evil"),
        ("bell\x07", "bell⟨U+0007⟩"),
        ("\ud800 lone", "⟨U+D800⟩ lone"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("iso\u2066late", "iso⟨U+2066⟩late"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("العربية", "العربية"),
    ],
)
def test_acting_characters_become_visible(text: str, visible: str) -> None:
    assert shown(text, 100) == visible


def test_long_text_is_cut_with_a_note() -> None:
    assert shown("x" * 2_000_000, 10) == "x" * 10 + "… [cut; 2,000,000 characters in all]"


def test_a_flood_of_control_characters_stays_bounded() -> None:
    assert len(shown("\x00" * 1_000_000, 100)) < 300


def test_a_line_is_one_line() -> None:
    assert line("a\n\n b\t c", 50) == "a b c"


def test_pretty_json_is_bounded_in_bytes() -> None:
    text = pretty({"body": "€" * 100_000}, 500)
    assert len(text.encode()) < 600
    assert "cut" in text


def test_pretty_json_keeps_what_is_short() -> None:
    assert pretty({"a": [1, "ü"]}, 500) == '{\n "a": [\n  1,\n  "ü"\n ]\n}'


def test_anchors_are_stable_unique_and_plain() -> None:
    assert anchor("load", "search/p95") == "p95-d9efa41bc3"
    assert anchor("checklist", "pre-launch/rate-limiting-active").startswith("rate-limiting-active-")
    assert anchor("checklist", "///")[:3] == "id-"
    assert anchor("a", "b c") != anchor("a", "b-c")
    hostile = anchor('x"><script>', "\ud800")
    assert hostile.replace("-", "").isalnum()
    assert hostile.isascii()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.123, "0.12 s"), (42.4, "42 s"), (125, "2 min 5 s"), (7261, "2 h 1 min")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_plurals() -> None:
    assert [plural(1, "item"), plural(1200, "item"), plural(2, "query", "queries")] == [
        "1 item",
        "1,200 items",
        "2 queries",
    ]
