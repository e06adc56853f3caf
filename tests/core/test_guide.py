"""What a county is told: one text, on the guide sheet of its workbook and on the page that is sent with it."""

from __future__ import annotations

from pathlib import Path

from budgetbook import layout as at
from budgetbook.book import Book
from budgetbook.settings import data_folder
from budgetbook.template import workbook
from budgetbook.workspace import Workspace

GUIDE = (data_folder("templates") / "2026" / "guide.md").read_text(encoding="utf-8")


def test_the_page_for_counties_is_the_guide_of_the_templates() -> None:
    assert GUIDE == (Path(__file__).parents[2] / "docs" / "县级填报说明.md").read_text(encoding="utf-8")


def test_the_guide_sheet_says_every_line_of_it_in_order(space: Workspace) -> None:
    unit = space.unit("甲县")
    made = workbook(space.catalogue, Book.empty(unit, space.shape), space.stamp(unit))
    (sheet,) = (sheet for sheet in made.sheets if sheet.name == at.GUIDE_SHEET)
    told = [line.lstrip("# ") for line in GUIDE.splitlines() if line.strip()]
    assert told == [cell.value for cell in sheet.cells][: len(told)]


def test_the_guide_tells_how_to_fill_what_red_means_and_how_to_explain() -> None:
    assert [] == [
        word
        for word in ("怎么填", "变红是什么意思", "核实的怎样说明", "退回来", "校验", "情况说明")
        if word not in GUIDE
    ]
