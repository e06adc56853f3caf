"""The words of the sample: covers, 情况说明, and the reason of every figure that moves a lot. All marked as an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from budgetbook.amount import from_fen, rounded
from budgetbook.book import Book
from budgetbook.form import Form
from budgetbook.shape import visible

from .tables import CITY, ZONE, rows

COVER = {
    "basis": "草案",
    "calibre": "快报",
    "stage": "定稿",
    "preparer": "示例填报人",
    "head": "示例负责人",
    "date": "2026-01-20",
}
LARGE = 1000 * 1_000_000  # fen: a figure worth a word
HUNDREDTHS = 100

# form → (column, the column it is held against, lowest and highest percentage that needs no word)
REVENUE = (
    ("actual", "prior", 70, 130),
    ("actual", "initial", 70, 130),
    ("actual", "adjusted", 90, 110),
    ("budget", "actual", 80, 120),
)
SPENDING = (("actual", "prior", 70, 130), ("budget", "initial", 80, 120), ("budget", "actual", 80, 120))
EXECUTED = ("actual", "adjusted", 92, 100)  # totals of spending
MOVES = {
    "gp_revenue": REVENUE,
    "fund_revenue": REVENUE,
    "capital_revenue": REVENUE,
    "si_revenue": REVENUE,
    "gp_expenditure": SPENDING,
    "fund_expenditure": SPENDING,
    "capital_expenditure": SPENDING,
    "si_expenditure": SPENDING,
}
Text = tuple[str, str, str, str, str]  # unit, form, line, column, text

OVERSPENT = {
    "capital_expenditure": "年末产权转让收入用于当年支出，来不及办理预算调整；公布的全市数减市级数即有这一差额，示例如实保留",
    "si_expenditure": "待遇按政策据实发放，领取人数增加；公布的全市数减市级数即有这一差额，示例如实保留",
}


def texts(books: Mapping[str, Book]) -> Iterator[Text]:
    """Every text of every leaf, in the order of *books*."""
    for unit, book in books.items():
        for line, words in (COVER | {"phone": f"0391-0000{list(books).index(unit):03d}"}).items():
            yield unit, "cover", line, "text", words
        for row in rows("explanations"):
            yield (
                unit,
                "explanation",
                row["line"],
                "text",
                _explained(book, row["city" if unit in _approved_by_city(row["line"]) else "county"]),
            )
        yield from _reasons(book)


def _approved_by_city(line: str) -> tuple[str, ...]:
    """The units whose text is the city's: a development zone has no congress of its own."""
    return (CITY, ZONE) if line.startswith("approval") else (CITY,)


def _explained(book: Book, words: str) -> str:
    marked = "" if book.unit.code == CITY or "示例" in words else "（示例数据，县级数为合成数）"
    return (
        words.format(
            name=book.unit.name,
            empty=_empty(book),
            revenue=_amount(book, "gp_revenue", "T_GPB_R", "actual"),
            revenue_budget=_amount(book, "gp_revenue", "T_GPB_R", "budget"),
            revenue_growth=_growth(book, "gp_revenue", "T_GPB_R"),
            debt=_amount(book, "debt_limit", "D1.D", "actual"),
            expenditure=_amount(book, "gp_expenditure", "T_GPB_E", "actual"),
            expenditure_budget=_amount(book, "gp_expenditure", "T_GPB_E", "budget"),
            progress=_percent(book.value("gp_expenditure", "T_GPB_E", "adjusted_pct")),
        )
        + marked
    )


def _empty(book: Book) -> str:
    shape = book.shape
    filled_in = [
        form
        for form in shape.catalogue.at(book.unit.level)
        if shape.level(book.unit.level).entries[shape.span(form)].any()
    ]
    empty = [form.title for form in filled_in if not book.given[shape.span(form)].any()]
    return f"{'、'.join(empty)}无数据，本地区无此项收支" if empty else "无空表"


def _amount(book: Book, form: str, line: str, column: str) -> str:
    return str(from_fen(book.at(form, line, column) or 0))


def _percent(value: Fraction | None) -> str:
    return "—" if value is None else f"{rounded(abs(value) * 100, 1)}%"


def _growth(book: Book, form: str, line: str) -> str:
    value = book.value(form, line, "growth")
    return ("增长" if value is None or value >= 0 else "下降") + _percent(value)


def _reasons(book: Book) -> Iterator[Text]:
    for form_id in MOVES:
        form = book.shape.catalogue.form(form_id)
        for line in visible(form, book.unit.level):
            moves = [
                words for move in _held_against(form_id, line.code) if (words := _move(book, form, line.code, *move))
            ]
            if over := _over(book, form_id, line.code):
                yield (
                    book.unit.code,
                    form_id,
                    line.code,
                    "reason",
                    f"执行数比调整预算数多{over}万元，主要是{OVERSPENT[form_id]}",
                )
            elif moves:
                yield (
                    book.unit.code,
                    form_id,
                    line.code,
                    "reason",
                    f"{'，'.join(moves)}，主要是{_cause(form_id, line.code)}（示例）",
                )


def _held_against(form: str, line: str) -> tuple[tuple[str, str, int, int], ...]:
    return (*MOVES[form], EXECUTED) if line.startswith("T_") and MOVES[form] is SPENDING else MOVES[form]


def _move(book: Book, form: Form, line: str, column: str, base: str, low: int, high: int) -> str:
    """What happened, with the amount; empty if it is small or within what needs no word."""
    now, before = _stated(book, form.id, line, column), _stated(book, form.id, line, base)
    if not now or not before or max(abs(now), abs(before)) < LARGE or low * before <= HUNDREDTHS * now <= high * before:
        return ""
    headings = [form.column(id).heading for id in (column, base)]
    return f"{headings[0]}比{headings[1]}{'多' if now > before else '少'}{from_fen(abs(now - before))}万元"


def _over(book: Book, form: str, line: str) -> str:
    over = (_stated(book, form, line, "actual") or 0) - (_stated(book, form, line, "adjusted") or 0)
    return str(from_fen(over)) if form in OVERSPENT and over > 0 else ""


def _stated(book: Book, form: str, line: str, column: str) -> int | None:
    return book.at(form, line, column) if book.shape.has(form, line, column) else None


def _cause(form: str, line: str) -> str:
    found = [row for row in rows("causes") if row["form"] == form and line.startswith(row["prefix"])]
    return max(found, key=lambda row: len(row["prefix"]))["cause"] if found else "项目安排和执行进度不同"
