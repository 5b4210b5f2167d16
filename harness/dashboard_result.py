"""What a dashboard's panels showed: the file `dashboard.json` of a run folder, from which reports draw."""

from datetime import datetime
from pathlib import Path

import msgspec

from harness.errors import CouldNotDecideError

FORMAT = 1
FILE_NAME = "dashboard.json"


class PanelSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a panel; `points` are (seconds since the result's `started_at`, value or null)."""

    name: str
    points: tuple[tuple[float, float | None], ...]


class PanelLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that is drawn across the panel, in its unit."""

    name: str
    value: float


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One panel. Without series it has nothing to draw, and `note` says why."""

    title: str
    unit: str = ""
    row: str = ""
    series: tuple[PanelSeries, ...] = ()
    limits: tuple[PanelLimit, ...] = ()
    note: str = ""


class DashboardResult(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard over a stretch of time; `seconds` is how long that was."""

    format: int = FORMAT
    title: str
    started_at: datetime
    seconds: float
    panels: tuple[Panel, ...]


def read_dashboard(folder: Path) -> DashboardResult | None:
    """The dashboard that a run left, None where it left none. Raises CouldNotDecideError."""
    path = folder / FILE_NAME
    try:
        result = msgspec.json.decode(path.read_bytes(), type=DashboardResult)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CouldNotDecideError(f"{path} cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CouldNotDecideError(f"{path} is not a dashboard: {error}", hint="record it again") from None
    if result.format != FORMAT:
        raise CouldNotDecideError(f"{path}: format {result.format} is not known", hint=f"known: {FORMAT}")
    return result


def write_dashboard(folder: Path, result: DashboardResult) -> None:
    """Raises OSError."""
    (folder / FILE_NAME).write_bytes(msgspec.json.encode(result))
