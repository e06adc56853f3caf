"""Money between levels as two sheets: 往来对账表, both sides of every pair and whom to ask; 抵消表, what each node left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from .amount import from_fen
from .book import Book
from .catalogue import Catalogue
from .checks.wording import where
from .consolidation import Consolidated, Pair, first_met, pairs, pairs_of
from .form import Column
from .layout import a1
from .relation import Flow, Term
from .returns import Return
from .shape import Shape
from .sheet import Cell, Role, Sheet, Style
from .unit import Unit

PAIRS, ELIMINATED = "往来对账表", "抵消表"
FIRST = 3
HEADINGS = ("结论", "往来", "栏目", "付方", "付方位置", "付方数", "收方", "收方位置", "收方数", "差额（付减收）",
            "付方联系人", "收方联系人", "付方文件", "收方文件", "规则")  # fmt: skip
WIDTHS = (8.0, 20.0, 18.0, 10.0, 12.0, 14.0, 10.0, 12.0, 14.0, 14.0, 24.0, 24.0, 44.0, 44.0, 11.0)
PAID, RECEIVED, GAP = (HEADINGS.index(heading) for heading in ("付方数", "收方数", "差额（付减收）"))
LEADS = ("汇总单位", "往来", "付方", "付方抵消的科目", "收方", "收方抵消的科目")
SIDES = ("付方抵消", "收方抵消", "差额")
Lead = tuple[Flow, str, str]  # flow, payer, receiver


def flow_sheets(shape: Shape, returns: Mapping[str, Return], result: Consolidated) -> list[Sheet]:
    """Both sheets, for the returns that *result* was consolidated from."""
    books = {code: ret.book.computed() for code, ret in returns.items()}
    found = list(pairs(shape, books))
    gone = {code: list(_eliminated(shape, node.unit, books)) for code, node in result.books.items()}
    return [_pairs_sheet(shape, found, returns), _eliminated_sheet(shape.catalogue, gone)]


def said(found: Sequence[Pair]) -> str:
    """How the reconciliation stands, in one sentence."""
    off = [pair for pair in found if pair.difference]
    if not found:
        return "没有上下级往来。"
    gap = from_fen(sum(abs(pair.difference) for pair in off))
    return f"上下级往来 {len(found)} 对，" + (f"不符 {len(off)} 对，相差 {gap:,} 万元。" if off else "全部相符。")


def _pairs_sheet(shape: Shape, found: Sequence[Pair], returns: Mapping[str, Return]) -> Sheet:
    """Pairs that differ first, largest first."""
    ordered = sorted(found, key=lambda pair: -abs(pair.difference))
    cells = [
        Cell(0, 0, f"{shape.catalogue.year}年上下级往来对账表", Style("title")),
        Cell(1, 0, f"单位：万元。{said(found)}不符的请付方、收方按联系电话核对，改正后重报。", Style("unit_left")),
    ]
    cells += [Cell(FIRST - 1, column, heading, Style("heading")) for column, heading in enumerate(HEADINGS)]
    for row, pair in enumerate(ordered, start=FIRST):
        cells += _pair_row(shape, row, pair, returns)
    last = FIRST + max(len(ordered), 1) - 1
    filtered = (FIRST - 1, 0, last, len(HEADINGS) - 1)
    return Sheet(
        PAIRS, cells, WIDTHS, heads=FIRST, frozen=3, heights={0: 28.0}, filtered=filtered, merged=((0, 0, 0, GAP),)
    )


def _pair_row(shape: Shape, row: int, pair: Pair, returns: Mapping[str, Return]) -> Iterator[Cell]:
    payer, receiver, flow = returns[pair.payer.code], returns[pair.receiver.code], pair.flow
    paid_at = shape.place(flow.payer.form, f"{flow.payer.line}.{pair.receiver.code}", pair.column)
    got_at = shape.place(flow.receiver[0].form, flow.receiver[0].line, pair.column)
    role: Role = "alert" if pair.difference else "name"
    words = {
        "结论": "不符" if pair.difference else "相符",
        "往来": flow.name,
        "栏目": shape.catalogue.form(flow.payer.form).column(pair.column).heading,
        "付方": pair.payer.name,
        "付方位置": _spot(payer, shape, paid_at),
        "收方": pair.receiver.name,
        "收方位置": _spot(receiver, shape, got_at),
        "付方联系人": contact(payer),
        "收方联系人": contact(receiver),
        "付方文件": PurePath(payer.file).name,
        "收方文件": PurePath(receiver.file).name,
        "规则": flow.rule,
    }
    for heading, text in words.items():
        yield Cell(row, HEADINGS.index(heading), text, Style(role if heading == "结论" else "name"))
    yield _amount(row, PAID, pair.paid)
    yield _amount(row, RECEIVED, pair.received)
    yield _amount(row, GAP, pair.difference, f"=ROUND(SUM({a1(row, PAID)})-SUM({a1(row, RECEIVED)}),6)")


def _spot(ret: Return, shape: Shape, place: int) -> str:
    """A cell by the number of its sheet, or the name if somebody has changed that."""
    lead, cell = where(ret, shape, place)
    number = shape.catalogue.form(shape.keys[place][0]).sheet
    return f"{number}!{cell.cell}" if cell and cell.sheet.startswith(number) else lead


def contact(ret: Return) -> str:
    """Whom to ask, from the cover: name and telephone."""
    texts = ret.book.texts
    name = texts.get(("cover", "preparer", "text"), "")
    return f"{name} {texts.get(('cover', 'phone', 'text')) or '未留电话'}".strip()


def _amount(row: int, column: int, fen: int | None, formula: str = "") -> Cell:
    style = Style("total" if formula else "fixed", "amount")
    return Cell(row, column, None if fen is None else float(from_fen(fen)), style, formula)


def _eliminated(shape: Shape, node: Unit, books: Mapping[str, Book]) -> Iterator[Pair]:
    """The pairs left out at one node; what a receiver got is left out once, beside the first of its payers."""
    for receiver, payers in first_met(shape.catalogue.tree, node):
        for number, payer in enumerate(payers):
            for pair in pairs_of(shape, books[payer.code], books[receiver.code]):
                yield replace(pair, received=None) if number else pair


def _eliminated_sheet(catalogue: Catalogue, gone: Mapping[str, Sequence[Pair]]) -> Sheet:
    """One line a pair of units and flow, by node, with a total for each node; the years side by side."""
    measures = catalogue.form(catalogue.flows[0].payer.form).amounts if catalogue.flows else ()
    cells = [
        Cell(0, 0, f"{catalogue.year}年汇总抵消表", Style("title")),
        Cell(
            1, 0, "单位：万元。每个汇总单位抵消的上下级往来，一笔一行；差额不为零的见往来对账表。", Style("unit_left")
        ),
        *(Cell(FIRST, column, heading, Style("heading")) for column, heading in enumerate(LEADS)),
    ]
    for number, measure in enumerate(measures):
        start = len(LEADS) + len(SIDES) * number
        cells.append(Cell(FIRST - 1, start, measure.heading, Style("heading")))
        cells += [Cell(FIRST, start + at, side, Style("heading")) for at, side in enumerate(SIDES)]
    row = FIRST + 1
    for code, found in gone.items():
        lines = _lines(found)
        for lead, sides in lines.items():
            cells += _line_row(catalogue, row, catalogue.tree[code].name, lead, sides, measures)
            row += 1
        if lines:
            cells += _total_row(row, catalogue.tree[code].name, list(lines.values()), measures)
            row += 1
    wide = [12.0, 20.0, 10.0, 26.0, 10.0, 26.0, *[14.0] * (len(SIDES) * len(measures))]
    headed = [(FIRST - 1, start, FIRST - 1, start + 2) for start in range(len(LEADS), len(wide), len(SIDES))]
    return Sheet(
        ELIMINATED,
        cells,
        wide,
        heads=FIRST + 1,
        frozen=3,
        heights={0: 28.0},
        merged=((0, 0, 0, len(wide) - 1), *headed),
    )


def _lines(found: Sequence[Pair]) -> dict[Lead, dict[str, Pair]]:
    """Flow, payer and receiver → column → pair."""
    lines: dict[Lead, dict[str, Pair]] = {}
    for pair in found:
        if pair.paid is not None or pair.received is not None:
            lines.setdefault((pair.flow, pair.payer.name, pair.receiver.name), {})[pair.column] = pair
    return lines


def _line_row(
    catalogue: Catalogue, row: int, node: str, lead: Lead, pairs: Mapping[str, Pair], measures: Sequence[Column]
) -> Iterator[Cell]:
    flow, payer, receiver = lead
    words = (node, flow.name, payer, _account(catalogue, flow.payer), receiver, _account(catalogue, flow.receiver[0]))
    for column, text in enumerate(words):
        yield Cell(row, column, text, Style("name"))
    for number, measure in enumerate(measures):
        start, pair = len(LEADS) + len(SIDES) * number, pairs.get(measure.id)
        yield _amount(row, start, pair.paid if pair else None)
        yield _amount(row, start + 1, pair.received if pair else None)
        yield _amount(row, start + 2, pair.difference if pair else 0, _gap(row, start))


def _total_row(row: int, node: str, lines: Sequence[Mapping[str, Pair]], measures: Sequence[Column]) -> Iterator[Cell]:
    for column, text in enumerate((node, "合计", "", "", "", "")):
        yield Cell(row, column, text, Style("name", strong=True))
    for number, measure in enumerate(measures):
        start, found = len(LEADS) + len(SIDES) * number, [line[measure.id] for line in lines if measure.id in line]
        sums = [sum(pair.paid or 0 for pair in found), sum(pair.received or 0 for pair in found)]
        for column, fen in enumerate(sums, start=start):
            above = f"{a1(row - len(lines), column)}:{a1(row - 1, column)}"
            yield _amount(row, column, fen, f"=SUM({above})")
        yield _amount(row, start + 2, sums[0] - sums[1], _gap(row, start))


def _account(catalogue: Catalogue, term: Term) -> str:
    form = catalogue.form(term.form)
    return f"{form.sheet} {form.line(term.line).name}"


def _gap(row: int, paid: int) -> str:
    return f"=ROUND(SUM({a1(row, paid)})-SUM({a1(row, paid + 1)}),6)"
