"""`python -m tests.country FOLDER PROVINCES CITIES COUNTIES`: a workspace with every return of a drawn country."""

from __future__ import annotations

import argparse
from pathlib import Path

from .files import write_country
from .tree import Size


def main() -> None:
    """Counties are in each city, cities in each province."""
    parser = argparse.ArgumentParser(prog="python -m tests.country", description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("provinces", "cities", "counties"):
        parser.add_argument(name, type=int)
    given = parser.parse_args()
    print(
        f"{write_country(Size(given.provinces, given.cities, given.counties), given.folder)} workbooks: {given.folder}"
    )


if __name__ == "__main__":
    main()
