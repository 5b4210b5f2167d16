"""Validators: an answer that has not changed is not sent again."""

import re
from urllib.parse import quote

import pytest

from harness.contract.client import Client, Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.paths import CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS

pytestmark = [pytest.mark.capability("conditional_requests"), pytest.mark.requirement("PRF-01")]

CACHEABLE = (VENDORS, f"{VENDORS}?sort=popular&limit=3", FEATURED, CATEGORIES)
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')

each = pytest.mark.parametrize("path", CACHEABLE, ids=["vendors", "search", "featured", "categories"])


def _tag(answer: Response) -> str:
    """Raises ContractBroken where the answer has no right ETag."""
    tag = answer.headers.get("ETag")
    if answer.status != 200 or not _ETAG.fullmatch(str(tag)):
        raise ContractBroken(
            "a cacheable answer has no right ETag",
            expected='HTTP 200 with ETag "…"',
            observed=f"HTTP {answer.status} with {tag!r}",
            asked=answer.curl,
        )
    return str(tag)


def _revalidate(client: Client, path: str, tags: str) -> Response:
    return client.get(path, headers={"If-None-Match": tags})


@each
def test_a_cacheable_answer_has_a_validator_and_a_lifetime(client: Client, path: str) -> None:
    answer = client.get(path)
    _tag(answer)
    assert answer.headers.get("Cache-Control"), f"no Cache-Control on {path}"


@each
def test_the_same_answer_has_the_same_validator(client: Client, path: str) -> None:
    first, second = client.get(path), client.get(path)
    if first.body == second.body:
        assert _tag(first) == _tag(second)


@each
@pytest.mark.parametrize(
    "form", ["{tag}", '"other", {tag}', "W/{bare}", "*"], ids=["tag", "list", "weak", "any"]
)
def test_an_unchanged_answer_is_304_without_a_body(client: Client, path: str, form: str) -> None:
    tag = _tag(client.get(path))
    answer = _revalidate(client, path, form.format(tag=tag, bare=tag.removeprefix("W/")))
    if answer.status != 304 or answer.body:
        raise ContractBroken(
            f"If-None-Match as {form} was not answered by 304",
            expected="HTTP 304 without a body",
            observed=answer.brief(),
            asked=answer.curl,
            reason="If-None-Match compares weakly, over a list of tags, and * matches whatever is there",
        )
    assert answer.headers.get("ETag") == tag, "a 304 carries the ETag of the answer that it stands for"


@each
def test_another_validator_gets_the_whole_answer(client: Client, path: str) -> None:
    answer = _revalidate(client, path, '"surely-another-one"')
    assert answer.status == 200
    assert answer.body


def test_different_answers_have_different_validators(client: Client) -> None:
    one, two = (client.get(VENDORS, {"limit": limit, "sort": "rating"}) for limit in (1, 2))
    if one.json()["vendors"] != two.json()["vendors"]:
        assert _tag(one) != _tag(two)


def test_an_error_is_never_304(client: Client) -> None:
    answer = _revalidate(client, f"{VENDORS}?limit=0", "*")
    assert answer.status == 400


def test_a_search_by_post_is_never_304(client: Client) -> None:
    """304 answers a GET: what a caller of POST has kept is no answer to it."""
    tags = {answer.headers.get("ETag") for answer in (client.get(VENDORS), client.post(SEARCH, {}))}
    for tag in sorted(str(tag) for tag in tags if tag is not None):
        answer = client.post(SEARCH, {}, headers={"If-None-Match": tag})
        if answer.status == 304:
            raise ContractBroken(
                "POST /search was answered by 304",
                expected="not HTTP 304",
                observed=answer.brief(),
                asked=answer.curl,
                reason="only a GET or a HEAD asks whether what was kept is still so",
            )


def test_other_answers_honour_their_validator_where_they_have_one(client: Client) -> None:
    vendor = client.get(VENDORS, {"limit": 1}).json()["vendors"][0]
    prefix = vendor["serviceName"].split()[0].ljust(2, "a")[:20]
    details, quick = f"{VENDORS}/{vendor['id']}", f"{QUICK_SEARCH}?q={quote(prefix)}"
    for path in (details, f"{details}/health", quick):
        answer = client.get(path)
        assert answer.status == 200, f"{path} answered HTTP {answer.status}"
        tag = answer.headers.get("ETag")
        if tag is not None:
            assert _revalidate(client, path, str(tag)).status == 304, f"{path} ignores its own ETag"
