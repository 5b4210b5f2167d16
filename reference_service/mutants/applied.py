"""A mutant's file with the change in it."""

from reference_service.mutants.mutant import PACKAGE, Mutant


def applied(mutant: Mutant) -> str | None:
    """The whole file; None where there is no such file or place."""
    path = PACKAGE / mutant.file
    if not path.is_file():
        return None
    source = path.read_text("utf-8")
    if mutant.file.endswith(".sql"):
        from reference_service.mutants.of_sql import mutated as of_sql  # noqa: PLC0415

        return of_sql(source, mutant)
    from reference_service.mutants.of_python import mutated as of_python  # noqa: PLC0415 - needs cosmic-ray

    return of_python(source, mutant)


def changed_line(mutant: Mutant) -> str | None:
    """The first line that the mutant makes another, as it becomes; None where there is none."""
    changed = applied(mutant)
    if changed is None:
        return None
    before = (PACKAGE / mutant.file).read_text("utf-8").splitlines()
    pairs = zip(before, changed.splitlines(), strict=False)
    return next((becomes.strip() for was, becomes in pairs if was != becomes), None)
