"""Raises a diagnosis where an answer is not what the contract says."""

from collections.abc import Iterable, Sequence

from harness.contract.client import Response
from harness.contract.compare import Difference, differences, is_number, marked, shorten
from harness.contract.diagnosis import ContractBroken
from harness.evidence import Json
from harness.fixtures import shown
from harness.fixtures.dataset import Vendor
from harness.fixtures.model import Facets, Model, SearchAnswer, order_of
from harness.fixtures.search import Sort
from harness.fixtures.shown import ABSENT, Document, figures

_SHOWN_DIFFERENCES = 4


def require(holds: bool, message: str, response: Response, *, expected: str, observed: object) -> None:
    if not holds:
        raise ContractBroken(message, expected=expected, observed=str(observed), asked=response.curl)


def expect_status(response: Response, status: int, *, reason: str = "") -> None:
    if response.status != status:
        raise ContractBroken(
            f"the answer is HTTP {response.status}",
            expected=f"HTTP {status}",
            observed=response.brief(),
            asked=response.curl,
            reason=reason,
        )


def expect_json(response: Response) -> dict[str, Json]:
    """A successful answer's document. Raises where it is not 200, not declared as JSON or not an object."""
    expect_status(response, 200)
    return json_object(response)


def expect_field(response: Response, name: str) -> Json:
    """A field of a successful answer's document. Raises as above, and where it is not there."""
    document = expect_json(response)
    if name not in document:
        raise ContractBroken(
            f"the answer has no `{name}`",
            expected=f"an object with `{name}`",
            observed=response.brief(),
            asked=response.curl,
        )
    return document[name]


def json_object(response: Response) -> dict[str, Json]:
    kind = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ContractBroken(
            "the answer is not declared as JSON",
            expected="Content-Type: application/json",
            observed=f"Content-Type: {kind or 'none'}",
            asked=response.curl,
        )
    document = response.json()
    if not isinstance(document, dict):
        raise ContractBroken(
            "the answer is not an object",
            expected="an object",
            observed=response.brief(),
            asked=response.curl,
        )
    return document


def expect_document(response: Response, expected: Document, *, reason: str = "") -> None:
    """The answer holds all that is expected, and may hold more."""
    report(response, differences(expected, expect_json(response)), reason=reason)


def report(response: Response, found: Iterable[Difference], *, reason: str = "") -> None:
    """Raise one diagnosis for all differences, the first ones in full."""
    every = list(found)
    if not every:
        return
    first = every[:_SHOWN_DIFFERENCES]
    rest = f"; and {len(every) - len(first)} more" if len(every) > len(first) else ""
    raise ContractBroken(
        f"the answer differs in {len(every)} place{'s' * (len(every) > 1)}: {first[0]}",
        expected="; ".join(f"{d.path} = {d.expected}" for d in first) + rest,
        observed="; ".join(f"{d.path} = {d.observed}" for d in first) + rest,
        asked=response.curl,
        reason=reason,
    )


def expect_vendors(response: Response, expected: Sequence[Vendor], observed: Json, *, why: str = "") -> None:
    """The very vendors, in order, each as it should show. `why` explains the first one that is wrong."""
    seen = ids(response, observed)
    wanted = [vendor.id for vendor in expected]
    if seen != wanted:
        left, right = marked(wanted, seen)
        raise ContractBroken(
            "other vendors, or another order, than the contract says",
            expected=left,
            observed=right,
            asked=response.curl,
            reason=why,
        )
    found = [
        difference
        for place, (vendor, item) in enumerate(zip(expected, observed, strict=True))
        for difference in differences(shown.result(vendor), item, f"vendors[{place}]")
    ]
    report(response, found)


