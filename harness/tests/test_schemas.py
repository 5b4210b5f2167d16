"""The published JSON Schemas are those of the types, and what is written is valid by them."""

import json
from pathlib import Path

import jsonschema
import pytest

from harness.cli import run
from harness.commands.schemas import FOLDER, schemas
from harness.evidence import Observation, Source, Status
from harness.journal import FILE_NAME, About, Journal, Phase, Subject


def published(name: str) -> dict[str, object]:
    return dict(json.loads((FOLDER / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", schemas())
def test_the_published_schema_is_the_type(name: str) -> None:
    assert published(name) == json.loads(json.dumps(schemas()[name])), (
        "run `python -m harness.commands.schemas`"
    )


def test_every_line_of_a_journal_is_valid(tmp_path: Path) -> None:
    subject = Subject(name="a", base_url="http://127.0.0.1:1", profile_digest="0")
    about = About(
        run="r",
        command="launch",
        environment="embedded",
        rehearsal=True,
        subject=subject,
        parts=(Source.LOAD,),
        seed=1,
        version="0",
    )
    journal = Journal.create(tmp_path / "r", about)
    journal.observe(Observation(source=Source.LOAD, id="x", status=Status.PASS, evidence={"a": [1, None]}))
    journal.resume("after a power cut")
    journal.finish(outcome="complete", seconds=1.5, phases=(Phase(name="x", seconds=1, exit_code=0),))
    lines = (tmp_path / "r" / FILE_NAME).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        jsonschema.validate(json.loads(line), published("journal-line.schema.json"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {**json.loads(lines[1]), "status": "green"}, published("journal-line.schema.json")
        )


def test_the_list_of_requirements_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requirements", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, published("requirements.schema.json"))
    assert len(document["requirements"]) == 128
    speakers = {each["id"]: each["speakers"] for each in document["requirements"]}
    sources = {speaker["source"] for speaker in speakers["API-04"]}
    assert "contract" in sources
    assert {speaker["source"] for speaker in speakers["LOAD-01"]} == {"load", "checklist"}
