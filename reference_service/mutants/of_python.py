"""Mutants of Python files, by the operators of cosmic-ray."""

from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from reference_service.mutants.mutant import PACKAGE, Mutant

FOLDERS = ("api", "domain", "workers")
# Annotations are full of `|`; a module that does not load shows nothing of the suite.
LEFT_OUT = ("_BitOr_", "RemoveDecorator", "ExceptionReplacer", "VariableReplacer", "VariableInserter")


def operators() -> list[str]:
    return [
        name.removeprefix("core/")
        for name in operator_names()
        if name.startswith("core/") and not any(word in name for word in LEFT_OUT)
    ]


def all_of_python() -> Iterator[Mutant]:
    for folder in FOLDERS:
        for path in sorted((PACKAGE / folder).glob("*.py")):
            yield from _of(path)


def _of(path: Path) -> Iterator[Mutant]:
    nodes = list(ast_nodes(get_ast(path.read_text("utf-8"))))
    file = str(path.relative_to(PACKAGE))
    for name in operators():
        operator = get_operator(f"core/{name}")()
        places = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        yield from (Mutant(file, name, number) for number in range(places))


def mutated(source: str, mutant: Mutant) -> str | None:
    """The source with the change; None where there is no such change or place."""
    if mutant.change not in operators():
        return None
    changed = mutate_code(source, get_operator(f"core/{mutant.change}")(), mutant.number)
    return None if changed is None else str(changed)
