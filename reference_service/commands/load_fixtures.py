"""`load-fixtures FILE`."""

import sys
from pathlib import Path

from reference_service.cache import open_cache
from reference_service.commands.arguments import Arguments
from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.fixture_document import FixtureError, read_fixture_document
from reference_service.storage.fixture_loader import replace_all
from reference_service.storage.schedule_hold import hold_schedule, without_rounds
from reference_service.storage.search_preparation import prepare_searches


def load_fixtures(settings: Settings, argv: list[str]) -> int:
    """Replace all data by the file's; when it exits 0, every process of the API answers from it.

    The workers' schedule is held for a while, so that the data stay as they were loaded.
    """
    parser = Arguments(prog="load-fixtures", description=load_fixtures.__doc__)
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args(argv).file
    try:
        document = read_fixture_document(path)
        with open_connection(settings) as connection:
            hold_schedule(connection, settings.schedule_hold)
            with without_rounds(connection):
                replace_all(connection, document)
                prepare_searches(connection)
    except FixtureError as error:
        print(f"reference_service load-fixtures: {error}", file=sys.stderr)
        return 2
    except UnavailableError as error:
        print(f"reference_service load-fixtures: {error}", file=sys.stderr)
        return 1
    if not open_cache(settings).invalidate():
        print(
            "reference_service load-fixtures: loaded, but Redis does not take the invalidation",
            file=sys.stderr,
        )
        return 1
    print(f"loaded {len(document.vendors)} vendors")
    return 0
