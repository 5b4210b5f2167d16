"""A target that knows the suite as one client only: its limiter is judged at the very end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.contract.tests.test_plugin import Outcome, judge
from harness.evidence import Status
from harness.tests.second_target.process import second_target

WINDOW = 5  # seconds
LIMITER = "operations/rate_limit"
ONE_MORE = f"{LIMITER}/test_one_request_more_is_refused"
TESTS = ("operations/test_rate_limit.py", "operations/test_cors.py")


@contextmanager
def single(folder: Path, *, allowed: int, declared: int) -> Iterator[Path]:
    """A target that serves `allowed` requests in a window, to whoever asks as one client."""
    options = ("--rate-limit", str(allowed), "--rate-window", str(WINDOW))
    with second_target(folder, *options) as profile:
        told = json.loads(profile.read_text("utf-8")) | {
            "client_identity": "single",
            "capabilities": ["cors", "rate_limit"],
            "rate_limit": {"requests": declared, "per_seconds": WINDOW},
        }
        profile.write_text(json.dumps(told), "utf-8")
        yield profile


def judged(folder: Path, *, allowed: int, declared: int) -> Outcome:
    with single(folder, allowed=allowed, declared=declared) as profile:
        return judge(folder, profile, "--level=operations", tests=TESTS)


def test_the_allowance_is_used_up_once_and_last(tmp_path: Path) -> None:
    outcome = judged(tmp_path, allowed=60, declared=60)
    assert outcome.code == 0, outcome.said
    statuses = outcome.statuses()
    assert statuses[ONE_MORE] is Status.PASS
    assert statuses[f"{LIMITER}/test_no_window_holds_more_than_the_limit"] is Status.PASS
    assert statuses[f"{LIMITER}/test_another_client_is_served"] is Status.NOT_APPLICABLE
    order = list(statuses)
    assert order.index(ONE_MORE) > max(order.index(name) for name in order if "/cors/" in name)


def test_a_limit_that_is_not_kept_is_seen(tmp_path: Path) -> None:
    outcome = judged(tmp_path, allowed=90, declared=60)
    assert outcome.code == 1
    assert outcome.statuses()[ONE_MORE] is Status.FAIL
