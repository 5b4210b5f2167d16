"""`launchkit requirements`: what speaks for each requirement, and which have nothing that does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

import checklists
from checklists.loader import load_checklist
from harness.contract.catalogue import suite_tests
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.requirements import read_requirements
from harness.results import to_json
from loadtests.criteria import read_criteria

_CHECKLISTS = ("pre_launch.yaml", "launch_day.yaml", "post_launch.yaml")


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """A test, a load criterion or a checklist item."""

    source: Source
    id: str


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    task: str
    text: str
    speakers: tuple[Speaker, ...]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    requirements: tuple[Traced, ...]


def requirements(
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
    silent: Annotated[bool, Parameter(negative=())] = False,
    strict: Annotated[bool, Parameter(negative=())] = False,
) -> ExitCode:
    """List every requirement with the tests, checklist items and load criteria that speak for it.

    Parameters
    ----------
    json
        Print a JSON document on stdout, and nothing else there.
    silent
        List only the requirements that nothing speaks for.
    strict
        Exit with 4 where there are such requirements.
    """
    trace = _trace()
    mute = [traced for traced in trace.requirements if not traced.speakers]
    if json:
        print(to_json(trace))
    else:
        for traced in mute if silent else trace.requirements:
            print("\n".join(_lines(traced)))
        print(f"{len(trace.requirements)} requirements, {len(mute)} that nothing speaks for")
    return ExitCode.OPEN if mute and strict else ExitCode.PASS


def _trace() -> Trace:
    speakers: dict[str, list[Speaker]] = {}
    for source, name, ids in (*_contract(), *_load(), *_checks()):
        for requirement in ids:
            speakers.setdefault(requirement, []).append(Speaker(source=source, id=name))
    return Trace(
        format=1,
        requirements=tuple(
            Traced(
                id=known.id,
                task=known.task,
                text=known.text,
                speakers=tuple(speakers.get(known.id, ())),
            )
            for known in read_requirements()
        ),
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
    yield f"{traced.id}  {traced.text}"
    if not traced.speakers:
        yield "    nothing speaks for it"
    for speaker in traced.speakers:
        yield f"    {speaker.source}: {speaker.id}"
