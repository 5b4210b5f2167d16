"""sql: a question to the target's database, each column of each row a value that can be expected."""

from dataclasses import dataclass, field

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context
from checklists.probes.database import query, value
from checklists.units import Unit, show
from harness.target import Target


@dataclass(frozen=True, slots=True)
class SqlProbe:
    text: str
    parameters: dict[str, str] = field(default_factory=dict)

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        return self.text

    def ask(self, context: Context) -> Answer:
        columns, rows = query(self.text, self.parameters, context)
        values = {name: tuple(value(row[at]) for row in rows) for at, name in enumerate(columns)}
        lines = [" | ".join(columns), *(" | ".join(show(value(cell)) for cell in row) for row in rows)]
        return Answer(
            Facts(words={**values, "rows": (len(rows),)}),
            output="\n".join(lines).encode(),
            details={"rows": len(rows)},
        )


def _read(reading: Reading) -> SqlProbe:
    return SqlProbe(read.text(reading.node), reading.fields.pairs("parameters"))


KIND = Kind(
    key="sql",
    read=_read,
    vocabulary=Vocabulary(words={"rows": Unit.NUMBER}, columns=True, positions=True),
    siblings=("parameters",),
)
