"""Requests drawn from a document, against a target that keeps to it and one that does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.contract.diagnosis import Traffic
from harness.contract.generated.told import Document, Finding, Order
from harness.contract.generated.trial import OUR_DOCUMENT, OURS, Trial, gist, its_own
from harness.contract.tests.answers import response
from harness.contract.tests.test_plugin import judge
from harness.contract.tests.toy import toy
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import read_target
from harness.tests.second_target.process import second_target

DRAWN = "live/test_drawn.py"


@pytest.fixture
def second(tmp_path: Path) -> Iterator[str]:
    with second_target(tmp_path) as profile:
        yield read_target(profile).base_url


def trial(folder: Path, base_url: str, *, identity: str = "source_address", document: str = "") -> Trial:
    order = Order(
        base_url=base_url,
        seed=1,
        identity=identity,
        per_client=95,
        seconds=60,
        documents=(Document(OURS, document or str(OUR_DOCUMENT), 2),),
    )
    return Trial(order, folder, Traffic(), ask=lambda: None)


def test_a_target_that_refuses_nothing_is_told_where(tmp_path: Path) -> None:
    """The toy answers good requests only; what stands beside or above its profile changes nothing."""
    (tmp_path / "schemathesis.toml").write_text("[checks]\nenabled = false\n[phases]\nenabled = false\n")
    with toy(tmp_path / "toy") as profile, pytest.MonkeyPatch.context() as environment:
        environment.chdir(tmp_path)
        environment.setenv("SCHEMATHESIS_HOOKS", "no_such_module")
        outcome = judge(tmp_path, profile, "--level=live", tests=(DRAWN,))
    assert outcome.code == 1
    statuses = outcome.statuses()
    assert statuses["live/drawn/test_every_answer_is_as_documented[GET /vendors]"] is Status.FAIL
    assert statuses["live/drawn/test_every_answer_is_as_documented[GET /categories]"] is Status.PASS
    assert (
        statuses["live/drawn/test_every_answer_is_as_documented[other]"] is Status.FAIL
    )  # DELETE and the like
    told = next(found for found in outcome.found if "[GET /vendors]" in found.id)
    assert told.evidence["curl"].startswith("curl ")
    assert "drawn requests" in str(told.evidence["wrong"])


def test_the_same_seed_draws_the_same(tmp_path: Path, second: str) -> None:
    trials = [trial(tmp_path / str(number), second) for number in (1, 2)]
    for one in trials:
        one.start()
    summaries = [one.wait() for one in trials]
    assert summaries[0].answers == summaries[1].answers
    assert not summaries[0].errors
    assert [one.found for one in trials] == [[], []]
    assert trials[0].traffic.limited == 0
    assert trials[0].traffic.succeeded["GET /vendors"] > 0
    for one in trials:
        one.stop()


def test_one_client_alone_asks_before_each_request(tmp_path: Path, second: str) -> None:
    asked: list[int] = []
    single = trial(tmp_path / "single", second, identity="single")
    single.ask = lambda: asked.append(1)
    single.start()
    single.wait()
    single.stop()
    assert len(asked) == single.traffic.total


def test_a_document_that_is_none_is_not_the_targets_fault(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("openapi: [")
    one = trial(tmp_path / "broken", "http://127.0.0.1:1", document=str(broken))
    one.start()
    with pytest.raises(CouldNotDecideError, match="could not be drawn"):
        one.wait()


@pytest.mark.parametrize(
    ("document", "is_one"),
    [
        ({"openapi": "3.1.0", "paths": {"/v1/marketplace/vendors": {}}}, True),
        ({"openapi": "3.0.3", "servers": [{"url": "/v1/marketplace"}], "paths": {"/vendors": {}}}, True),
        ({"openapi": "3.1.0", "paths": {"/other": {}}}, False),
        ({"swagger": "2.0", "paths": {"/v1/marketplace/vendors": {}}}, False),
        ({"openapi": "3.1.0", "servers": {}, "paths": []}, False),
        ([], False),
    ],
)
def test_which_document_is_the_targets_own(document: object, is_one: bool) -> None:
    class Serving:
        def get(self, _: str) -> object:
            return response(document)

    assert (its_own(Serving()) is not None) is is_one  # type: ignore[arg-type]  # as much of a client as it needs


def test_a_diagnosis_shows_the_smallest_request() -> None:
    found = [Finding(OURS, "GET /vendors", "a", "wrong", 200, "{}", curl) for curl in ("curl long", "curl x")]
    broken = gist(found)
    assert broken.asked == "curl x"
    assert broken.evidence["wrong"] == "2 drawn requests"
