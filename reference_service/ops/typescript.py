"""`python -m reference_service.ops.typescript FILE`: the dashboard, for Grafana's own types to judge."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference_service.ops.dashboard import dashboard_document

# TypeScript takes no text for a member of an enum.
_MEMBERS: Mapping[tuple[str, str], str] = {
    ("mode", "absolute"): "ThresholdsMode.Absolute",
    ("type", "value"): "MappingType.ValueToText",
}
_SOURCE = """\
import {{ MappingType, ThresholdsMode }} from "@grafana/schema";
import type {{ Dashboard, Panel, RowPanel, VariableModel }} from "@grafana/schema";
export const panels: Array<Panel | RowPanel> = {panels};
export const variables: VariableModel[] = {variables};
export const dashboard: Dashboard = {dashboard};
"""


def as_typescript(document: Mapping[str, Any]) -> str:
    return _SOURCE.format(
        panels=_literal(document["panels"]),
        variables=_literal(document["templating"]["list"]),
        dashboard=_literal(document),
    )


def _literal(value: Any, key: str = "") -> str:
    if isinstance(value, Mapping):
        fields = (f"{json.dumps(name)}: {_literal(item, name)}" for name, item in value.items())
        return "{" + ",\n".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ",\n".join(_literal(item) for item in value) + "]"
    if isinstance(value, str):
        return _MEMBERS.get((key, value), json.dumps(value))
    return json.dumps(value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(as_typescript(dashboard_document()), encoding="utf-8")
