"""附表: definitions and books become the printed tables of the congress papers, in order, numbered, marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..finding import Finding
from ..unit import Unit
from .attachment import SCOPES, STAGES, Attachment, Heading, PaperSet
from .page_fit import CELL_SIDE, POINTS_PER_MM, em, fit
from .printed import ColumnKind, Figure, Head, HeadTree, PrintedBook, PrintedTable, Rate, Row, beside, head_grid
from .rounding import Sum
from .rows import Press, Source
from .sums import sums_of

DIGITS = "零一二三四五六七八九"
EMPTY = "备注：本表没有数据，按规定列出空表。"
NAMED = 3  # missing units named in a title; more are counted there and named in the note


@dataclass(frozen=True, slots=True)
class Made:
    """One table, and what it was made from."""

    attachment: Attachment
    unit: Unit
    table: PrintedTable


@dataclass(frozen=True, slots=True)
class PrintedSet:
    """The whole set in print order, before rounding, with every sum that has to hold on its pages."""

    made: tuple[Made, ...]
    sums: tuple[Sum, ...]

    @property
    def tables(self) -> tuple[PrintedTable, ...]:
        """The tables in print order."""
        return tuple(one.table for one in self.made)


def print_set(papers: PaperSet, source: Source) -> PrintedSet:
    """Every attachment for every unit of its scope that *source* knows."""
    derived: list[Sum] = []
    made = [
        _made(attachment, unit, source, derived)
        for attachment in papers.attachments
        for unit in source.units(attachment.scope)
    ]
    numbered = tuple(_numbered(_ordered(made, papers), papers))
    return PrintedSet(numbered, tuple(sums_of(source, [one.table for one in numbered], derived)))


def bound(papers: PaperSet, made: Sequence[Made], tables: Sequence[PrintedTable], city: str) -> dict[str, PrintedBook]:
    """The printed *tables*, one for each of *made*, as one book or as two: what is added to the file name → book."""
    binding = papers.binding
    stages = STAGES if binding.two_books else ("",)
    cover = [text.replace("{city}", city) for text in (binding.title, binding.subtitle, binding.issuer, binding.date)]
    books: dict[str, PrintedBook] = {}
    for stage in stages:
        here = tuple(table for one, table in zip(made, tables, strict=True) if stage in ("", one.attachment.stage))
        title, subtitle = cover[0], f"{cover[1]}（{stage}）" if stage else cover[1]
        books[f"（{stage}）" if stage else ""] = PrintedBook(title, here, subtitle, cover[2], cover[3])
    return books


def too_narrow(tables: Sequence[PrintedTable]) -> Iterator[Finding]:
    """Figures wider than their column even on the largest paper, which would print as #### or be cut."""
    for table in tables:
        fitted = fit(table)
        rooms = [(width - CELL_SIDE) * POINTS_PER_MM / fitted.size for width in fitted.widths]
        for line in table.rows:
            for column, (cell, room) in enumerate(zip(line.cells, rooms, strict=True)):
                if isinstance(cell, Figure | Rate) and em(str(cell)) > room + 0.01:
                    where = (
                        f"{table.number}《{table.title}》“{table.row_name(line, column)}”{table.column_name(column)}"
                    )
                    yield Finding(
                        "P-04", "error", f"{where}的 {cell} 比栏宽，印出会成为“####”。请减少栏目，或换较大的单位。"
                    )


def missing_tables(papers: PaperSet, made: Sequence[Made]) -> Iterator[Finding]:
    """The tables that the law asks for and that the set does not have."""
    for required in papers.required:
        if not any(required.met_by(one.attachment) for one in made):
            says = (
                f"附表中缺少“{required.name}”（{required.basis}）：没有一张{required.scope}{required.stage}表取自 {required.form}"
                f"{'并细到规定的级次' if required.depth else ''}。请在 attachments.toml 中补上；没有数据也要印空表并说明。"
            )
            yield Finding("P-10", "error", says, form=required.form)


