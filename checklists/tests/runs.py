"""Runs that left results, for the probes that read them."""

from dataclasses import replace
from pathlib import Path

from checklists.tests.support import COMMIT, make_executor, make_item
from harness.evidence import Observation, Source, Status
from harness.journal import About, Journal, Plan, Subject
from harness.target import Target

OTHER = "b" * 40


def subject(target: Target, commit: str | None = COMMIT) -> Subject:
    return Subject(name=target.name, base_url=target.base_url, profile_digest="d", commit=commit)


def begin(folder: Path, about: Subject | None, *plans: Plan) -> Journal:
    return Journal.create(
        folder,
        About(
            run=folder.name,
            command="contract",
            environment="existing",
            rehearsal=False,
            subject=about,
            parts=(Source.CONTRACT,),
            seed=1,
            version="0",
            plans=plans,
        ),
    )


def note(journal: Journal, name: str, status: Status, *requirements: str) -> None:
    journal.observe(Observation(source=Source.CONTRACT, id=name, status=status, requirements=requirements))


def status_of(tmp_path: Path, run_folder: Path, target: Target, keys: str) -> tuple[Status, str]:
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    outcome = executor(make_item(tmp_path, keys))
    return outcome.status, outcome.message
