"""`launchkit requirements`: what speaks for each requirement, what reddens that, and what is proved."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

import checklists
from checklists.loader import load_checklist
from harness.commands.requirements_evidence import Evidence, Reddening, Speaker, Word, evidence_of, word
from harness.commands.requirements_runs import chosen_runs
from harness.contract.catalogue import suite_tests
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.journal import Record
from harness.requirements import Requirement, read_requirements
from harness.results import to_json
from harness.settings import read_settings
from loadtests.criteria import read_criteria

_CHECKLISTS = ("pre_launch.yaml", "launch_day.yaml", "post_launch.yaml")


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """`word` is green, failed or unproved; `why` says why it is not green."""

    id: str
    task: str
    text: str
    word: Word
    why: str
    speakers: tuple[Speaker, ...]
    faults: tuple[Reddening, ...]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """`runs` are those whose evidence was looked at."""

    format: int
    runs: tuple[str, ...]
    requirements: tuple[Traced, ...]


def requirements(
    *,
    run: Annotated[list[Path] | None, Parameter(negative=())] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    silent: Annotated[bool, Parameter(negative=())] = False,
    strict: Annotated[bool, Parameter(negative=())] = False,
) -> ExitCode:
    """List every requirement with all that speaks for it and the faults that redden that.

    A requirement is green where a run shows that it holds and a fault made a test of it fail; otherwise it is
    unproved, or failed.

    Parameters
    ----------
    run
        Look at this run's evidence (repeatable); default: the newest finished run of each command.
    json
        Print a JSON document on stdout, and nothing else there.
    silent
        List only the requirements that nothing speaks for.
    strict
        Exit with 4 where there are such requirements.
    """
    trace = _trace(chosen_runs(run or (), read_settings().runs_dir))
    mute = [traced for traced in trace.requirements if not traced.speakers]
    if json:
        print(to_json(trace))
    else:
        for traced in mute if silent else trace.requirements:
            print("\n".join(_lines(traced)))
        print(_summary(trace, len(mute)))
    return ExitCode.OPEN if mute and strict else ExitCode.PASS


def speakers_of() -> dict[str, list[Speaker]]:
    """Everything that speaks for some requirement, by the requirement's id."""
    speakers: dict[str, list[Speaker]] = {}
    for source, name, ids in (*_contract(), *_load(), *_checks()):
        for requirement in ids:
            speakers.setdefault(requirement, []).append(Speaker(source=source, id=name))
    return speakers


def _trace(records: tuple[Record, ...]) -> Trace:
    speakers, evidence = speakers_of(), evidence_of(records)
    return Trace(
        format=2,
        runs=tuple(f"{record.header.about.command} {record.folder.name}" for record in records),
        requirements=tuple(
            _traced(known, speakers.get(known.id, ()), evidence) for known in read_requirements()
        ),
    )


def _traced(known: Requirement, speakers: Sequence[Speaker], evidence: Evidence) -> Traced:
    asked = tuple(
        msgspec.structs.replace(speaker, status=evidence.of(speaker.source, speaker.id))
        for speaker in speakers
    )
    tests = [speaker.id for speaker in asked if speaker.source is Source.CONTRACT]
    faults = evidence.reddening(known.id, tests)
    its_word, why = word(asked, faults)
    return Traced(
        id=known.id, task=known.task, text=known.text, word=its_word, why=why, speakers=asked, faults=faults
    )


def _contract() -> Iterator[tuple[Source, str, tuple[str, ...]]]:
    for test in suite_tests():
        yield Source.CONTRACT, test.id, test.requirements


def _load() -> Iterator[tuple[Source, str, tuple[str, ...]]]:
    for scenario, criteria in read_criteria().items():
        for criterion in criteria:
            yield Source.LOAD, f"{scenario}/{criterion.id}", criterion.requirements


def _checks() -> Iterator[tuple[Source, str, tuple[str, ...]]]:
    folder = Path(checklists.__file__).parent
    for name in _CHECKLISTS:
        for phase in load_checklist(folder / name).phases:
            for item in phase.items:
                yield Source.CHECKLIST, item.id, item.requirements


def _lines(traced: Traced) -> Iterator[str]:
    why = f" ({traced.why})" if traced.why else ""
    yield f"{traced.id}  {traced.word}{why}  {traced.text}"
    for speaker in traced.speakers:
        yield f"    {speaker.source}: {speaker.id}" + (f"  {speaker.status}" if speaker.status else "")
    for fault in traced.faults:
        tests = f"reddens {', '.join(fault.tests)}" if fault.tests else "reddens nothing that speaks for it"
        yield f"    fault: {fault.name}  {tests}"


def _summary(trace: Trace, mute: int) -> str:
    counts = Counter(traced.word for traced in trace.requirements)
    words = ", ".join(f"{counts[each]} {each}" for each in Word)
    looked = f"by {', '.join(trace.runs)}" if trace.runs else "no run was found to look at"
    return f"{len(trace.requirements)} requirements: {words}; {mute} that nothing speaks for; {looked}"
