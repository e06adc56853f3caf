"""A form whose hidden keys are gone is read by what is printed; what is left of them is furniture, and one note says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from budgetbook.returns import Return

from .filled_return import FILLED
from .test_told import cover, returned, transfers

Sheet = Callable[[Workbook], Worksheet]


def without_keys(sheet: Sheet) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        page = sheet(book)
        for row in range(1, page.max_row + 1):
            page.cell(row, 1).value = None

    return edit


def without_column(book: Workbook) -> None:
    page = transfers(book)
    for block in list(page.merged_cells.ranges):
        page.unmerge_cells(str(block))
    page.delete_cols(1)


def only(kept: str) -> Callable[[Workbook], None]:
    """One cell left of the row that holds the keys of columns."""

    def edit(book: Workbook) -> None:
        for cell in transfers(book)[4]:
            cell.value = cell.value if cell.coordinate == kept else None

    return edit


def keys_told(ret: Return) -> list[tuple[str, str]]:
    return [(each.rule, each.severity) for each in ret.findings if "标识" in each.says and "移动" not in each.says]


def is_read_in_full(ret: Return) -> bool:
    entries, held = ret.book.shape.level("county").entries, ret.accounts
    same = np.array_equal(FILLED.fen[entries], ret.book.fen[entries])
    return same and held.content == held.placed + held.labels + held.reported and not held.reported


@pytest.mark.parametrize("edit", [without_keys(transfers), without_keys(cover), without_column])
def test_a_form_without_its_keys_is_one_note_and_nothing_of_ours_is_to_be_deleted(edit: object) -> None:
    ret = returned(edit)  # type: ignore[arg-type]  # one of the edits above
    assert [("K-08", "note")] == keys_told(ret)
    assert [] == [each.says for each in ret.findings if each.rule == "K-07"]
    assert is_read_in_full(ret)


@pytest.mark.parametrize("kept", ["A4", "D4"])
def test_what_is_left_of_the_keys_of_columns_is_furniture(kept: str) -> None:
    ret = returned(only(kept))
    assert [("K-01", "note")] == keys_told(ret)
    assert is_read_in_full(ret)


def test_a_row_of_keys_without_its_mark_is_still_what_tells_the_columns() -> None:
    def edit(book: Workbook) -> None:
        transfers(book)["A4"].value = None
        transfers(book)["D3"].value = "决算"

    ret = returned(edit)
    assert ([], True) == (keys_told(ret), is_read_in_full(ret))


def test_a_figure_beside_the_keys_is_reported_as_before() -> None:
    def edit(book: Workbook) -> None:
        page = transfers(book)
        without_keys(transfers)(book)
        page.cell(4, page.max_column + 1).value = 500

    assert [True] == ["内容“500”" in each.says for each in returned(edit).findings if each.rule == "K-07"]
