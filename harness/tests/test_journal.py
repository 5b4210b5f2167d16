"""The journal: what is read is what was written, all of it, or it is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME, About, Journal, JournalError, Phase, follow, read_about, read_journal

WRITER = """
import sys
from pathlib import Path
from harness.evidence import Observation, Source, Status
from harness.journal import Journal
journal = Journal.join(Path(sys.argv[1]))
for number in range(40):
    journal.observe(Observation(source=Source.LOAD, id=f"{sys.argv[2]}/{number}", status=Status.PASS))
"""


def about(**changes: object) -> About:
    fields: dict[str, object] = {
        "run": "r",
        "command": "contract",
        "environment": "embedded",
        "rehearsal": True,
        "subject": None,
        "parts": (Source.CONTRACT,),
        "seed": 1,
        "version": "0",
    }
    return About(**(fields | changes))  # type: ignore[arg-type]  # the fields are those above


def observation(number: int = 0, **changes: object) -> Observation:
    fields: dict[str, object] = {"source": Source.CONTRACT, "id": f"test/{number}", "status": Status.PASS}
    return Observation(**(fields | changes))  # type: ignore[arg-type]  # the fields are those above


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    journal = Journal.create(tmp_path, about())
    for number in range(3):
        journal.observe(observation(number))
    journal.finish(outcome="complete", seconds=1.5, phases=(Phase(name="contract", seconds=1, exit_code=0),))
    return tmp_path


def test_what_is_read_is_what_was_written(finished: Path) -> None:
    record = read_journal(finished)
    assert [entry.id for entry in record.entries] == ["test/0", "test/1", "test/2"]
    assert record.header.about == about()
    assert (record.footer.observations, record.footer.outcome) == (3, "complete")
    assert record.footer.phases[0].name == "contract"
    assert record.of(Source.CONTRACT) == record.entries
    assert record.of(Source.LOAD) == ()


def test_every_kind_of_text_survives(tmp_path: Path) -> None:
    odd = 'quote " backslash \\ newline \n nul \0 separator \u2028 emoji \U0001f642'
    journal = Journal.create(tmp_path, about())
    journal.observe(observation(message=odd, evidence={"deep": [{"text": odd, "nothing": None}]}))
    journal.observe(observation(1, observed="lone \ud800", evidence={"k\udfff": ["\ud800"]}))
    journal.finish(outcome="complete", seconds=0)
    first, second = read_journal(tmp_path).entries
    assert first.message == odd
    assert first.evidence == {"deep": [{"text": odd, "nothing": None}]}
    assert second.observed == "lone \\ud800"
    assert second.evidence == {"k\\udfff": ["\\ud800"]}


def test_long_lines_are_chained_too(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, about())
    for number in range(3):
        journal.observe(observation(number, message="x" * 9000 * number))
    journal.finish(outcome="complete", seconds=0)
    assert len(read_journal(tmp_path).entries) == 3


def _drop(number: int) -> Callable[[list[str]], list[str]]:
    return lambda lines: lines[:number] + lines[number + 1 :]


def _swap(lines: list[str]) -> list[str]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def _change(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace('"pass"', '"fail"'), *lines[2:]]


def _count(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1].replace('"observations":3', '"observations":4')]


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        pytest.param(lambda _: [], "is empty", id="empty"),
        pytest.param(_drop(0), "chain of hashes", id="without its header"),
        pytest.param(_drop(2), "chain of hashes", id="without a line"),
        pytest.param(_drop(4), "no footer", id="without its footer"),
        pytest.param(_swap, "chain of hashes", id="reordered"),
        pytest.param(_change, "chain of hashes", id="a status changed"),
        pytest.param(_count, "counts 4 observations, not 3", id="a count changed"),
        pytest.param(lambda lines: [*lines, lines[-1]], "chain of hashes", id="two footers"),
        pytest.param(
            lambda lines: [*lines[:2], "{}", *lines[2:]], ":3: is not a journal line", id="not a line"
        ),
        pytest.param(
            lambda lines: [*lines[:2], "", *lines[2:]], ":3: is not a journal line", id="an empty line"
        ),
    ],
)
def test_a_journal_that_was_altered_is_refused(
    finished: Path, alter: Callable[[list[str]], list[str]], said: str
) -> None:
    path = finished / FILE_NAME
    lines = alter(path.read_text().splitlines())
    path.write_text("".join(line + "\n" for line in lines))
    with pytest.raises(JournalError, match=said) as caught:
        read_journal(finished)
    assert caught.value.exit_code == ExitCode.UNDECIDED


def test_every_truncation_is_refused(finished: Path) -> None:
    path = finished / FILE_NAME
    whole = path.read_bytes()
    for size in range(0, len(whole), 37):
        path.write_bytes(whole[:size])
        with pytest.raises(JournalError):
            read_journal(finished)


def test_an_unknown_format_is_refused(finished: Path) -> None:
    path = finished / FILE_NAME
    journal = path.read_text().replace('"format":1', '"format":2', 1)
    path.write_text(journal.splitlines()[0] + "\n")
    with pytest.raises(JournalError, match="format 2 is not known; known: 1"):
        read_journal(finished)


def test_a_missing_journal_says_where(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=str(tmp_path)):
        read_journal(tmp_path)


def test_a_torn_line_is_left_for_later_by_followers_and_refused_by_writers(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, about())
    journal.observe(observation(0))
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"kind":"observation","seq":2,')
    assert [entry.id for entry in follow(tmp_path)] == ["test/0"]
    assert read_about(tmp_path) == about()
    with pytest.raises(JournalError, match="torn"):
        journal.observe(observation(1))
    with pytest.raises(JournalError, match="torn"):
        Journal.join(tmp_path)


def test_followers_go_on_where_they_were(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, about())
    journal.observe(observation(0))
    (first,) = follow(tmp_path)
    journal.observe(observation(1))
    assert [entry.id for entry in follow(tmp_path, after=first.seq)] == ["test/1"]


def test_writers_in_several_processes_take_turns(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, about())
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(number)]) for number in range(3)
    ]
    for number in range(40):
        journal.observe(observation(number))
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    journal.finish(outcome="complete", seconds=0)
    record = read_journal(tmp_path)
    assert len(record.entries) == 160
    assert [entry.id for entry in record.entries if entry.id.startswith("1/")] == [
        f"1/{n}" for n in range(40)
    ]


def test_a_second_run_in_the_same_folder_is_refused(finished: Path) -> None:
    before = (finished / FILE_NAME).read_bytes()
    with pytest.raises(UsageError, match="already holds a run"):
        Journal.create(finished, about())
    with pytest.raises(UsageError, match="finished run"):
        Journal.join(finished)
    assert (finished / FILE_NAME).read_bytes() == before


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not writable"):
        Journal.create(tmp_path / "file" / "run", about())


def test_a_resumed_run_says_so_and_stays_whole(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, about())
    journal.observe(observation(0))
    Journal.join(tmp_path).resume("the machine was rebooted")
    journal.observe(observation(1))
    journal.finish(outcome="complete", seconds=0)
    assert len(read_journal(tmp_path).entries) == 2
    kinds = [json.loads(line)["kind"] for line in (tmp_path / FILE_NAME).read_text().splitlines()]
    assert kinds == ["header", "observation", "resumed", "observation", "footer"]
