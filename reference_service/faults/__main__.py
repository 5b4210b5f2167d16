"""`python -m reference_service.faults [--settings FILE] [NAME [-- COMMAND …]]`.

Without a name: all faults as JSON. With one: serve that variant. With a command of the service after `--`:
run it with the fault.
"""

import difflib
import json
import sys
from pathlib import Path

from reference_service.__main__ import main as run_service
from reference_service.domain.errors import UnavailableError
from reference_service.faults import variant
from reference_service.faults.catalogue import FAULTS, find
from reference_service.faults.fault import DoesNotFitError
from reference_service.settings import SettingsError, read_settings
from reference_service.storage.migrator import MigrationError

USAGE_ERROR = 2


def main(argv: list[str]) -> int:
    settings_arguments = argv[:2] if argv[:1] == ["--settings"] else []
    rest = argv[len(settings_arguments) :]
    if not rest:
        print(json.dumps([_described(fault) for fault in FAULTS], indent=1))
        return 0
    fault = find(rest[0])
    if fault is None:
        return _complain(f"no fault {rest[0]!r}; {_near(rest[0])}")
    try:
        if rest[1:2] == ["--"]:
            if rest[2:3] != ["load-fixtures"]:  # the data has no fault
                fault.install()  # first of all: it must be there before what it changes is loaded
            variant.nothing_prepared()
            return run_service([*settings_arguments, *rest[2:]])
        file = Path(settings_arguments[1]) if len(settings_arguments) == 2 else None
        return variant.serve(fault, read_settings(file), file)
    except (DoesNotFitError, MigrationError, SettingsError, UnavailableError) as error:
        return _complain(str(error))


def _described(fault: object) -> dict[str, object]:
    return {
        name: getattr(fault, name) for name in ("name", "description", "requirements", "level", "clauses")
    }


def _near(name: str) -> str:
    names = [fault.name for fault in FAULTS]
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(names)


def _complain(problem: str) -> int:
    print(f"reference_service.faults: {problem}", file=sys.stderr)
    return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
