"""Requests drawn from a document, against a target that keeps to it and one that does not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.contract.diagnosis import Traffic
from harness.contract.generated.judging import gist, grave, judge, must_be_drawn
from harness.contract.generated.told import Document, Finding, Order
from harness.contract.generated.trial import ITS_OWN, OTHER_METHODS, OUR_DOCUMENT, OURS, Trial, its_own
from harness.contract.paths import BASE, CATEGORIES, FEATURED, OPERATIONS
from harness.contract.tests.answers import response
from harness.contract.tests.test_plugin import judge as suite_on
from harness.contract.tests.toy import Document as Answer
from harness.contract.tests.toy import toy
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.fixtures.build import build_dataset
from harness.fixtures.dataset import encode_dataset
from harness.target import read_target
from harness.tests.second_target.process import second_target

DRAWN = "live/test_drawn.py"


@pytest.fixture
def second(tmp_path: Path) -> Iterator[str]:
    with second_target(tmp_path) as profile:
        yield read_target(profile).base_url


def trial(
    folder: Path,
    base_url: str,
    *,
    identity: str = "source_address",
    document: str = "",
    other: tuple[str, ...] = OTHER_METHODS,
    seconds: float = 60,
) -> Trial:
    order = Order(
        base_url=base_url,
        seed=1,
        identity=identity,
        per_client=95,
        seconds=seconds,
        documents=(Document(OURS, document or str(OUR_DOCUMENT), 2, other),),
    )
    return Trial(order, folder, Traffic(), ask=lambda: None)


def test_a_target_that_refuses_nothing_is_told_where(tmp_path: Path) -> None:
    """The toy answers good requests only; what stands beside or above its profile changes nothing."""
    (tmp_path / "schemathesis.toml").write_text("[checks]\nenabled = false\n[phases]\nenabled = false\n")
    with toy(tmp_path / "toy") as profile, pytest.MonkeyPatch.context() as environment:
        environment.chdir(tmp_path)
        environment.setenv("SCHEMATHESIS_HOOKS", "no_such_module")
        outcome = suite_on(tmp_path, profile, "--level=live", tests=(DRAWN,))
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


def test_what_was_cut_short_decides_nothing(tmp_path: Path, second: str) -> None:
    one = trial(tmp_path / "short", second, seconds=0)
    one.start()
    summary = one.wait()
    one.stop()
    assert summary.cut_short == (OURS,)
    with pytest.raises(CouldNotDecideError, match="cut short"):
        judge([], summary, OURS)
    unasked = [name for name in OPERATIONS if not summary.answers.get(OURS, {}).get(name)]
    assert unasked
    for name in unasked:
        with pytest.raises(CouldNotDecideError, match="no request of"):
            must_be_drawn(summary, OURS, name)


def test_an_operation_that_hangs_up_is_told(tmp_path: Path) -> None:
    """Nothing comes back, so there is no answer to compare with a document."""

    def hang_up(path: str, document: Answer) -> tuple[int, Any] | None:
        if path == CATEGORIES:
            raise ConnectionAbortedError
        return None

    with toy(tmp_path / "toy", hang_up) as profile:
        one = trial(tmp_path / "drawn", read_target(profile).base_url)
        one.start()
        one.wait()
        one.stop()
    assert "no_answer" in {found.check for found in one.of(OURS, "GET /categories")}


def test_a_5xx_or_no_answer_is_grave_whatever_document_it_was_drawn_from() -> None:
    def found(operation: str, status: int | None) -> Finding:
        return Finding(ITS_OWN, operation, "a", "wrong", status)

    assert grave(found("GET /vendors", 500))
    assert grave(found("POST /search", None))
    assert not grave(found("GET /vendors", 400))
    assert not grave(found("other", 500)), "no operation of the contract"


def own_document(folder: Path, paths: Answer) -> str:
    """The path of a document that a target might serve."""
    file = folder / "own.json"
    told = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": BASE}]}
    file.write_text(json.dumps({**told, "paths": paths}))
    return str(file)


def test_a_target_breaks_by_its_own_document(tmp_path: Path) -> None:
    """What the contract's document does not name, its own may: asked for that, it answers 500."""

    def broken(path: str, document: Answer) -> tuple[int, Any] | None:
        return (500, {"error": "internal_error", "message": "odd"}) if path == FEATURED else None

    odd = {"name": "odd", "in": "query", "required": True, "schema": {"type": "string"}}
    get = {"parameters": [odd], "responses": {"default": {"description": "whatever"}}}
    document = own_document(tmp_path, {"/vendors/featured": {"get": get}})
    with toy(tmp_path / "toy", broken) as profile:
        one = trial(tmp_path / "drawn", read_target(profile).base_url, document=document)
        one.start()
        one.wait()
        one.stop()
    assert any(grave(found) for found in one.found)


def test_of_its_own_document_only_what_reads_is_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    def note(path: str, document: Answer) -> None:
        asked.append(path)

    links = {"gone": {"operationId": "purge", "parameters": {"id": "1"}}}
    answers = {"200": {"description": "yes", "links": links}, "default": {"description": "no"}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    gone = {"default": {"description": "gone"}}
    paths = {
        "/categories": {"get": {"responses": answers}},
        "/purge": {"post": {"responses": gone}},
        "/purge/{id}": {"post": {"operationId": "purge", "parameters": [number], "responses": gone}},
    }
    with toy(tmp_path / "toy", note) as profile:
        document = own_document(tmp_path, paths)
        one = trial(tmp_path / "drawn", read_target(profile).base_url, document=document, other=())
        one.start()
        one.wait()
        one.stop()
    assert CATEGORIES in asked
    assert not [path for path in asked if "purge" in path]


def test_a_target_that_may_only_be_read_is_only_read(tmp_path: Path) -> None:
    with toy(tmp_path / "toy") as profile:
        text = profile.read_text().replace("127.0.0.1", "127.1")  # loopback in disguise
        more = "rate_limit: {requests: 10000, per_seconds: 1}\n"
        profile.write_text(text.partition("fixtures")[0] + more)
        (tmp_path / "toy" / "data.json").write_bytes(encode_dataset(build_dataset(1, datetime.now(UTC))))
        outcome = suite_on(
            tmp_path,
            profile,
            "--level=live",
            "-k",
            "other or another_method",
            tests=(DRAWN, "live/test_errors.py"),
        )
    statuses = outcome.statuses()
    drawn = "live/drawn/test_every_answer_is_as_documented[other]"
    deleting = f"live/errors/test_another_method_is_not_allowed[DELETE-{CATEGORIES}]"
    assert (statuses[drawn], statuses[deleting]) == (Status.NOT_APPLICABLE, Status.NOT_APPLICABLE)
    assert "only read" in next(found.message for found in outcome.found if found.id == deleting)


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
