"""The unit tree of a drawn country, as a budgetbook.toml: nation, provinces, cities, counties, each tier with a level of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from budgetbook.settings import CONFIG

NATION = "000000"
SEAT = "BJ"  # after the code of a tier: its own level, 本级


@dataclass(frozen=True, slots=True)
class Size:
    """How many provinces, cities in each, counties in each of these."""

    provinces: int
    cities: int
    counties: int

    def __post_init__(self) -> None:
        if not all(0 < count < 100 for count in (self.provinces, self.cities, self.counties)):
            raise ValueError("1 to 99 provinces, cities, counties")

    def units(self) -> Iterator[tuple[str, str, str, str]]:
        """(code, name, level, parent), parents first."""
        yield from _tier(NATION, "全国", "")
        for province in range(1, self.provinces + 1):
            above = f"{province:02}0000"
            yield from _tier(above, f"省{above[:2]}", NATION)
            for number in range(1, self.cities + 1):
                city = f"{province:02}{number:02}00"
                yield from _tier(city, f"市{city[:4]}", above)
                for county in range(1, self.counties + 1):
                    code = f"{city[:4]}{county:02}"
                    yield code, f"县{code}", "county", city


def _tier(code: str, name: str, parent: str) -> Iterator[tuple[str, str, str, str]]:
    yield code, name, "node", parent
    yield code + SEAT, f"{name}本级", "city", code


def write_tree(size: Size, folder: Path) -> None:
    """The workspace of the whole country."""
    folder.mkdir(parents=True, exist_ok=True)
    head = 'city = "全国"\ncatalogue = "2026"\nseal = "drawn"\n'
    units = "".join(_unit(*unit) for unit in size.units())
    (folder / CONFIG).write_text(head + units, encoding="utf-8")


def _unit(code: str, name: str, level: str, parent: str) -> str:
    above = f'parent = "{parent}"\n' if parent else ""
    tier = "tier = true\n" if level == "node" else ""
    return f'\n[[unit]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\n{above}{tier}'
