"""What a database says of its statements."""

from collections.abc import Callable

import psycopg
import pytest

from harness.errors import CouldNotDecideError
from harness.statements import Counted, read_statements

NewDatabase = Callable[[], str]

# As the extension shows it; the embedded server comes without.
EXTENSION = """
CREATE TABLE pg_stat_statements AS
SELECT d.oid AS dbid, n AS queryid, text AS query, calls, ms::float8 AS total_exec_time
FROM pg_database AS d, (VALUES
  (1::bigint, 'SELECT slug  FROM vendors', 10::bigint, 500), (1, 'SELECT slug  FROM vendors', 5, 250),
  (2, 'SELECT * FROM pg_stat_statements', 1, 9000)
) AS s (n, text, calls, ms)
WHERE d.datname = current_database()
UNION ALL VALUES (0::oid, 3::bigint, 'SELECT of another database', 1::bigint, 1000::float8)
"""


def test_statements_of_this_database_are_read_by_their_number(new_database: NewDatabase) -> None:
    url = new_database()
    with psycopg.connect(url) as connection:
        connection.execute(EXTENSION)
    assert read_statements(url) == {1: Counted("SELECT slug  FROM vendors", 15, 0.75)}


def test_without_the_extension_it_is_said_how_to_have_it(new_database: NewDatabase) -> None:
    with pytest.raises(CouldNotDecideError, match="no extension pg_stat_statements") as raised:
        read_statements(new_database())
    assert "CREATE EXTENSION" in raised.value.hint


def test_a_database_that_is_away_is_said_to_be() -> None:
    with pytest.raises(CouldNotDecideError, match="its database says: connection failed"):
        read_statements("postgresql://user@127.0.0.1:1/shop")
