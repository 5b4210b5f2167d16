"""What a judging command prints with --json and writes with --junit: made from observations, nothing else."""

import os
import platform
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from harness.errors import UsageError
from harness.evidence import Json, Observation, Status
from harness.exit_codes import ExitCode
from harness.journal import Entry, Subject

FORMAT = 1
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON document of `contract`, `load` and `check`; `seconds` is wall time."""

    format: int
    command: str
    run: str
    target: Subject
    exit_code: int
    verdict: str
    seed: int
    seconds: float
    counts: dict[str, int]
    observations: tuple[Observation, ...]


def make_result(
    *,
    command: str,
    run: str,
    target: Subject,
    exit_code: ExitCode,
    verdict: str,
    seed: int,
    seconds: float,
    entries: Iterable[Entry],
) -> Result:
    observations = tuple(_observation(entry) for entry in entries)
    return Result(
        format=FORMAT,
        command=command,
        run=run,
        target=target,
        exit_code=int(exit_code),
        verdict=verdict,
        seed=seed,
        seconds=round(seconds, 3),
        counts=dict(Counter(str(observation.status) for observation in observations)),
        observations=observations,
    )


def _observation(entry: Entry) -> Observation:
    return Observation(**{name: getattr(entry, name) for name in Observation.__struct_fields__})


def to_json(document: msgspec.Struct) -> str:
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2).decode()


def junit_xml(name: str, entries: Iterable[Entry]) -> str:
    """JUnit XML: a case an observation; what could not decide is an error, not a failure."""
    entries = tuple(entries)
    root = ET.Element("testsuites", name=name)
    for source in dict.fromkeys(entry.source for entry in entries):
        cases = [entry for entry in entries if entry.source is source]
        suite = ET.SubElement(root, "testsuite", name=f"{name}.{source}", tests=str(len(cases)))
        for kind in ("failure", "error", "skipped"):
            count = sum(_junit_kind(case.status) == kind for case in cases)
            suite.set({"failure": "failures", "error": "errors"}.get(kind, kind), str(count))
        for case in cases:
            _add_case(suite, case)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_case(suite: ET.Element, entry: Entry) -> None:
    case = ET.SubElement(suite, "testcase", classname=str(entry.source), name=_xml_text(entry.id))
    kind = _junit_kind(entry.status)
    if kind:
        child = ET.SubElement(case, kind, message=_xml_text(entry.message or str(entry.status)))
        if kind != "skipped":
            child.text = _xml_text(f"expected: {entry.expected}\nobserved: {entry.observed}")
    if entry.requirements:
        properties = ET.SubElement(case, "properties")
        for requirement in entry.requirements:
            ET.SubElement(properties, "property", name="requirement", value=_xml_text(requirement))


def _junit_kind(status: Status) -> str:
    if status.failed:
        return "failure"
    if status in (Status.ERROR, Status.INVALID, Status.UNDECIDED, Status.BLOCKED):
        return "error"
    return "" if status in (Status.PASS, Status.WARNING) else "skipped"


def _xml_text(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def write_text(path: Path, text: str) -> None:
    """Raises UsageError where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror})") from None


def machine() -> dict[str, Json]:
    """What the run's machine is; no name and no address of it."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "python": platform.python_version(),
        "cores": os.cpu_count() or 0,
    }
