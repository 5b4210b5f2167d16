"""Prepares the answers to what most searches ask: browsing, and the words that many vendors have."""

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from psycopg.rows import TupleRow

from reference_service.domain.search import Sort
from reference_service.storage.search_statement import BROWSING, ORDERS, PREPARED_DEPTH, TIE
from reference_service.storage.statements import statement

FEWEST_VENDORS = 20  # a word of fewer is quick to search for
_MOST_WORDS = 500
_MOST_PAIRED = 16

_SETTINGS = (
    b"SET LOCAL statement_timeout = 0",
    b"SET LOCAL work_mem = '64MB'",
    # Less than the server waits before it looks for a deadlock: whoever writes to the tables goes first.
    b"SET LOCAL lock_timeout = '500ms'",
    b"LOCK TABLE vendors, vendor_metrics IN SHARE MODE",
)
_RELEVANCE = "row_number() OVER (ORDER BY ts_rank(p.search, %(query)s::tsquery) DESC, p.tie)"


def prepare_searches(connection: Connection[TupleRow], fewest: int = FEWEST_VENDORS) -> int:
    """Prepare anew what has changed, in one transaction; how many searches are prepared.

    0: nothing has changed, or somebody is writing and it is left to the next time; what is outdated is not
    answered meanwhile. Writers of vendors wait for it, readers do not. Raises psycopg.Error.
    """
    try:
        with connection.transaction():
            for setting in _SETTINGS:
                connection.execute(setting)
            if not connection.execute(b"DELETE FROM search_changes").rowcount:
                return 0
            connection.execute(b"DELETE FROM search_facets")
            connection.execute(b"DELETE FROM search_pages")
            return _prepare(connection, fewest)
    except LockNotAvailable:
        return 0


def _prepare(connection: Connection[TupleRow], fewest: int) -> int:
    places = {sort.value: order for sort, order in ORDERS.items() if sort is not Sort.RELEVANCE}
    connection.execute(statement("prepare_places", tie=TIE, **places))
    connection.execute(b"CREATE INDEX ON search_places USING gin (search)")
    connection.execute(b"ANALYZE search_places")
    bounds = {"fewest": fewest, "most_words": _MOST_WORDS, "most_paired": _MOST_PAIRED}
    common = [row[0] for row in connection.execute(statement("prepare_common_words"), bounds)]
    browsing, word, pair = _statement(), _statement("category"), _statement("''")
    depth = {"deep": PREPARED_DEPTH}
    connection.execute(browsing, {"words": [BROWSING], **depth})
    with connection.pipeline():
        for words in common:
            asked = {"words": words, "query": _tsquery(words), **depth}
            connection.execute(word if len(words) == 1 else pair, asked)
    return 1 + len(common)


def _statement(narrowed: str | None = None) -> bytes:
    """The statement for words whose pages are narrowed by this column; None: for browsing."""
    worded = narrowed is not None
    sorts = [sort.value for sort in Sort if worded or sort is not Sort.RELEVANCE]
    placed = (statement("prepare_placed", sort=sort).decode() for sort in sorts)
    return statement(
        "prepare_search",
        narrowed=narrowed or "category",
        relevance=_RELEVANCE if worded else "0",
        matches="p.search @@ %(query)s::tsquery" if worded else "true",
        placed=" UNION ALL ".join(placed),
    )


def _tsquery(words: list[str]) -> str:
    """Lexemes as a query that asks for all of them; they hold letters and digits only."""
    return " & ".join(f"'{word}'" for word in words)
