"""Mutants of the queries, their names, and how they are drawn. Those of Python files are cosmic-ray's."""

import json

import pytest

from reference_service.faults.fault import Level
from reference_service.mutants import of_sql
from reference_service.mutants.copied import importable
from reference_service.mutants.mutant import PACKAGE, Mutant, left_out, sample
from reference_service.mutants.survey import _with_mutants

QUERY = """\
-- ORDER BY id DESC
SELECT DISTINCT id FROM vendors WHERE status = 'active' AND rating >= $1 AND tags @> $2
ORDER BY rating DESC NULLS LAST, id LIMIT 20
"""


@pytest.mark.parametrize(
    ("change", "number", "shows"),
    [
        ("desc_to_asc", 0, "rating ASC NULLS"),
        ("last_to_first", 0, "NULLS FIRST"),
        ("and_to_or", 1, "$1 OR tags"),
        ("at_least_to_more", 0, "rating > $1"),
        ("distinct_to_all", 0, "SELECT  id"),
        ("equal_to_other", 0, "status <> 'active'"),
        ("all_to_any", 0, "tags && $2"),
        ("number", 0, "LIMIT 21"),
        ("active", 0, "'inactive'"),
    ],
)
def test_one_place_is_changed(change: str, number: int, shows: str) -> None:
    changed = of_sql.mutated(QUERY, Mutant("q.sql", change, number))
    assert changed is not None
    assert shows in changed
    assert changed.startswith("-- ORDER BY id DESC\n")  # a comment is no place
    assert of_sql.mutated(QUERY, Mutant("q.sql", change, number + 9)) is None


def test_every_mutant_of_the_queries_differs_from_its_query() -> None:
    mutants = list(of_sql.all_of_sql())
    assert len(mutants) > 100
    for mutant in mutants:
        source = (PACKAGE / mutant.file).read_text("utf-8")
        assert of_sql.mutated(source, mutant) not in (None, source), mutant.name


def test_a_name_tells_the_mutant() -> None:
    mutant = Mutant("storage/queries/search.sql", "number", 3)
    assert Mutant.named(mutant.name) == mutant
    assert mutant.level is Level.SEEDED
    assert Mutant("workers/partition_manager.py", "AddNot", 0).level is None
    assert Mutant("storage/queries/aggregate_uptime.sql", "up", 0).level is Level.WORKERS


def test_what_is_left_out_is_counted_with_why() -> None:
    mutants = [Mutant("storage/queries/uptimes.sql", "number", place) for place in range(3)]
    mutants += [Mutant("storage/queries/search.sql", "number", 0), Mutant("ops/rules.py", "AddNot", 0)]
    why = "it feeds metrics of scheduled workers, of which a mutant has none"
    assert left_out(mutants) == {
        ("storage/queries/uptimes.sql", why): 3,
        ("ops/rules.py", "no level of the suite is named for it"): 1,
    }


def test_every_mutant_of_the_queries_is_tried_or_left_out_for_a_reason_of_its_own() -> None:
    untold = {m.file for m in of_sql.all_of_sql() if not m.level and "no level" in m.left_out}
    assert not untold


@pytest.mark.parametrize(
    ("file", "requirements"),
    [
        ("domain/rate.py", ("PRF-06",)),
        ("api/middleware.py", ("PRF-06",)),
        ("domain/health.py", ()),
        ("api/search.py", ()),
    ],
)
def test_what_may_show_in_the_limiter_alone_runs_with_its_tests(
    file: str, requirements: tuple[str, ...]
) -> None:
    assert Mutant(file, "AddNot", 0).requirements == requirements


def test_only_what_prepares_or_reads_prepared_answers_is_served_with_them() -> None:
    with_them = {m.file for m in of_sql.all_of_sql() if m.of_prepared_answers}
    assert "storage/queries/prepared_search.sql" in with_them
    assert "storage/queries/prepare_words.sql" in with_them
    assert "storage/queries/search_figures.sql" in with_them
    assert "storage/queries/search.sql" not in with_them
    assert Mutant("storage/queries/prepared_search.sql", "number", 0).level is Level.SEEDED


def _loads(_: Mutant) -> bool:
    return True


def test_the_same_seed_draws_the_same() -> None:
    mutants = list(of_sql.all_of_sql())
    assert sample(mutants, 9, 1, _loads) == sample(reversed(mutants), 9, 1, _loads)
    assert sample(mutants, 9, 1, _loads) != sample(mutants, 9, 2, _loads)
    assert all(mutant.level for mutant in sample(mutants, len(mutants), 1, _loads).drawn)


def test_what_does_not_load_is_passed_over_and_does_not_make_the_sample_smaller() -> None:
    mutants = list(of_sql.all_of_sql())
    whole = sample(mutants, 9, 1, _loads)
    broken = whole.drawn[4]
    found = sample(mutants, 9, 1, lambda mutant: mutant != broken)
    assert found.passed_over == (broken,)
    assert len(found.drawn) == 9
    assert {*whole.drawn} - {*found.drawn} == {broken}
    assert whole.passed_over == ()
    assert len(sample(mutants, len(mutants) * 2, 1, _loads).drawn) <= len(mutants)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("LARGEST_ID = 1", True), ("LARGEST_ID = 1 +", False), ("LARGEST_ID = () & 1", False)],
)
def test_a_module_that_python_cannot_import_does_not_load(line: str, expected: bool) -> None:
    assert importable(Mutant("domain/vendor_key.py", "NumberReplacer", 0), f"{line}\n") is expected


def test_a_profile_gets_the_mutants_in_the_place_of_the_faults() -> None:
    faults = ["python", "-m", "reference_service.faults"]
    given = json.dumps({"name": "r", "variants": {"list": faults, "start": [*faults, "{name}"]}})
    profile = _with_mutants(given, ["a.sql~number~7"])
    assert "reference_service.faults" not in profile
    assert "--list=a.sql~number~7" in profile
    assert "'{name}'" in profile
