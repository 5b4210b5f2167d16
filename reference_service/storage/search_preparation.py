"""Prepares what most searches ask for: strings of bits, a bit a vendor, one a common word, tag or figure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from itertools import combinations
from operator import or_
from types import MappingProxyType

from psycopg import Connection, sql
from psycopg.errors import SerializationFailure
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from reference_service.domain.search import Sort
from reference_service.storage.bits import Bits
from reference_service.storage.search_statement import ORDERS, TIE, TIE_ORDER
from reference_service.storage.statements import statement

FEWEST_VENDORS = 20
"""What fewer vendors have is quick to search for."""
_RAREST = 1000  # and so is what less than one vendor in so many has
_RAREST_PAIR = 20
_MOST_NAMES = 2000
_MOST_SCORES = 64

_TABLES_OF_TEXTS = ("search_places", "search_categories", "search_bits", "search_scores", "search_pairs")
_TABLES_OF_FIGURES = ("search_orders", "search_figures", "search_digits")
_FIGURES = MappingProxyType(
    {
        "uptime": "-uptime_pct",
        "rating": "-rating_score",
        "latency": "CASE WHEN avg_latency_ms > 0 THEN avg_latency_ms ELSE 'Infinity' END",
    }
)
"""By what a figure is ranked, the best first; an unknown latency is within no limit."""


def prepare_searches(connection: Connection[TupleRow], fewest: int = FEWEST_VENDORS) -> bool:
    """Prepare anew what has changed, in one transaction; False where nothing had, or somebody else is at it.

    It works on one snapshot and waits for nobody: what is written meanwhile counts as changed. A transaction
    that is open already must be REPEATABLE READ. Raises psycopg.Error.
    """
    try:
        with _snapshot(connection):
            mine = connection.execute(
                b"SELECT pg_try_advisory_xact_lock(hashtextextended('prepare searches', 0))"
            )
            if mine.fetchone() != (True,):
                return False
            changed = {row[0] for row in connection.execute(b"DELETE FROM search_changes RETURNING what")}
            if changed:
                connection.execute(b"SET LOCAL work_mem = '64MB'")
                if "vendors" in changed:
                    _prepare_texts(connection, fewest)
                _prepare_figures(connection)
            return bool(changed)
    except SerializationFailure:
        return False


@contextmanager
def _snapshot(connection: Connection[TupleRow]) -> Iterator[None]:
    outermost = connection.info.transaction_status is TransactionStatus.IDLE
    with connection.transaction():
        if outermost:
            connection.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute(b"SET LOCAL statement_timeout = 0")
        yield


def _prepare_texts(connection: Connection[TupleRow], fewest: int) -> None:
    _empty(connection, _TABLES_OF_TEXTS)
    count = connection.execute(statement("prepare_places")).rowcount
    connection.execute(statement("prepare_categories"))
    connection.execute(statement("prepare_texts"))
    bounds = {"fewest": max(fewest, count // _RAREST), "most": _MOST_NAMES}
    scores: dict[str, dict[float, Bits]] = defaultdict(dict)
    for word, score, places in connection.execute(statement("prepare_words"), bounds, binary=True):
        bits = Bits.of(places, count)
        scores[word][score] = scores[word][score] | bits if score in scores[word] else bits
    words = {word: reduce(or_, several.values()) for word, several in scores.items()}
    tags = connection.execute(statement("prepare_tags"), bounds, binary=True)
    verified = (row[0] for row in connection.execute(statement("prepare_verified"), binary=True))
    with (
        connection.cursor() as cursor,
        cursor.copy(b"COPY search_bits (kind, name, bits) FROM STDIN") as copy,
    ):
        copy.write_row(("all", "", Bits.of(range(count), count).text()))
        copy.write_row(("verified", "", Bits.of(verified, count).text()))
        for tag, places in tags:
            copy.write_row(("tag", tag, Bits.of(places, count).text()))
        for word, bits in words.items():
            copy.write_row(("word", word, bits.text()))
    _prepare_scores(connection, scores)
    for pair in _common_pairs(words, max(fewest, count // _RAREST_PAIR)):
        asked = {"words": list(pair), "query": " & ".join(f"'{word}'" for word in pair)}
        connection.execute(statement("prepare_pair"), asked)
    connection.execute(b"DROP TABLE search_texts")


def _prepare_scores(connection: Connection[TupleRow], scores: Mapping[str, Mapping[float, Bits]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(b"COPY search_scores (word, score, bits) FROM STDIN") as copy,
    ):
        for word, several in scores.items():
            if len(several) <= _MOST_SCORES:
                for score, bits in several.items():
                    copy.write_row((word, score, bits.text()))


def _common_pairs(words: Mapping[str, Bits], fewest: int) -> Iterator[tuple[str, str]]:
    """The pairs that so many vendors have, each in the order of a tsvector's lexemes."""
    common = sorted((word for word in words if words[word].count() >= fewest), key=str.encode)
    for pair in combinations(common, 2):
        if (words[pair[0]] & words[pair[1]]).count() >= fewest:
            yield pair


def _prepare_figures(connection: Connection[TupleRow]) -> None:
    _empty(connection, _TABLES_OF_FIGURES)
    figures = statement("search_figures").decode()
    orders = {sort.value: order for sort, order in ORDERS.items() if sort is not Sort.RELEVANCE}
    for sort, order in (*orders.items(), (TIE_ORDER, TIE)):
        connection.execute(statement("prepare_order", order=order, figures=figures), {"sort": sort})
    with connection.cursor(binary=True) as cursor:
        for figure, key in _FIGURES.items():
            asked = statement("prepare_figure", key=key, figures=figures)
            row = cursor.execute(asked, {"figure": figure}).fetchone()
            ranks: list[int] = (row and row[0]) or []
            with cursor.copy(b"COPY search_digits (figure, digit, bits) FROM STDIN") as copy:
                # One digit more than the highest rank has, since one past it is asked for too.
                for digit in range((max(ranks, default=0) + 1).bit_length()):
                    places = (place for place, rank in enumerate(ranks) if rank >> digit & 1)
                    copy.write_row((figure, digit, Bits.of(places, len(ranks)).text()))


def _empty(connection: Connection[TupleRow], tables: Iterable[str]) -> None:
    """Not by TRUNCATE: who searches meanwhile goes on with what there was."""
    for table in tables:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
