"""The door: takes Ctrl-C even while everything else is still being imported."""

import sys


def main() -> None:
    try:
        from harness.cli import run  # noqa: PLC0415  it takes a tenth of a second

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        print("launchkit: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