def expect_search(response: Response, answer: SearchAnswer, model: Model) -> None:
    """The whole answer to a search: who, in which order, how many, the facets, and each vendor."""
    document = expect_json(response)
    observed = document.get("vendors")
    seen = ids(response, observed)
    head = {"total": answer.total, "hasMore": answer.has_more, "categories": facet_documents(answer.facets)}
    wrong = list(differences(head, document))
    page = answer.page if answer.ordered else _as_scored(response, answer, observed)
    wanted = [vendor.id for vendor in page]
    if seen != wanted:
        left, right = marked(wanted, seen)
        others = "".join(f"; {difference}" for difference in wrong)
        raise ContractBroken(
            "other vendors, or another order, than the contract says",
            expected=f"vendors {left}",
            observed=f"vendors {right}{others}",
            asked=response.curl,
            reason=_why(wanted, seen, answer, model, _scores(observed)),
        )
    report(response, wrong)
    expect_vendors(response, page, observed)
    _expect_scores(response, answer, observed or [])


def ids(response: Response, observed: Json) -> list[Json]:
    """The ids of a list of vendors; raises where it is no such list."""
    if not isinstance(observed, list) or not all(isinstance(i, dict) and "id" in i for i in observed):
        raise ContractBroken(
            "`vendors` is not a list of vendors",
            expected="a list of objects with an id",
            observed=shorten(observed),
            asked=response.curl,
        )
    return [item["id"] for item in observed]


def facet_documents(facets: Facets) -> list[Json]:
    return [{"category": category, "count": count} for category, count in facets]


def _as_scored(response: Response, answer: SearchAnswer, observed: Json) -> list[Vendor]:
    """The page that the target's own scores ask for, over the vendors that it shows and may show."""
    by_id = {vendor.id: vendor for vendor in answer.matching}
    scored = [(_score(response, item), by_id[item["id"]]) for item in observed if item["id"] in by_id]
    distinct = dict.fromkeys(vendor.id for _, vendor in scored)
    if len(distinct) != len(answer.page) or len(distinct) != len(observed):
        # Too few, too many or twice: whichever are missing, the first that match will do to say so.
        missing = [v for v in answer.matching if v.id not in distinct]
        return [by_id[i] for i in distinct][: len(answer.page)] + missing[: len(answer.page) - len(distinct)]
    scored.sort(key=lambda pair: (-pair[0], -figures(pair[1]).rating, pair[1].id))
    return [vendor for _, vendor in scored]


def _score(response: Response, item: Json) -> float:
    score = item.get("relevanceScore")
    if not is_number(score):
        raise ContractBroken(
            "a result of a query has no relevance score",
            expected="relevanceScore: a number",
            observed=f"relevanceScore: {shorten(score)} on vendor {item.get('id')}",
            asked=response.curl,
        )
    return float(score)


def _expect_scores(response: Response, answer: SearchAnswer, observed: list[Json]) -> None:
    for place, item in enumerate(observed):
        if answer.request.query:
            _score(response, item)
        else:
            report(response, differences({"relevanceScore": ABSENT}, item, f"vendors[{place}]"))


def _scores(observed: Json) -> dict[Json, str]:
    return {item["id"]: f"score {item['relevanceScore']}, " for item in observed if "relevanceScore" in item}


def _why(
    wanted: list[int], seen: list[Json], answer: SearchAnswer, model: Model, scores: dict[Json, str]
) -> str:
    known = {vendor.id for vendor in answer.matching}
    for vendor_id in seen:
        if vendor_id not in known:
            return model.reason(vendor_id, answer.request)
    if len(set(map(str, seen))) != len(seen):
        return "a vendor is there twice"
    for left, right in zip(wanted, seen, strict=False):
        if left != right:
            by_id = {vendor.id: vendor for vendor in answer.matching}
            sort = answer.request.order
            first, second = (
                (scores.get(i, "") if sort is Sort.RELEVANCE else "") + order_of(by_id[i], sort)
                for i in (left, right)
            )
            return f"under {sort}, vendor {left} ({first}) goes before vendor {right} ({second})"
    if len(seen) < len(wanted):
        return f"vendor {wanted[len(seen)]} matches and belongs on this page"
    return f"the page holds at most {answer.request.page_size} vendors"
