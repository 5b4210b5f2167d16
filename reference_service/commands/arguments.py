"""Command lines: argparse, whose complaints are one line."""

import argparse
import sys
from typing import NoReturn


class Arguments(argparse.ArgumentParser):
    """A parser that ends the process with 2 and one line on a wrong call."""

    def error(self, message: str) -> NoReturn:
        print(f"reference_service {self.prog}: {message}", file=sys.stderr)
        raise SystemExit(2)


def positive(text: str) -> int:
    """A whole number of at least 1, for `type=`."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value