def chinese(number: int) -> str:
    """1–999 as 一, 十二, 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (DIGITS[ones] if ones else "")


def _ordered(made: Iterable[Made], papers: PaperSet) -> list[Made]:
    """By budget, or by 执行 and 草案 where they are two books; within both by scope, tables by region after it."""
    budgets = papers.binding.budgets

    def key(one: Made) -> tuple[int, int, int]:
        budget, stage = budgets.index(one.attachment.budget), STAGES.index(one.attachment.stage)
        return (
            (stage, budget, _rank(one.attachment))
            if papers.binding.two_books
            else (budget, stage, _rank(one.attachment))
        )

    return sorted(made, key=key)


def _rank(attachment: Attachment) -> int:
    by_region = attachment.layout in ("units", "regions")
    return len(SCOPES) + bool(attachment.number) if by_region or attachment.number else SCOPES.index(attachment.scope)


def _numbered(made: Iterable[Made], papers: PaperSet) -> Iterator[Made]:
    count: dict[str, int] = {}
    for one in made:
        number = one.attachment.number
        if not number:
            book = one.attachment.stage if papers.binding.two_books else ""
            count[book] = count.get(book, 0) + 1
            number = papers.binding.number.replace("{n}", chinese(count[book])).replace("{N}", str(count[book]))
        yield replace(one, table=replace(one.table, number=number))


def _made(attachment: Attachment, unit: Unit, source: Source, derived: list[Sum]) -> Made:
    press = Press(source, attachment, unit)
    rows = tuple(_rows(press))
    derived += press.sums
    empty = not any(cell.exact for row in rows for cell in row.cells if isinstance(cell, Figure))
    table = PrintedTable(
        attachment.number,
        _title(attachment, unit, source),
        f"单位：{attachment.unit}",
        _columns(attachment),
        _heads(attachment),
        rows,
        tuple(_notes(attachment, unit, source, empty)),
        attachment.paper,
    )
    return Made(attachment, unit, table)


def _rows(press: Press) -> Sequence[Row]:
    match press.attachment.layout:
        case "units":
            return press.unit_rows()
        case "regions":
            return press.region_rows()
        case "two_sided":
            left, right = (press.side_rows(side) for side in press.attachment.sides)
            return beside(left, right) if left and right else ()
        case _:
            return press.side_rows(press.attachment.sides[0])


def _title(attachment: Attachment, unit: Unit, source: Source) -> str:
    title = attachment.title.replace("{zone}", unit.name).replace("{city}", source.city)
    book = source.books.get(unit.code)
    marks = [book.mark] if book and book.mark else []
    absent = source.absent(attachment, unit)
    if absent:
        marks.append(f"未含{_few(absent)}")
    return f"{title}（{'；'.join(marks)}）" if marks else title


def _few(units: Sequence[Unit]) -> str:
    names = "、".join(unit.name for unit in units[:NAMED])
    return names if len(units) <= NAMED else f"{names}等 {len(units)} 个单位"


def _notes(attachment: Attachment, unit: Unit, source: Source, empty: bool) -> Iterator[str]:
    if empty:
        yield attachment.empty or EMPTY
    zones = "、".join(zone.name for zone in source.units("开发区"))
    said = [note for note in attachment.notes if zones or "{zones}" not in note]
    notes = [
        note.replace("{zones}", zones).replace("{zone}", unit.name).replace("{city}", source.city) for note in said
    ]
    absent = source.absent(attachment, unit)
    if absent:
        notes.append(f"编印时还没有{'、'.join(one.name for one in absent)}的账册，本表各数未含。")
    book = source.books.get(unit.code)
    if book and book.mark:
        notes.append(f"本表{book.mark}，以本级人民代表大会批准的预算为准。")
    for at, note in enumerate(notes, 1):
        yield f"注：{note}" if len(notes) == 1 else f"{'注：' if at == 1 else ''}{at}.{note}"


def _columns(attachment: Attachment) -> tuple[ColumnKind, ...]:
    kinds: list[ColumnKind] = ["text", "label"] if attachment.codes else ["label"]
    kinds += ["text" if measure.kind == "text" else "figure" for measure in attachment.measures]
    return tuple(kinds) * max(len(attachment.sides), 1)


def _heads(attachment: Attachment) -> tuple[Head, ...]:
    labels = ["科目编码", attachment.label] if attachment.codes else [attachment.label]
    own: list[HeadTree] = [*labels, *(_tree(heading) for heading in attachment.columns)]
    if attachment.layout == "two_sided":
        return head_grid(*((side.heading, own) for side in attachment.sides))
    return head_grid(*own)


def _tree(heading: Heading) -> HeadTree:
    return (heading.text, [_tree(part) for part in heading.parts]) if heading.parts else heading.text


def described(made: Sequence[Made]) -> Mapping[str, int]:
    """How many figures, rates and empty tables the set has."""
    numbers = [number for one in made for number in one.table.numbers]
    figures = sum(isinstance(number, Figure) for number in numbers)
    empty = sum(not one.table.numbers for one in made)
    return {"tables": len(made), "figures": figures, "rates": len(numbers) - figures, "empty": empty}
