"""The figures of `launchkit bench console`: each beside what it should be."""

from dataclasses import replace

import pytest

from harness.commands.bench_console import bench_of, console_table, figures_of
from harness.commands.console_speed import Speed, frames_a_second
from harness.errors import CouldNotDecideError

GOOD = Speed(
    bundle_kb=110,
    first_results=2,
    longest_block=50,
    frames_a_second=55,
    still_frames_a_second=60,
    cards=60,
    loaded=9_607,
)


def test_what_is_just_within_its_bounds_holds() -> None:
    assert all(figure.held for figure in figures_of(GOOD))


@pytest.mark.parametrize(
    ("name", "speed"),
    [
        ("bundle, gzipped", replace(GOOD, bundle_kb=110.1)),
        ("first results", replace(GOOD, first_results=2.1)),
        ("longest block while typing", replace(GOOD, longest_block=51)),
        ("scrolling, all loaded", replace(GOOD, frames_a_second=54.9)),
        ("cards in the document", replace(GOOD, cards=61)),
    ],
)
def test_each_figure_has_a_bound(name: str, speed: Speed) -> None:
    assert [figure.name for figure in figures_of(speed) if not figure.held] == [name]


def test_the_table_tells_what_did_not_hold() -> None:
    lines = console_table(bench_of(replace(GOOD, frames_a_second=17))).splitlines()
    assert lines[0] == "9607 vendors, on a processor 4 times slowed down"
    assert [line.split()[0] for line in lines if line.endswith("NOT HELD")] == ["scrolling,"]
    assert "≥ 55 frames/s" in lines[4]
    assert lines[-1] == "a still page of such cards scrolls at 60.00 frames/s there"


def test_only_frames_while_it_moves_are_counted() -> None:
    idle = [float(at) for at in range(0, 1000, 10)]
    moving = [1000.0, 1020.0, 1100.0, 1120.0]
    assert frames_a_second([*idle, *moving, *idle], moved=[1000.0, 1100.0, 1200.0]) == pytest.approx(20)


def test_a_page_that_does_not_scroll_has_no_speed() -> None:
    with pytest.raises(CouldNotDecideError, match="did not scroll"):
        frames_a_second([1.0, 2.0, 3.0], moved=[2.0])
