"""Totals pasted over as values: a few are named, many are one note of their form, all forms one note of the file."""

from __future__ import annotations

import re
from dataclasses import replace

from budgetbook.door.preflight import preflight
from budgetbook.finding import Finding
from budgetbook.returns import Facts, Return, read_return
from budgetbook.xlsx.contents import Contents
from budgetbook.xlsx.parts import Parts
from budgetbook.xlsx.read import read
from tests.conftest import small_shape
from tests.speed.test_two_ways import PACKAGES

FORMULA = re.compile(rb'(<c r="([A-Z]+)[0-9]+"[^<>]*>)<f>[^<]*</f>')
PACKAGE = PACKAGES["A"]
FORMS = [name for name in Parts(PACKAGE).names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]


def pasted(kept: bytes, *forms: str, first: int = 0) -> bytes:
    """Values where formulas were in these parts, of all or the *first* few, but for the columns that are *kept*."""
    parts = Parts(PACKAGE)

    def value(found: re.Match[bytes]) -> bytes:
        return found[0] if found[2] in kept.split() else found[1]

    return parts.with_replaced({form: FORMULA.sub(value, parts.content(form), first) for form in forms})


def both(content: bytes) -> list[Return]:
    verdict, found = preflight(content), []
    for plain in (verdict.plain, {}):
        ret = read_return(small_shape(), read(content, Contents(verdict.parts, plain)), "a.xlsx", "")
        assert isinstance(ret, Return)
        found.append(ret)
    return found


def told(ret: Return) -> list[Finding]:
    return [each for each in ret.findings if each.rule == "K-03"]


def part(form: str) -> str:
    """The part of a form in which some totals stand."""
    mark = read(PACKAGE)
    names = list(mark.grids)
    number = next(at for at, name in enumerate(names, start=1) if mark.grids[name].at(0, 0) == f"form:{form}")
    return f"xl/worksheets/sheet{number}.xml"


REVENUE = part("gp_revenue")


def test_a_form_without_any_formula_is_one_note_the_same_both_ways() -> None:
    short, long = both(pasted(b"", REVENUE))
    (found,) = told(short)
    assert short.findings == long.findings
    assert ("note", "gp_revenue") == (found.severity, found.form)
    assert "的合计公式全部被改成了数值（共 " in found.says and f"从 {found.cell} 起" in found.says


def test_many_of_the_totals_of_a_form_are_one_note_with_their_columns() -> None:
    short, long = both(pasted(b"G", REVENUE))
    (found,) = told(short)
    assert short.findings == long.findings
    assert "的合计公式有 " in found.says and "在 D、E、F" in found.says


def test_a_few_totals_are_named_one_by_one() -> None:
    short, long = both(pasted(b"", REVENUE, first=3))
    assert short.findings == long.findings
    assert ["D5", "E5", "F5"] == [each.cell for each in told(short)]
    assert all("的合计公式被改成了数值，汇总时按明细重新计算" in each.says for each in told(short))


def test_a_book_without_any_formula_is_one_note_with_its_forms_folded_under_it() -> None:
    short, long = both(pasted(b"", *FORMS))
    (found,) = told(short)
    assert short.findings == long.findings
    assert ("note", True) == (found.severity, "张表的合计公式全部被改成了数值" in found.says)
    assert len(found.echoes) == len({each.form for each in found.echoes}) > 2


def test_the_receipt_has_what_was_pasted_over() -> None:
    for ret in both(pasted(b"", REVENUE)):
        assert ["合计公式全部被改成了数值" in words for each in ret.receipts for words in each.recovered] == [True]


def test_nothing_is_told_where_formulas_are_not_known() -> None:
    assert not Facts().tells_formulas
    source = read(pasted(b"", *FORMS))
    unknown = {name: replace(grid, look=Facts, glance=None) for name, grid in source.grids.items()}
    ret = read_return(small_shape(), replace(source, grids=unknown), "a.ods", "")
    assert isinstance(ret, Return)
    assert [] == told(ret)


def test_a_return_as_it_was_issued_has_nothing_pasted() -> None:
    assert [[], []] == [told(ret) for ret in both(PACKAGE)]
