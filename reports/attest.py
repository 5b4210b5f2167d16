"""`launchkit attest`: signs what a run came to, for whoever admits a release."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from harness.errors import CouldNotDecideError
from harness.exit_codes import ExitCode
from harness.results import write_text
from reports.attestation import FILE_NAME, statement_of
from reports.command import find_run
from reports.envelope import key_id, read_private_key, seal
from reports.verify import Finding, verify_run


def attest(
    run: Annotated[Path, Parameter(help="a run's folder, its name under .runs, or a report's folder")],
    /,
    *,
    key: Path,
) -> ExitCode:
    """Write an in-toto test-result statement about a run, signed with Ed25519, into its folder.

    Parameters
    ----------
    key
        The private key, PEM, without a passphrase.
    """
    private, folder = read_private_key(key), find_run(run)
    (folder / FILE_NAME).unlink(missing_ok=True)  # an older one must not stand in the way of the check
    verified = verify_run(folder)
    if verified.finding is not Finding.SOUND:
        said = next(check for check in verified.checks if check.finding is not Finding.SOUND)
        raise CouldNotDecideError(
            f"{folder} is {verified.finding}: {said.what}: {said.detail}", hint="only a sound run is attested"
        )
    payload = statement_of(folder)
    write_text(folder / FILE_NAME, msgspec.json.encode(seal(payload, private)).decode() + "\n")
    print(f"attested: {folder / FILE_NAME}")
    print(
        f"  key {key_id(private.public_key())}; check it with `launchkit verify {folder.name} --key PUBLIC`"
    )
    return ExitCode.PASS
