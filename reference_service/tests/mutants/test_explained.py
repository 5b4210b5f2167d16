"""The mutants that are explained: what is wrong in the file is told with its place."""

from pathlib import Path

import pytest
import yaml

from reference_service.mutants.applied import changed_line
from reference_service.mutants.explained import FILE, ExplainedError, read_explained
from reference_service.mutants.mutant import PACKAGE, Mutant

MUTANT = Mutant("storage/queries/search.sql", "active", 0)
LINE = "WHERE v.status = 'inactive' {conditions}"
GOOD = f"""\
# a comment
{MUTANT.name}:
  becomes: "{LINE}"
  reason: because it is so
"""


def _read(path: Path, text: str) -> str:
    """What is wrong with it."""
    file = path / "explained.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ExplainedError) as caught:
        read_explained(file)
    return str(caught.value).removeprefix(f"{file}:")


def test_an_entry_is_read(tmp_path: Path) -> None:
    file = tmp_path / "explained.yaml"
    file.write_text(GOOD, "utf-8")
    (found,) = read_explained(file).values()
    assert (found.mutant, found.becomes, found.reason) == (MUTANT, LINE, "because it is so")
    file.write_text("# nothing yet\n", "utf-8")
    assert read_explained(file) == {}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("search.sql~active~0:", "search.sql~active~7:", "2: there is no mutant"),
        ("search.sql~active~0:", "sarch.sql~active~0:", "2: there is no mutant"),
        (
            "search.sql~active~0:",
            "uptimes.sql~active~0:",
            "2: storage.queries.uptimes.sql~active~0 is not tried",
        ),
        (
            "search.sql~active~0:",
            "search.sql~active~-1:",
            "2: storage.queries.search.sql~active~-1 is no mutant's",
        ),
        ("search.sql~active~0:", "search:", "2: storage.queries.search is no mutant's name"),
        ("search.sql~active~0:", "search.sql~activ~0:", "2: there is no mutant"),
        ("'inactive'", "'gone'", "2: storage.queries.search.sql~active~0 is another mutant now: it makes"),
        ("  reason: because it is so\n", "", "2: storage.queries.search.sql~active~0 has no reason"),
        ("reason: because", "raison: because", "4: raison is not expected here; known: becomes, reason"),
        ("because it is so", "[because]", "4: must be text"),
        ("because it is so", "''", "4: must be text"),
        (GOOD, "- one\n", "1: must be a mapping"),
        (GOOD, GOOD + GOOD, "6: storage.queries.search.sql~active~0 is given twice"),
        (GOOD, "a: [", " cannot be read: while parsing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert was in GOOD
    assert _read(tmp_path, GOOD.replace(was, becomes)).startswith(told)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExplainedError, match="cannot be read"):
        read_explained(tmp_path / "explained.yaml")


def test_the_explained_mutants_are_what_they_were() -> None:
    given = yaml.safe_load(FILE.read_text("utf-8"))

    def becomes(mutant: Mutant) -> str | None:
        """Those of Python files need cosmic-ray, and are looked at when the mutants are tried."""
        return changed_line(mutant) if mutant.file.endswith(".sql") else given[mutant.name]["becomes"]

    assert read_explained(becomes=becomes).keys() == given.keys()


def test_the_line_that_a_mutant_changes() -> None:
    assert changed_line(MUTANT) == LINE
    assert changed_line(Mutant("storage/queries/search.sql", "active", 9)) is None
    assert LINE not in (PACKAGE / MUTANT.file).read_text("utf-8")
