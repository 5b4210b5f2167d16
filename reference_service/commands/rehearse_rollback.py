"""`rehearse-rollback`: the migrations up, down and up again, in a scratch database."""

import sys

from reference_service.commands.arguments import Arguments
from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.migrator import MigrationError
from reference_service.storage.rehearsal import rehearse


def rehearse_rollback(settings: Settings, argv: list[str]) -> int:
    """Prove that every migration can be taken back, without touching the data."""
    Arguments(prog="rehearse-rollback", description=rehearse_rollback.__doc__).parse_args(argv)
    try:
        differences = rehearse(settings)
    except (MigrationError, UnavailableError) as error:
        print(f"reference_service rehearse-rollback: {error}", file=sys.stderr)
        return 1
    for difference in differences:
        print(difference)
    print("schema not restored" if differences else "schema restored")
    return 1 if differences else 0
