"""Whether the server has as many connections as the pools may open."""

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection

_FREE = b"""
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""


def connections_short(settings: Settings, processes: int) -> int:
    """How many connections the pools of so many processes could lack; 0 where there are enough.

    Raises UnavailableError.
    """
    with open_connection(settings) as connection:
        row = connection.execute(_FREE).fetchone()
    allowed = int(row[0]) if row else 0
    return max(0, processes * settings.pool_max - allowed)
