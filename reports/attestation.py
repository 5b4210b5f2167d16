"""The attestation that lies in a run's folder: made again from the run, and held against it."""

import hashlib
from pathlib import Path

import msgspec

from harness.errors import CouldNotDecideError
from harness.runs import ATTESTATION as FILE_NAME
from reports.document import Report
from reports.sources import read_sources
from reports.statement import make_statement
from reports.write import JSON

__all__ = ["FILE_NAME", "statement_of"]


def statement_of(folder: Path) -> bytes:
    """The statement about a report with the run or runs that it rests on, as bytes that are always the same.

    Raises CouldNotDecideError where there is no report, or no result.
    """
    try:
        raw = (folder / JSON).read_bytes()
        report = msgspec.json.decode(raw, type=Report)
    except (OSError, msgspec.MsgspecError) as error:
        raise CouldNotDecideError(
            f"{folder / JSON}: {error}", hint="make it with `launchkit report`"
        ) from None
    digest = hashlib.sha256(raw).hexdigest()
    record = read_sources(folder, report.sources)
    statement = make_statement(record, report, report_digest=digest, report_name=JSON)
    return msgspec.json.encode(statement)
