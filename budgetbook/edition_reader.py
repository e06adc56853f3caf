"""Reads `changes.csv`, the edition map of a catalogue, and refuses one that would lose or double money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .catalogue import Change
from .form import Form

CHANGES = "changes.csv"
UNKNOWN = "?"  # the weights of a split that nobody has stated
Row = tuple[int, dict[str, str]]
Wrong = Callable[[str, int, str], None]
LastLines = Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Written:
    """One row as it stands in the file."""

    at: int
    change: Change
    weight: str


def read_changes(
    rows: Iterable[Row], forms: tuple[Form, ...], last_lines: LastLines, wrong: Wrong
) -> tuple[Change, ...]:
    """The changes; problems go to *wrong*. *last_lines* gives the lines of a form last year, none if that is not known."""
    written = list(_rows(rows, {form.id: form for form in forms}, last_lines, wrong))
    by_old: dict[tuple[str, str], list[_Written]] = {}
    for each in written:
        by_old.setdefault((each.change.form, each.change.old), []).append(each)
    for together in by_old.values():
        for at, says in _money_lost(together):
            wrong(CHANGES, at, says)
    for at, says in _circles(written):
        wrong(CHANGES, at, says)
    return tuple(each.change for each in written)


def _rows(rows: Iterable[Row], forms: dict[str, Form], last_lines: LastLines, wrong: Wrong) -> Iterator[_Written]:
    for at, row in rows:
        form = forms.get(row["form"])
        if form is None:
            wrong(CHANGES, at, f"用到不存在的表“{row['form']}”，可用的有 {'、'.join(forms)}")
            continue
        bad = [*_bad_lines(form, row, last_lines(form.id)), *_bad_weight(row)]
        for says in bad:
            wrong(CHANGES, at, says)
        if not bad:
            weight = None if row["weight"] == UNKNOWN else Fraction(row["weight"] or 1)
            yield _Written(at, Change(form.id, row["old"], row["name"], row["new"], weight), row["weight"])


def _bad_lines(form: Form, row: dict[str, str], last: frozenset[str]) -> Iterator[str]:
    new = form.find(row["new"])
    if new is None:
        yield f"“{form.title}”没有新科目“{row['new']}”，钱会没有去处，请核对编码"
    elif new.kind not in ("entry", "of_which"):
        yield f"新科目“{row['new']} {new.name}”是合计或标题，不能填数，请写到它下面填数的科目"
    if last and row["old"] not in last:
        yield f"上年目录的“{form.title}”没有旧科目“{row['old']}”，请核对编码"
    elif not last and form.find(row["old"]) is None and not row["name"]:
        yield f"旧科目“{row['old']}”不在本年目录中，也没有写名称，无法核对，请在 name 栏写上它的名称"


def _bad_weight(row: dict[str, str]) -> Iterator[str]:
    if row["weight"] in ("", UNKNOWN):
        return
    try:
        fits = 0 < Fraction(row["weight"]) <= 1
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        yield f"比例“{row['weight']}”应是大于 0、不大于 1 的数，例如 0.4 或 2/5；不知道的写 {UNKNOWN}"


def _money_lost(together: list[_Written]) -> Iterator[tuple[int, str]]:
    """What is wrong with the rows of one old line."""
    first, old = together[-1], together[-1].change.old
    news = [each.change.new for each in together]
    weights = {each.weight for each in together}
    if len(set(news)) < len(news):
        yield first.at, f"旧科目“{old}”到同一个新科目写了两次，请删去一行"
    elif news == [old]:
        yield first.at, f"旧科目“{old}”对应它自己，没有变更，请删去这一行"
    elif len(news) > 1 and "" in weights:
        yield (
            first.at,
            f"旧科目“{old}”对应 {len(news)} 个新科目，却没有写比例，请逐行写上，合计为 1；不知道的都写 {UNKNOWN}",
        )
    elif len(weights) > 1 and UNKNOWN in weights:
        yield first.at, f"旧科目“{old}”的比例有的写了、有的是 {UNKNOWN}，请全部写上，或全部写 {UNKNOWN}"
    elif news and UNKNOWN not in weights and (total := sum(each.change.weight or 0 for each in together)) != 1:
        yield first.at, f"旧科目“{old}”的比例合计为 {float(total):g}，不等于 1，会少算或多算，请改正"
    elif len(news) == 1 and UNKNOWN in weights:
        yield first.at, f"旧科目“{old}”只对应一个新科目，比例不必写 {UNKNOWN}，请留空"


def _circles(written: list[_Written]) -> Iterator[tuple[int, str]]:
    """A line whose money, followed from change to change, comes back to it."""
    towards: dict[tuple[str, str], set[str]] = {}
    for each in written:
        if each.change.new != each.change.old:
            towards.setdefault((each.change.form, each.change.old), set()).add(each.change.new)
    for each in written:
        form, old, reached, todo = each.change.form, each.change.old, set[str](), [each.change.new]
        while todo:
            line = todo.pop()
            if line not in reached:
                reached.add(line)
                todo.extend(towards.get((form, line), ()))
        if old in reached and each.change.new != old:
            yield each.at, f"“{old}”变为“{each.change.new}”，又变回“{old}”，是一个圈，请核对哪一年的变更写反了"
