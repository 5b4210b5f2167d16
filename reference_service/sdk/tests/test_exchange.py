"""What is decided between two attempts, without a network or a clock."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from machpay import MachPayError, RequestTimeoutError, UnavailableError, calls
from machpay.exchange import Ask, Broken, Pause, Reply, converse
from machpay.exchange import Patience as RealPatience
from machpay.refusals import retry_after

UNAVAILABLE = Reply(503, {}, b"")
RESET = Broken("unreachable", "reset")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def patience(clock: Clock, retries: int = 3) -> RealPatience:
    return RealPatience(timeout=10, retries=retries, clock=clock, jitter=lambda: 1.0)


def test_pauses_double_and_stay_within_the_retries() -> None:
    talk = converse(calls.get_categories(), patience(Clock()), "id")
    next(talk)
    pauses = []
    for _ in range(3):
        pause = talk.send(RESET)
        assert isinstance(pause, Pause)
        pauses.append(pause.seconds)
        assert isinstance(next(talk), Ask)
    assert pauses == [0.2, 0.4, 0.8]
    with pytest.raises(UnavailableError, match="reset"):
        talk.send(RESET)


def test_each_attempt_has_what_is_left_of_the_time() -> None:
    clock = Clock()
    talk = converse(calls.get_categories(), patience(clock), "id")
    first = next(talk)
    clock.now += 4
    talk.send(UNAVAILABLE)
    clock.now += 1
    second = next(talk)
    assert isinstance(first, Ask)
    assert isinstance(second, Ask)
    assert (first.seconds, second.seconds) == (10, 5)


def test_no_pause_reaches_past_the_deadline() -> None:
    clock = Clock()
    talk = converse(calls.get_categories(), patience(clock), "id")
    next(talk)
    clock.now += 9.9
    with pytest.raises(UnavailableError):
        talk.send(UNAVAILABLE)


def test_a_time_out_is_final() -> None:
    talk = converse(calls.get_categories(), patience(Clock()), "id")
    next(talk)
    with pytest.raises(RequestTimeoutError):
        talk.send(Broken("timeout", ""))


def test_retry_after_replaces_the_pause() -> None:
    talk = converse(calls.get_categories(), patience(Clock()), "id")
    next(talk)
    assert talk.send(Reply(429, {"retry-after": "7"}, b"")) == Pause(7)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("12", 12), (" 3 ", 3), ("", None), ("-1", None), ("soon", None), ("²", None)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_as_a_date() -> None:
    moment = datetime.now(timezone.utc) + timedelta(hours=1)
    seconds = retry_after({"retry-after": format_datetime(moment, usegmt=True)})
    assert seconds is not None
    assert 3500 < seconds <= 3600
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


def test_the_error_shows_what_is_known() -> None:
    assert str(MachPayError("no", status=503, request_id="r")) == "no (status 503, request r)"
    assert str(MachPayError("no")) == "no"
