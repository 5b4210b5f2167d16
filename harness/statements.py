"""What a database has spent on which statements so far, by its own extension pg_stat_statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import psycopg
from psycopg import errors, sql

from harness.errors import CouldNotDecideError

_LONGEST = 400
_QUERY = """
SELECT coalesce(queryid, 0), min(left(query, %s)), sum(calls)::bigint, sum(total_exec_time)::float8 / 1000
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND query NOT LIKE '%%pg_stat_statements%%'
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of statement since the extension began to count; `seconds` of execution."""

    text: str
    calls: int
    seconds: float


Statements: TypeAlias = Mapping[int, Counted]  # by the extension's own number of each


def read_statements(url: str, *, seconds: float = 2.0) -> Statements:
    """All statements of the database of this URL, read in a transaction that can change nothing.

    Raises CouldNotDecideError that says why they cannot be had.
    """
    try:
        with psycopg.connect(url, connect_timeout=max(2, round(seconds))) as connection:
            connection.read_only = True
            limit = sql.Literal(f"{round(seconds * 1000)}ms")
            connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(limit))
            rows = connection.execute(_QUERY, [_LONGEST]).fetchall()
            connection.rollback()
    except errors.UndefinedTable:
        raise CouldNotDecideError(
            "its database has no extension pg_stat_statements",
            hint="add it to shared_preload_libraries, then CREATE EXTENSION pg_stat_statements",
        ) from None
    except psycopg.Error as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise CouldNotDecideError(f"its database says: {said}") from None
    return {number: Counted(text, calls, spent) for number, text, calls, spent in rows}
