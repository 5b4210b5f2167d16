"""`launchkit`: finds each part's command by entry point and loads it when it is called."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import entry_points, version

from cyclopts import App, CycloptsError

from harness.errors import LaunchkitError
from harness.exit_codes import ExitCode
from harness.settings import read_settings

COMMANDS = "launchkit.commands"


def build_app() -> App:
    app = App(
        name="launchkit",
        help="Prove that a marketplace is ready to launch.",
        version=version("launchkit"),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for command in sorted(entry_points(group=COMMANDS), key=lambda entry: entry.name):
        app.command(command.value, name=command.name)
    return app


def run(arguments: Sequence[str]) -> ExitCode:
    """Run one command; every expected error becomes one line on stderr and its exit code."""
    try:
        result = build_app()(list(arguments), exit_on_error=False, print_error=False)
        sys.stdout.flush()
        return result if isinstance(result, ExitCode) else ExitCode.PASS
    except CycloptsError as error:
        return _complain(" ".join(str(error).split()), ExitCode.USAGE, hint="see `launchkit --help`")
    except LaunchkitError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain("interrupted", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Nobody was told what was decided, so it is no pass. The buffer's rest must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.UNDECIDED
    except Exception as error:
        if read_settings().debug:
            traceback.print_exc()
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _complain(
            f"internal error: {type(error).__name__}: {error} ({place.filename}:{place.lineno})",
            ExitCode.UNDECIDED,
            hint="set LAUNCHKIT_DEBUG=1 for the traceback",
        )


def _complain(message: str, code: ExitCode, *, hint: str = "") -> ExitCode:
    print(f"launchkit: {message}" + (f"; {hint}" if hint else ""), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
