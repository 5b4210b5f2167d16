"""Progress: plain lines for machines, the same words for people."""

import io

import pytest

from harness.progress import Progress


def test_plain_lines_where_that_is_no_terminal() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    with progress.phase("load [search]"):
        progress.line("half way [50 %]")
    lines = stream.getvalue().splitlines()
    assert lines[:2] == ["load [search] …", "half way [50 %]"]
    assert lines[2].startswith("✓ load [search] (0.")
    assert [name for name, _ in progress.phases] == ["load [search]"]
    assert "\x1b" not in stream.getvalue()


def test_a_phase_that_fails_says_so_and_does_not_count() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    with pytest.raises(KeyboardInterrupt), progress.phase("load"):
        raise KeyboardInterrupt
    assert "✗ load (broken off after 0.0 s)" in stream.getvalue()
    assert progress.phases == ()
