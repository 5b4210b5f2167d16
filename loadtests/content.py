"""Is an answer what was asked for? A fast empty page is not a fast search."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

# Of a body, and the slug that was asked for: the reason why it is wrong, empty where it is right.
Check: TypeAlias = Callable[[bytes, str], str]


class _Vendor(msgspec.Struct, rename="camel"):
    """Which fields a vendor must have is the contract suite's business; what is there has the right type."""

    id: int
    slug: str = ""
    service_name: str = ""
    category: str = ""


class _Facet(msgspec.Struct):
    category: str
    count: int


class _Search(msgspec.Struct, rename="camel"):
    vendors: list[_Vendor]
    total: int | None = None
    has_more: bool | None = None


class _Featured(msgspec.Struct):
    vendors: list[_Vendor]


class _Categories(msgspec.Struct):
    categories: list[_Facet]


class _Details(msgspec.Struct, rename="camel"):
    id: int
    slug: str
    metrics: dict[str, msgspec.Raw]
    endpoints: list[msgspec.Raw]


_search = msgspec.json.Decoder(_Search)
_featured = msgspec.json.Decoder(_Featured)
_categories = msgspec.json.Decoder(_Categories)
_details = msgspec.json.Decoder(_Details)


def search_answer(body: bytes, _: str = "") -> str:
    try:
        answer = _search.decode(body)
    except msgspec.MsgspecError as error:
        return f"wrong shape: {error}"
    if not answer.vendors:
        return "no vendors"
    enough = answer.total is None or answer.total >= len(answer.vendors)
    return "" if enough else "total is smaller than the page"


def featured_answer(body: bytes, _: str = "") -> str:
    try:
        return "" if _featured.decode(body).vendors else "no vendors"
    except msgspec.MsgspecError as error:
        return f"wrong shape: {error}"


def categories_answer(body: bytes, _: str = "") -> str:
    try:
        return "" if _categories.decode(body).categories else "no categories"
    except msgspec.MsgspecError as error:
        return f"wrong shape: {error}"


def details_answer(body: bytes, slug: str) -> str:
    try:
        return "" if _details.decode(body).slug == slug else "another vendor"
    except msgspec.MsgspecError as error:
        return f"wrong shape: {error}"


def slugs(body: bytes) -> tuple[str, ...]:
    """The slugs of a search answer. Raises msgspec.MsgspecError where it is not one."""
    return tuple(vendor.slug for vendor in _search.decode(body).vendors if vendor.slug)
