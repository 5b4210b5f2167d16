"""Stands in for `pip` and `tox` where everything is installed already: `installed.py tox run -e launch -- …`.

`tox` runs the commands that tox.ini has for the environment; `pip` refuses what the documents do not install.
"""

import configparser
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_KNOWN = {"install": {"tox", "-e", ".", "./reference_service/sdk"}}


def main(program: str, arguments: list[str]) -> int:
    return _pip(arguments) if program == "pip" else _tox(arguments)


def _pip(arguments: list[str]) -> int:
    command, *packages = arguments or [""]
    unknown = set(packages) - _KNOWN.get(command, set())
    if unknown or not packages:
        print(f"pip: nothing is known of {' '.join(arguments)}", file=sys.stderr)
        return 1
    return 0


def _tox(arguments: list[str]) -> int:
    if arguments[:2] != ["run", "-e"] or len(arguments) < 3:
        print(f"tox: nothing is known of {' '.join(arguments)}", file=sys.stderr)
        return 2
    positional = arguments[4:] if arguments[3:4] == ["--"] else []
    for command in _commands(arguments[2]):
        words = [word for each in command for word in (positional if each == "{posargs}" else [each])]
        if code := subprocess.run(words, check=False).returncode:
            return code
    return 0


def _commands(environment: str) -> list[list[str]]:
    configuration = configparser.ConfigParser(interpolation=None)
    configuration.read(ROOT / "tox.ini", encoding="utf-8")
    written = configuration[f"testenv:{environment}"]["commands"]
    return [shlex.split(line) for line in written.strip().splitlines()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
