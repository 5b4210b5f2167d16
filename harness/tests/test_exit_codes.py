"""The public exit codes and how several combine."""

import pytest

from harness.exit_codes import ExitCode, gravest


def test_the_numbers_are_public() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "PASS": 0,
        "FAIL": 1,
        "USAGE": 2,
        "UNDECIDED": 3,
        "OPEN": 4,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    ("codes", "gravest_one"),
    [
        ((0, 0), ExitCode.PASS),
        ((0, 4), ExitCode.OPEN),
        ((4, 3), ExitCode.UNDECIDED),
        ((3, 2), ExitCode.USAGE),
        ((3, 1, 0), ExitCode.FAIL),
        ((2, 1), ExitCode.FAIL),
        ((1, 130), ExitCode.INTERRUPTED),
        ((0, -9), ExitCode.UNDECIDED),
        ((0, 139), ExitCode.UNDECIDED),
        ((), ExitCode.UNDECIDED),
    ],
)
def test_fail_beats_error_and_nothing_is_undecided(codes: tuple[int, ...], gravest_one: ExitCode) -> None:
    assert gravest(codes) is gravest_one
