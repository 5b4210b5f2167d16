"""Decides what a run's evidence means and shows it."""

from reports.write import write_reports

__all__ = ["write_reports"]
