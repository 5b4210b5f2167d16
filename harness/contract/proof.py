"""`python -m harness.contract.proof [--faults RUN] [--mutants RUN] [--seeds RUN] [--out FILE]`.

Writes what runs have shown of the suite itself as a page: faults that it catches, false alarms.
RUN is the folder of a finished run of `launchkit faults`, of the mutants' survey, or of `contract --seeds`.
"""

import argparse
import html
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.contract.fault_pages import cell
from harness.contract.levels import Level
from harness.contract.seeds import COMMAND as SEEDS
from harness.errors import LaunchkitError, UsageError
from harness.evidence import Status
from harness.journal import Entry, Record, read_journal
from harness.results import write_text

FAULTS = "faults"
NOT_RUN = "Not run on this commit."
_HEAD = """# What is proved of the contract suite

How many faults the suite notices, and how often it cries wolf: each as one run has shown it. This page is
written by `python -m harness.contract.proof` from the journals of these runs, and by nobody's hand.
"""
_FAULTS = """## Faults

Known-bad variants of the reference, each written to break clauses of the contract (`tox run -e faults`). A
fault is killed where a test of its level fails on it. It is proved active by a witness, a request or a
worker's round whose result is another than the healthy target's, or else by the test alone that kills it.
"""
_MUTANTS = """## Mutants

The reference with one place changed by a machine, cosmic-ray or a mutator of queries: a sample, drawn from
a seed, of what an author would not think of (`tox run -e mutants`, which also tells what is left out, and
why). A survivor that no test can notice is explained in `reference_service/mutants/explained.yaml`. One that
does not run (it does not start, shows nothing of the data, or a worker's round of it fails, while the healthy
reference does all of that) is nobody's to find, and counts neither as killed nor as survived.
"""
_SEEDS = """## False alarms

The healthy reference, judged with seeds drawn from one (`tox run -e no-false-alarms`). A red seed is a
false alarm, or a fault that nobody knew. What must outlast a rate-limit window draws nothing, and is asked
with the first seed only.
"""
_COLUMNS = (
    "tried", "killed", "survived, explained", "survived", "killed, though explained", "does not run",
    "undecided", "active by a witness", "by its killer alone",
)  # fmt: skip
_RESULTS = (
    Status.PASS, Status.EXPECTED, Status.FAIL, Status.STALE, Status.NOT_APPLICABLE, Status.ERROR,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one variant."""

    name: str
    level: Level
    status: Status
    said: str
    witnessed: bool
    by_its_killer_alone: bool


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="harness.contract.proof", description=__doc__)
    for name in ("faults", "mutants", "seeds"):
        parser.add_argument(f"--{name}", type=Path, metavar="RUN")
    parser.add_argument("--out", type=Path, default=Path("docs/proof.md"))
    options = parser.parse_args(argv)
    try:
        text = page(
            faults=_finished(options.faults, FAULTS),
            mutants=_finished(options.mutants, FAULTS),
            seeds=_finished(options.seeds, SEEDS),
        )
        write_text(options.out, text)
    except LaunchkitError as error:
        print(f"harness.contract.proof: {error}", file=sys.stderr)
        return int(error.exit_code)
    return 0


def page(*, faults: Record | None, mutants: Record | None, seeds: Record | None) -> str:
    """Markdown. What is not given was not run. Raises UsageError for a run that does not tell enough."""
    parts = [
        _HEAD,
        _FAULTS,
        *(_variants(faults) if faults else [NOT_RUN]),
        "",
        _MUTANTS,
        *(_variants(mutants) if mutants else [NOT_RUN]),
        "",
        _SEEDS,
        *(_seeds(seeds) if seeds else [NOT_RUN]),
    ]
    return "\n".join(parts) + "\n"


def _finished(folder: Path | None, command: str) -> Record | None:
    """Raises JournalError, and UsageError for a run of something else or one that was broken off."""
    if folder is None:
        return None
    record = read_journal(folder)
    if (was := record.header.about.command) != command:
        raise UsageError(f"{folder} is a run of {was}", hint=f"name one of {command}")
    if record.footer.outcome != "complete":
        raise UsageError(f"{folder} was {record.footer.outcome}", hint="run it again")
    if not record.entries:
        raise UsageError(f"{folder} tried nothing", hint="name another run")
    return record


def _variants(record: Record) -> Iterator[str]:
    tried = tuple(_tried(entry, record) for entry in record.entries)
    killed = sum(one.status in (Status.PASS, Status.STALE) for one in tried)
    unable = sum(one.status is Status.NOT_APPLICABLE for one in tried)
    more = f", {unable} more do not run" if unable else ""
    yield f"{_of(record)}: **{killed} of {len(tried) - unable} killed**{more}."
    yield ""
    yield "| level | " + " | ".join(_COLUMNS) + " |"
    yield "|---|" + "---:|" * len(_COLUMNS)
    for level in Level:
        if its := [one for one in tried if one.level is level]:
            yield _row(level.value, its)
    yield _row("all", tried)
    told = [one for one in tried if one.status not in (Status.PASS, Status.EXPECTED)]
    if told:
        yield ""
        yield from (f"- {_code(one.name)}: {_text(one.said)}" for one in told)


def _row(name: str, tried: Sequence[Tried]) -> str:
    counts = [len(tried), *(sum(one.status is status for one in tried) for status in _RESULTS)]
    counts += [sum(one.witnessed for one in tried), sum(one.by_its_killer_alone for one in tried)]
    return f"| {name} | " + " | ".join(map(str, counts)) + " |"


def _tried(entry: Entry, record: Record) -> Tried:
    evidence = entry.evidence
    try:
        alone = bool(evidence["by_its_killer_alone"])
        return Tried(
            name=entry.id.removeprefix("faults/"),
            level=Level(evidence["level"]),
            status=entry.status if entry.status in _RESULTS else Status.ERROR,
            said=_said(entry),
            witnessed=bool(evidence["witness"]) and not alone,
            by_its_killer_alone=alone,
        )
    except (KeyError, ValueError):
        problem = f"{record.folder}: {entry.id} does not tell its level and its witness"
        raise UsageError(problem, hint="run it again with this version") from None


def _seeds(record: Record) -> Iterator[str]:
    green = sum(entry.status is Status.PASS for entry in record.entries)
    yield f"{_of(record)}: **{green} of {len(record.entries)} seeds green**."
    told = [entry for entry in record.entries if entry.status is not Status.PASS]
    if told:
        yield ""
        yield from (f"- {_code(entry.id)}: {_text(_said(entry))}" for entry in told)


def _of(record: Record) -> str:
    about = record.header.about
    commit = about.subject.commit if about.subject else None
    return (
        f"Run {_code(about.run)} of {record.header.at:%Y-%m-%d %H:%M} UTC, "
        f"{'commit ' + _code(commit) if commit else 'of no known commit'}, seed {about.seed}"
    )


def _said(entry: Entry) -> str:
    """Of what could not be judged the kind alone: the rest names files of the machine that it ran on."""
    unjudged = entry.status in (Status.ERROR, Status.NOT_APPLICABLE)
    return entry.observed.partition(": ")[0] if unjudged else entry.observed


def _text(text: str) -> str:
    return html.escape(cell(text), quote=False)


def _code(text: str) -> str:
    return "`" + cell(text.replace("`", "'")) + "`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
