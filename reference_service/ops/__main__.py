"""`python -m reference_service.ops [--folder FOLDER]`: write the files that the tools read."""

import argparse
from pathlib import Path

from reference_service.ops.files import rendered


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m reference_service.ops", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    folder: Path = parser.parse_args().folder
    for name, text in rendered().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
