"""What `launchkit bench` exits with."""

import pytest

from harness.commands.bench import exit_code_of
from harness.exit_codes import ExitCode


@pytest.mark.parametrize(
    ("kept", "code"),
    [
        ([True, True], ExitCode.PASS),
        ([True, False, None], ExitCode.FAIL),
        ([True, None], ExitCode.UNDECIDED),
        ([], ExitCode.UNDECIDED),
    ],
)
def test_a_figure_that_is_not_kept_fails_and_one_that_is_not_known_leaves_it_open(
    kept: list[bool | None], code: ExitCode
) -> None:
    assert exit_code_of(kept) is code
