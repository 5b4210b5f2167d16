"""The marketplace's own checklists, one file a phase."""

from pathlib import Path

from checklists.model import PhaseName

_FILES = {
    PhaseName.PRE_LAUNCH: "pre_launch.yaml",
    PhaseName.LAUNCH_DAY: "launch_day.yaml",
    PhaseName.POST_LAUNCH: "post_launch.yaml",
}


def checklist_of(phase: PhaseName) -> Path:
    return Path(__file__).with_name(_FILES[phase])
