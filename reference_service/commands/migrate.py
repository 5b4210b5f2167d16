"""`migrate up|down [--to N]`."""

import sys

from reference_service.commands.arguments import Arguments
from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import MigrationError, migrate_down, migrate_up


def migrate(settings: Settings, argv: list[str]) -> int:
    """Bring the schema up (default: to the newest) or down (default: by everything)."""
    parser = Arguments(prog="migrate", description=migrate.__doc__)
    parser.add_argument("direction", choices=("up", "down"))
    parser.add_argument("--to", type=int, default=None, metavar="N", help="the version to stop at")
    arguments = parser.parse_args(argv)
    try:
        with open_connection(settings) as connection:
            if arguments.direction == "up":
                done = migrate_up(connection, arguments.to)
            else:
                done = migrate_down(connection, arguments.to or 0)
    except (MigrationError, UnavailableError) as error:
        print(f"reference_service migrate: {error}", file=sys.stderr)
        return 1
    for migration in done:
        print(f"{arguments.direction} {migration.version:04d} {migration.name}")
    if not done:
        print("nothing to do")
    return 0
