"""Relations between searches of unknown data: more words, tags or categories; other spellings of the same."""

from itertools import pairwise
from urllib.parse import quote

import pytest

from harness.contract.client import Client, Response, Value
from harness.contract.errors import expect_error
from harness.contract.expect import expect_json, expect_status, require
from harness.contract.live.asking import PAGE, Filters, Item, counts, persistently, sample, search
from harness.contract.live.test_search import word_of
from harness.contract.paths import CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS

NONSENSE = "zqxjkvwy"
FEW = 3


def words_of(client: Client) -> list[str]:
    """Words of names, each found by itself."""
    return list(dict.fromkeys(filter(None, (word_of(vendor).lower() for vendor in sample(client)))))


def same_totals(client: Client, one: Filters, other: Filters, why: str) -> None:
    def check() -> None:
        expected = search(client, one, limit=1)[1]["total"]
        response, document = search(client, other, limit=1)
        total = document["total"]
        require(total == expected, why, response, expected=f"{expected} vendors", observed=total)

    persistently(check)


@pytest.mark.requirement("API-02")
def test_every_word_must_match(client: Client) -> None:
    words = words_of(client)[:FEW]
    for one, other in pairwise(words):

        def check(one: str = one, other: str = other) -> None:
            least = min(search(client, q=word, limit=1)[1]["total"] for word in (one, other))
            response, document = search(client, q=f"{one} {other}", limit=1)
            total = document["total"]
            require(
                total <= least,
                "a second word adds vendors",
                response,
                expected=f"≤ {least}",
                observed=total,
            )

        persistently(check)
    for word in words:
        response, document = search(client, q=f"{word} {NONSENSE}")
        none = document["total"] == 0
        require(
            none, "a word that nobody has is ignored", response, expected="none", observed=document["total"]
        )


@pytest.mark.requirement("API-02", "CHK-41")
@pytest.mark.parametrize("form", ["-{}", '"{}"', "({}", "{} | {}", "!{}", "{}:*", "the {}", "{} AND {}"])
def test_operators_are_plain_text(client: Client, form: str) -> None:
    for word in words_of(client)[:FEW]:
        same_totals(
            client, {"q": word}, {"q": form.format(word, word)}, "signs and stop words change the result"
        )


@pytest.mark.requirement("API-02", "CHK-41")
@pytest.mark.parametrize("form", ["{} | {}", "{} OR {}"])
def test_no_operator_means_or(client: Client, form: str) -> None:
    for word in words_of(client)[:1]:
        response, document = search(client, q=form.format(word, NONSENSE))
        none = document["total"] == 0
        require(
            none, "one of two words is enough", response, expected="0 vendors", observed=document["total"]
        )


@pytest.mark.requirement("API-06", "DOC-04")
def test_all_tags_must_match(client: Client) -> None:
    tagged = [v for v in sample(client) if len([tag for tag in v["tags"] if tag and "," not in tag]) > 1]
    for vendor in tagged[:FEW]:
        tags = [tag for tag in vendor["tags"] if tag and "," not in tag and tag == tag.strip()][:2]
        response, document = search(client, tags=",".join(tags), limit=PAGE)
        wrong = [v["id"] for v in document["vendors"] if not set(tags) <= set(v["tags"])]
        require(not wrong, "a tag is missing", response, expected=f"all of {tags}", observed=wrong)
        posted = expect_json(client.post(SEARCH, {"tags": tags, "limit": PAGE}))
        wrong = [v["id"] for v in posted["vendors"] if not set(tags) <= set(v["tags"])]
        require(not wrong, "a tag is missing", response, expected=f"all of {tags}", observed=wrong)


@pytest.mark.requirement("API-03", "DOC-04")
def test_any_of_several_categories_may_match(client: Client) -> None:
    def check() -> None:
        facets = [facet for facet in counts(search(client, limit=1)[1]["categories"]) if facet[0]][:FEW]
        names, expected = [name for name, _ in facets], sum(count for _, count in facets)
        response = client.post(SEARCH, {"categories": names, "limit": PAGE})
        document = expect_json(response)
        total = document["total"]
        require(total == expected, f"those of {names}", response, expected=str(expected), observed=total)
        wrong = [v["id"] for v in document["vendors"] if v["category"] not in names]
        require(not wrong, "another category", response, expected=str(names), observed=wrong)

    persistently(check)


