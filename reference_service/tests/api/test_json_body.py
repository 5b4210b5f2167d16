import time

import pytest

from reference_service.api.json_body import parse_json_body
from reference_service.api.reading import search_of_body
from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import Search, Sort, search_for


def read(body: str) -> Search:
    return search_of_body(parse_json_body(body.encode()))


def test_every_field_is_read() -> None:
    assert read(
        '{"query": "rain", "categories": ["b", "a", "b"], "tags": ["t"], "minUptime": 99.5, "maxLatency": 0,'
        ' "minRating": 4, "verifiedOnly": true, "sortBy": "fastest", "limit": 5, "offset": 7}'
    ) == Search("rain", ("a", "b"), ("t",), 99.5, 4, 0, True, Sort.FASTEST, 5, 7)


def test_an_empty_object_is_the_default_search() -> None:
    assert read("{}") == search_for() == Search("", (), (), 0, 0, None, False, Sort.RATING, 20, 0)


@pytest.mark.parametrize("limit", ["10", "10.0", "1e1"])
def test_a_whole_number_is_an_integer_however_it_is_written(limit: str) -> None:
    assert read(f'{{"limit": {limit}}}').limit == 10


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{"limit": "10"}', "limit"),
        ('{"limit": true}', "limit"),
        ('{"limit": 1.5}', "limit"),
        ('{"limit": null}', "limit"),
        ('{"limit": 0}', "limit"),
        ('{"limit": 101}', "limit"),
        ('{"limit": NaN}', "limit"),
        ('{"limit": 1e400}', "limit"),
        ('{"limit": ' + "9" * 5000 + "}", "limit"),
        ('{"offset": -1}', "offset"),
        ('{"minUptime": Infinity}', "minUptime"),
        ('{"minUptime": 100.5}', "minUptime"),
        ('{"minRating": -0.1}', "minRating"),
        ('{"maxLatency": "9"}', "maxLatency"),
        ('{"verifiedOnly": 1}', "verifiedOnly"),
        ('{"verifiedOnly": null}', "verifiedOnly"),
        ('{"query": 5}', "query"),
        ('{"query": null}', "query"),
        ('{"query": "\\u0000"}', "query"),
        ('{"query": "\\ud800"}', "query"),
        ('{"query": "' + "é" * 201 + '"}', "query"),
        ('{"categories": "a"}', "categories"),
        ('{"categories": [""]}', "categories"),
        ('{"categories": null}', "categories"),
        ('{"tags": [1]}', "tags"),
        ('{"tags": ["\\udfff"]}', "tags"),
        ('{"sortBy": ""}', "sortBy"),
        ('{"sortBy": "name"}', "sortBy"),
        ('{"sortBy": []}', "sortBy"),
        ('{"colour": 1}', "'colour'"),
        ('{"limit": 1, "limit": 1}', "'limit'"),
        ('{"x": {"a": 1, "a": 2}}', "'a'"),
        ('{"\\ud800": 1}', "'\\?'"),
    ],
)
def test_a_wrong_field_is_refused_by_name(body: str, named: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{named} "):
        read(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b"NaN", b"{} {}", b"{'a': 1}", b'{"limit": 01}', b'{"limit": 1,}',
     b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b'{"query": "\xff"}', b'{"query": "\n"}',
     b"[" * 500_000, b'{"a":' * 200_000],
)  # fmt: skip
def test_a_document_that_is_not_one_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequestError, match=r"^body "):
        search_of_body(parse_json_body(body))


def test_two_hundred_code_points_are_not_too_long() -> None:
    assert read('{"query": "' + "😀" * 200 + '"}').query == "😀" * 200


def test_a_key_given_twice_among_very_many_costs_no_more_than_reading_them() -> None:
    def seconds(names: list[str]) -> float:
        body = "{" + ",".join(f'"{name}":1' for name in names) + "}"
        started = time.perf_counter()
        with pytest.raises(InvalidRequestError):
            read(body)
        return time.perf_counter() - started

    names = [f"key{number}" for number in range(30_000)]
    once = min(seconds(names) for _ in range(3))
    assert min(seconds([*names, names[-1]]) for _ in range(3)) < 50 * once
