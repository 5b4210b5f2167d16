"""The timeline as CSV, for spreadsheets; pure."""

import csv
import io

import msgspec

from harness.load_result import LoadResult, Second


def timeline_csv(result: LoadResult) -> str:
    """A header and a line a second, empty where there is no figure; the last column is the run's mode."""
    names = [field.name for field in msgspec.structs.fields(Second)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "mode"])
    for second in result.timeline:
        values = [getattr(second, name) for name in names]
        writer.writerow([*("" if value is None else value for value in values), result.mode])
    return text.getvalue()
