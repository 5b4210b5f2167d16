"""One read-only question to the target's database."""

import datetime as dt
import decimal
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from checklists import references
from checklists.model import Context
from checklists.units import Value
from harness.errors import CouldNotDecideError

MAX_ROWS = 100_000


def query(
    text: str, parameters: Mapping[str, str], context: Context
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and every row, at most MAX_ROWS, from a transaction that can change nothing.

    Raises NotInProfileError without `database_url`, CouldNotDecideError where the database does not answer
    or does not understand.
    """
    url = references.lookup("database_url", context.target)
    try:
        with psycopg.connect(url, connect_timeout=max(2, int(context.timeout))) as connection:
            connection.read_only = True
            limit = sql.Literal(f"{int(context.timeout * 1000)}ms")
            connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(limit))
            connection.execute("SET LOCAL TimeZone = 'UTC'")
            # Prepared, so that the server refuses a second statement that would end the transaction.
            cursor = connection.execute(text.encode(), parameters or None, prepare=True)
            if cursor.description is None:
                raise CouldNotDecideError("the statement returns no rows", hint="use a SELECT")
            columns, rows = [column.name for column in cursor.description], cursor.fetchmany(MAX_ROWS + 1)
            connection.rollback()
            if len(rows) > MAX_ROWS:  # what holds for the first of them says nothing of the others
                raise CouldNotDecideError(f"more than {MAX_ROWS} rows", hint="count or aggregate them in SQL")
            return columns, rows
    except psycopg.Error as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise CouldNotDecideError(
            f"the database says: {said}", hint="correct the SQL or the database"
        ) from None


def value(found: Any) -> Value:
    """A column's value as something that can be compared; an interval is its seconds."""
    match found:
        case None | bool() | int() | float() | decimal.Decimal() | str():
            return found
        case dt.timedelta():
            return found.total_seconds()
        case dt.datetime() | dt.date():
            return found.isoformat()
    return str(found)
