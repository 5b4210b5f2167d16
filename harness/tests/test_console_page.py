"""Descriptions of consoles: read whole, with every mistake pointed at."""

from pathlib import Path

import pytest

from harness.console_page import OURS, Control, read_console_page
from harness.errors import DocumentError

TEXT = OURS.read_text(encoding="utf-8")


def test_the_references_own_can_be_read() -> None:
    page = read_console_page(OURS)
    assert page.retry == Control("button", "Retry")
    assert {each.parameter for each in page.filters} == {
        "q", "category", "min_uptime", "min_rating", "max_latency", "tags", "verified", "sort",
    }  # fmt: skip
    assert all(each.choices for each in page.filters)


@pytest.mark.parametrize(
    ("text", "by", "told", "hint"),
    [
        ("retry: ", "again: ", "unknown key 'again'", "known: "),
        ("role: article", "role: artikel", "'artikel' is no role of a control", "did you mean 'article'?"),
        ("{role: article}", "{name: article}", "'role' is missing", ""),
        ("/vendors?$/", "/vendors?(/", "is not a pattern", ""),
        ('{"{tag}": "{tag}"}', '{"{tags}": "{tag}"}', "{tags} is not known", "did you mean 'tag'?"),
        ("choices: {checked: \"true\"}", "choices: {}", "has no choice", ""),
        ("parameter: tags, ", "", "'parameter' is missing", ""),
        ("{role: alert}", "alert", "must be a mapping of keys", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at(text: str, by: str, told: str, hint: str, tmp_path: Path) -> None:
    assert text in TEXT
    path = tmp_path / "console.yaml"
    path.write_text(TEXT.replace(text, by, 1), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_console_page(path)
    assert told in str(caught.value)
    assert caught.value.hint.startswith(hint)
    line = TEXT[: TEXT.index(text)].count("\n") + 1
    assert f"console.yaml:{line}:" in str(caught.value) or "missing" in told
