"""`python -m harness.hygiene.dependency_audit FILE…`: known vulnerabilities of what is pinned, by pip-audit.

What could not be looked up counts as undecided, which pip-audit itself lets pass.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from harness.exit_codes import ExitCode

_SECONDS = 120
_COMMAND = ("-m", "pip_audit", "--format=json", "--require-hashes", "--disable-pip", "--timeout=5")


@dataclass(frozen=True, slots=True)
class Audit:
    vulnerable: tuple[str, ...]
    skipped: tuple[str, ...]
    audited: int

    @property
    def exit_code(self) -> ExitCode:
        if self.vulnerable:
            return ExitCode.FAIL
        return ExitCode.UNDECIDED if self.skipped or not self.audited else ExitCode.PASS


def read_audit(document: str) -> Audit:
    """Of pip-audit's JSON. Raises ValueError where it is none."""
    dependencies = json.loads(document)["dependencies"]
    return Audit(
        vulnerable=tuple(
            f"{one['name']} {one['version']}: {', '.join(known['id'] for known in one['vulns'])}"
            for one in dependencies
            if one.get("vulns")
        ),
        skipped=tuple(one["name"] for one in dependencies if "skip_reason" in one),
        audited=sum("skip_reason" not in one for one in dependencies),
    )


def main(files: Sequence[str]) -> ExitCode:
    """1 for a vulnerability, 3 where any package could not be looked up."""
    requirements = [argument for file in files for argument in ("-r", file)]
    try:
        done = subprocess.run(
            [sys.executable, *_COMMAND, *requirements],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        audit = read_audit(done.stdout)
    except (ValueError, KeyError, subprocess.TimeoutExpired):
        print("audit: undecided, there is no source of advisories", file=sys.stderr)
        return ExitCode.UNDECIDED
    for line in audit.vulnerable:
        print(f"audit: {line}")
    if audit.exit_code is ExitCode.UNDECIDED:
        print(f"audit: undecided, {len(audit.skipped)} packages could not be looked up", file=sys.stderr)
    return audit.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
