"""Draws requests over the whole parameter space, near enough to the data that they find something."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.fixtures.dataset import Vendor
from harness.fixtures.model import Model
from harness.fixtures.oddities import ODD_TAGS
from harness.fixtures.search import Search, Sort
from harness.fixtures.shown import figures
from harness.fixtures.vocabulary import ABSENT, FAMILIES, STEMS, words

MAX_CATEGORIES = 3
_FILLERS = ("the", "of", "and", "with your", "to")
# Plain text, whatever they mean in somebody's query language. Not < / . @ & _: how those split is not asked.
_SIGNS = ('"', "'", "(", "!", "*", "%", "-", "|", ":", ",", "?", "\\", "[", "$", "#")
_ABSENT_TAG, _ABSENT_CATEGORY, _HIDDEN_CATEGORY = "no-such-tag", "nowhere", "hidden"
_T = TypeVar("_T")


def searches(model: Model, *, categories: int = 1) -> SearchStrategy[Search]:
    """Searches as `GET /vendors` takes them; with more `categories`, as only `POST /search` does."""

    @st.composite
    def draw_search(draw: DrawFn) -> Search:
        near = draw(st.sampled_from(model.visible))  # most filters let at least this one through

        def maybe(strategy: SearchStrategy[_T], otherwise: _T, chance: int = 3) -> _T:
            return draw(strategy) if draw(st.integers(0, chance - 1)) == chance - 1 else otherwise

        its = figures(near)
        return Search(
            query=maybe(queries(near), None, 2),
            categories=maybe(_categories(near, model, categories), ()),
            tags=maybe(_tags(near), ()),
            sort=maybe(st.sampled_from(Sort), None, 2),
            min_uptime=maybe(_around(its.uptime, 100), None),
            min_rating=maybe(_around(its.rating, 5), None),
            max_latency=maybe(_latencies(its.latency), None),
            verified=maybe(st.booleans(), None),
            limit=maybe(limits(), None, 2),
            offset=maybe(offsets(), None, 2),
        )

    return draw_search()


def queries(near: Vendor) -> SearchStrategy[str]:
    """One to three words, mostly the vendor's own, in any form, case and dress."""
    text = " ".join((near.service_name, near.description, near.category, *near.tags))
    own = [family for family in FAMILIES if set(family) & set(words(text))]
    word = st.one_of(
        *[st.sampled_from(family) for family in own],
        st.sampled_from(sorted(STEMS)),
        st.sampled_from(ABSENT),
    )
    return st.lists(word.flatmap(_dressed), min_size=1, max_size=3).map(" ".join)


def limits(maximum: int = 100) -> SearchStrategy[int]:
    edges = [limit for limit in (1, 2, 19, 20, 21, maximum - 1, maximum) if 1 <= limit <= maximum]
    return st.one_of(st.sampled_from(edges), st.integers(1, maximum))


def offsets() -> SearchStrategy[int]:
    return st.one_of(st.integers(0, 170), st.sampled_from((0, 1, 20, 100, 10**6, 2**31, 2**63, 10**30)))


def prefixes(model: Model) -> SearchStrategy[str]:
    """Starts of words, middles of words, and pieces across words, of names that are there, in any case."""

    @st.composite
    def draw_prefix(draw: DrawFn) -> str:
        name = draw(st.sampled_from(sorted({vendor.service_name for vendor in model.dataset.vendors})))
        start = draw(st.one_of(st.sampled_from(_word_starts(name)), st.integers(0, max(0, len(name) - 2))))
        piece = name[start : start + draw(st.integers(2, 12))]
        cases = (piece, piece.lower(), piece.upper())
        return draw(st.sampled_from(cases)) if len(piece.strip()) >= 2 else name[:100]

    return draw_prefix()


def _dressed(word: str) -> SearchStrategy[str]:
    cases: list[Callable[[str], str]] = [str.lower, str.title]
    if word.isascii():
        cases += [str.upper, str.swapcase]
    spelled = st.sampled_from(cases).map(lambda case: case(word))
    signed = st.builds(lambda sign, text: sign + text, st.sampled_from(_SIGNS), spelled)
    filled = st.builds(lambda filler, text: f"{filler} {text}", st.sampled_from(_FILLERS), spelled)
    return st.one_of(spelled, spelled, signed, filled)


def _categories(near: Vendor, model: Model, most: int) -> SearchStrategy[tuple[str, ...]]:
    known = [category for category, _ in model.categories()]
    one = st.sampled_from((near.category, near.category, *known, _ABSENT_CATEGORY, _HIDDEN_CATEGORY))
    return st.lists(one, min_size=1, max_size=most, unique=True).map(tuple)


def _tags(near: Vendor) -> SearchStrategy[tuple[str, ...]]:
    one = st.sampled_from((*near.tags, *near.tags, *near.tags, "forecast", "data", *ODD_TAGS, _ABSENT_TAG))
    return st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)


def _around(value: float, most: float) -> SearchStrategy[float]:
    """The figure itself, a hundredth to either side, and the ends of the scale."""
    near = {round(min(most, max(0.0, value + step)), 2) for step in (-0.01, 0.0, 0.01)}
    return st.sampled_from(sorted(near | {0.0, float(most)}))


def _latencies(value: int) -> SearchStrategy[int]:
    return st.sampled_from(sorted({0, max(0, value - 1), value, value + 1, 100, 2_500, 10**12}))


def _word_starts(name: str) -> list[int]:
    return [i for i in range(len(name) - 1) if i == 0 or not name[i - 1].isalnum()]
