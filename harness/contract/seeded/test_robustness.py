"""However deep, long or odd the input: never a 5xx, and no error in another shape."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import strategies as st

from harness.contract.bad_input import ODD_TYPES
from harness.contract.client import Client
from harness.contract.errors import expect_no_crash
from harness.contract.explore import Exploring
from harness.contract.paths import QUICK_SEARCH, SEARCH, VENDORS
from harness.fixtures.model import Model

JSON = {"Content-Type": "application/json"}
# What front servers answer themselves, before the service sees a request.
FRONT_SERVER = (400, 414, 431)
NO_SUCH_METHOD = 501  # likewise
ODD_TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
NAMES = (
    "q",
    "category",
    "tags",
    "sort",
    "min_uptime",
    "min_rating",
    "max_latency",
    "verified",
    "limit",
    "offset",
)
MEMBERS = ("query", "categories", "tags", "minUptime", "minRating", "maxLatency", "sortBy", "limit", "offset")
NASTY = (
    "'",
    "' OR 1=1 --",
    '"; SELECT pg_sleep(9); --',
    "\\",
    "%",
    "%%%",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "a" * 200,
    "﷽" * 60,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
    "\u202eevil",
    "\u0001\u0002\u001f",
    "\ufeff",
    "🏳️‍🌈" * 20,
    "storm & (rain | !",
    "<->",
    ":* & :*",
    "a:A b:*",
    "-",
    "((((((((((",
)


def in_a_path(text: str) -> bool:
    """Whether the text, escaped, is one segment to every front server."""
    return text not in ("", ".", "..") and not set(text) & set("/\\\0")


@pytest.mark.requirement("CHK-41", "DOC-05")
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:30])
def test_nasty_texts(client: Client, model: Model, text: str) -> None:
    for name in ("q", "category", "tags", "sort", "limit"):
        expect_no_crash(client.get(VENDORS, {name: text}))
    expect_no_crash(client.get(QUICK_SEARCH, {"q": text}))
    if in_a_path(text) and text.isprintable():
        expect_no_crash(client.get(f"{VENDORS}/{quote(text, safe='')}"))
    expect_no_crash(client.post(SEARCH, {"query": text, "tags": [text], "categories": [text]}))


@pytest.mark.requirement("CHK-41", "DOC-05")
def test_any_query_string(client: Client, model: Model, exploring: Exploring) -> None:
    pairs = st.lists(st.tuples(st.sampled_from(NAMES), ODD_TEXTS), min_size=1, max_size=4)

    def ask(drawn: list[tuple[str, str]]) -> None:
        expect_no_crash(client.get(f"{VENDORS}?{urlencode(drawn)}"))

    exploring(pairs, ask)


@pytest.mark.requirement("CHK-41", "DOC-05")
def test_any_document(client: Client, model: Model, exploring: Exploring) -> None:
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ODD_TEXTS
    values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
    documents = st.dictionaries(st.sampled_from(MEMBERS), values, max_size=4)
    exploring(documents, lambda document: expect_no_crash(client.post(SEARCH, document)))


@pytest.mark.requirement("CHK-41", "DOC-05")
def test_any_name_in_the_path(client: Client, model: Model, exploring: Exploring) -> None:
    def ask(text: str) -> None:
        for path in (f"{VENDORS}/{quote(text, safe='')}", f"{VENDORS}/{quote(text, safe='')}/health"):
            response = client.get(path)
            # Many front servers let no control character into a path.
            if text.isprintable() or response.status not in FRONT_SERVER:
                expect_no_crash(response)

    exploring(ODD_TEXTS.filter(in_a_path), ask, share=0.5)


@pytest.mark.requirement("CHK-41", "DOC-05")
@pytest.mark.parametrize("method", ["BREW", "PROPFIND", "get"])
def test_a_method_that_nobody_knows(client: Client, model: Model, method: str) -> None:
    for path in (VENDORS, SEARCH):
        response = client.request(method, path)
        if response.status not in (*FRONT_SERVER, NO_SUCH_METHOD):
            expect_no_crash(response)


@pytest.mark.requirement("CHK-41", "DOC-05")
@pytest.mark.parametrize("raw", ["%ff", "%c3%28", "%", "%zz", "%00", "%ed%a0%80", "%f4%90%80%80"])
def test_broken_escapes(client: Client, model: Model, raw: str) -> None:
    for path in (f"{VENDORS}?q={raw}", f"{VENDORS}?{raw}=1", f"{VENDORS}/{raw}", f"{QUICK_SEARCH}?q=ab{raw}"):
        response = client.get(path)
        if response.status not in FRONT_SERVER:
            expect_no_crash(response)


@pytest.mark.requirement("CHK-41", "DOC-05")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"tags":' * 50_000,
        b'{"query": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        json.dumps({"tags": ["t"] * 20_000}).encode(),
        json.dumps({"categories": [str(n) for n in range(20_000)]}).encode(),
        json.dumps({"query": "a " * 300_000}).encode(),
        b'{"limit": ' + b"9" * 50_000 + b"}",
        b'{"minRating": 1e' + b"9" * 5_000 + b"}",
        b"\x00" * 1_000,
        b"\xef\xbb\xbf{}",
    ],
    ids=[
        "deep",
        "deep objects",
        "deep query",
        "tags",
        "categories",
        "long",
        "digits",
        "exponent",
        "nul",
        "bom",
    ],
)
def test_deep_and_long_documents(client: Client, model: Model, body: bytes) -> None:
    expect_no_crash(client.request("POST", SEARCH, body=body, headers=JSON))


@pytest.mark.requirement("CHK-41", "DOC-05")
@pytest.mark.parametrize("kind", ODD_TYPES, ids=lambda kind: ascii(kind)[:40])
def test_odd_content_types(client: Client, model: Model, kind: str) -> None:
    response = client.request("POST", SEARCH, body=b"{}", headers={"Content-Type": kind})
    if response.status not in FRONT_SERVER:
        expect_no_crash(response)


@pytest.mark.requirement("CHK-41", "DOC-05")
def test_a_long_query_string(client: Client, model: Model) -> None:
    for query in (
        "tags=" + ",".join(["t"] * 1_500),
        "&".join(f"x{n}=1" for n in range(800)),
        "limit=" + "9" * 3_000,
        "category=" + "x" * 3_000,
    ):
        response = client.get(f"{VENDORS}?{query}")
        if response.status not in FRONT_SERVER:
            expect_no_crash(response)


@pytest.mark.requirement("CHK-41", "DOC-05")
def test_a_long_path(client: Client, model: Model) -> None:
    response = client.get(f"{VENDORS}/{'x' * 3_000}")
    if response.status not in FRONT_SERVER:
        expect_no_crash(response)