@pytest.mark.requirement("API-01", "API-06")
@pytest.mark.parametrize(
    "params",
    [
        {"verified": False},
        {"q": "", "category": "", "tags": ""},
        {"nonsense": "1", "LIMIT": "0", "minRating": "5"},
        {"min_rating": 0, "min_uptime": 0},
    ],
    ids=str,
)
def test_what_filters_nothing(client: Client, params: Filters) -> None:
    same_totals(client, {}, params, "something was filtered")


@pytest.mark.requirement("API-08", "API-09", "API-10")
def test_what_names_a_vendor(client: Client) -> None:
    """Leading zeros of an id do not count; the case of a slug does."""
    for item in sample(client)[:FEW]:
        padded = expect_json(client.get(f"{VENDORS}/000{item['id']}"))
        assert padded["id"] == item["id"], f"000{item['id']} is another vendor"
        slug = item["slug"].upper()
        if slug not in (item["slug"], "FEATURED"):
            response = client.get(f"{VENDORS}/{quote(slug, safe='')}")
            if response.status != 200 or expect_json(response)["slug"] != slug:
                expect_error(response, "not_found", reason=f"the slug is {item['slug']!r}")


@pytest.mark.requirement("API-08")
def test_details_show_the_figures_of_the_search(client: Client) -> None:
    fields = ("uptimePct", "avgLatencyMs", "ratingScore", "totalRequests", "successRate", "uniqueAgents")

    def check() -> None:
        for item in sample(client)[:FEW]:
            response = client.get(f"{VENDORS}/{item['id']}")
            details = expect_json(response)
            for field in fields:
                for shown in (details[field], details["metrics"][field]):
                    near = abs(shown - item[field]) <= (0.5 if field == "avgLatencyMs" else 1e-6)
                    require(near, f"another {field}", response, expected=item[field], observed=shown)

    persistently(check)


@pytest.mark.requirement("API-07", "API-13")
def test_whoever_is_listed_is_there(client: Client) -> None:
    """An inactive vendor in a list would answer as if it did not exist."""
    featured: list[Item] = expect_json(client.get(FEATURED, {"limit": 20}))["vendors"]
    quick: list[Item] = []
    for word in words_of(client)[:FEW]:
        quick += expect_json(client.get(QUICK_SEARCH, {"q": word[:4]}))["results"][:FEW]
    for item in featured[: 2 * FEW] + quick:
        response = client.get(f"{VENDORS}/{item['id']}")
        expect_status(response, 200, reason="it is listed")
        details = expect_json(response)
        same = (details["slug"], details["serviceName"]) == (item["slug"], item["serviceName"])
        require(same, "the list says another thing", response, expected=str(details), observed=item)


def quickly(client: Client, prefix: str, limit: int | None) -> tuple[Response, list[int]]:
    params: dict[str, Value] = {"q": prefix}
    response = client.get(QUICK_SEARCH, params | ({"limit": limit} if limit else {}))
    return response, [result["id"] for result in expect_json(response)["results"]]


@pytest.mark.requirement("API-13")
def test_quick_search_keeps_its_limit(client: Client) -> None:
    for word in words_of(client)[:FEW]:

        def check(prefix: str = word[:2]) -> None:
            most = quickly(client, prefix, 10)[1]
            for limit in (None, 1, 3):
                response, found = quickly(client, prefix, limit)
                first = most[: limit or 5]
                require(found == first, "limit is not kept", response, expected=str(first), observed=found)

        persistently(check)


@pytest.mark.requirement("DOC-04", "DOC-05")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_read(client: Client, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    expect_error(client.request("POST", SEARCH, body=b"{}", headers=headers), "unsupported_media_type")


@pytest.mark.requirement("API-01", "API-12")
def test_asking_again_changes_nothing(client: Client) -> None:
    """Whatever is cached is the same answer."""
    for path in (VENDORS, f"{VENDORS}?q=data&limit=3", FEATURED, CATEGORIES):

        def check(path: str = path) -> None:
            first, response = expect_json(client.get(path)), client.get(path)
            again = expect_json(response)
            require(first == again, "another answer", response, expected=str(first)[:300], observed=again)

        persistently(check)
