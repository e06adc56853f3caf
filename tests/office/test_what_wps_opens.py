"""WPS is not here to be asked: what it is documented to open is held in the XML of every kind of workbook that goes out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest

from budgetbook.by_unit import by_unit
from budgetbook.consolidation import consolidate
from budgetbook.finding import Finding
from budgetbook.findings.feedback import feedback
from budgetbook.findings.workbook import findings_book
from budgetbook.workspace import Workspace
from budgetbook.xlsx.write import write
from tests.conftest import TREE, book, small_city

FIGURES: dict[tuple[str, str, str], str | int] = {("gp_revenue", "10104", "actual"): 5}
FOUND = [
    Finding("R-BAL-01", "error", "不平", unit, form="gp_revenue", line="10104", column="actual") for unit in ("A", "BJ")
]
LEAVES = ("BJ", "GX", "A", "B")
KINDS: dict[str, Callable[[Workspace], bytes]] = {
    **{
        f"{unit['name']}": lambda space, code=unit["code"]: space.package(book(code, FIGURES))  # type: ignore[misc]
        for unit in TREE
    },
    "反馈表": lambda space: write(feedback(space.catalogue, book("A", FIGURES), FOUND, space.stamp(space.unit("A")))),
    "核对结果": lambda space: write(findings_book(space.catalogue, [], FOUND, space.stamp(space.unit("ALL")))),
    "分单位汇总表": lambda space: write(
        by_unit(
            space.catalogue,
            {code: book(code, FIGURES) for code in LEAVES},
            consolidate(space.shape, {code: book(code, FIGURES) for code in LEAVES}),
            space.stamp(space.unit("ALL")),
        )
    ),
}
NEWER = re.compile(r"_xlfn|_xlws|\bcm=\"|\b(?:XLOOKUP|FILTER|UNIQUE|SORT|LET|LAMBDA|TEXTJOIN|CONCAT|IFS|SWITCH)\(")
LISTS = re.compile(r'<dataValidation [^>]*type="list"[^>]*>.*?<formula1>(.*?)</formula1>', re.DOTALL)


@pytest.fixture(params=KINDS, ids=str, scope="module")
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name of a part → its XML, of one kind of workbook."""
    with zipfile.ZipFile(io.BytesIO(KINDS[request.param](small_city(tmp_path_factory.mktemp("city"))))) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


def sheets(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    found = [(name, xml) for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert found
    yield from found


def test_no_formula_is_newer_than_excel_2010(parts: dict[str, str]) -> None:
    assert "xl/metadata.xml" not in parts  # which dynamic arrays need
    assert [] == [(name, found[0]) for name, xml in sheets(parts) if (found := NEWER.search(xml))]


def test_no_array_spills(parts: dict[str, str]) -> None:
    assert [] == [name for name, xml in sheets(parts) if '<f t="array"' in xml]


def test_nothing_hangs_on_an_extension(parts: dict[str, str]) -> None:
    assert [] == [name for name, xml in sheets(parts) if "<extLst" in xml or "x14:" in xml]


def test_an_inline_list_stays_under_255_letters(parts: dict[str, str]) -> None:
    inline = [text for _, xml in sheets(parts) for text in LISTS.findall(xml) if text.startswith(('"', "&quot;"))]
    assert [] == [text for text in inline if len(text.replace("&quot;", '"')) - 2 > 255]


def test_no_protected_sheet_has_an_outline(parts: dict[str, str]) -> None:
    assert [] == [name for name, xml in sheets(parts) if "<sheetProtection" in xml and 'outlineLevel="' in xml]


def test_a_template_has_lists_to_be_held_to(space: Workspace) -> None:
    with zipfile.ZipFile(io.BytesIO(KINDS["甲县"](space))) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name)
    assert '"' in LISTS.findall(xml)[0].replace("&quot;", '"')
    assert "<sheetProtection" in xml
