"""The columns of an attachment as staff write them, understood against the forms of the catalogue.

“actual”                              that column of the line in the row
“actual=执行数”                        the same under another heading
“actual|budget”                       whichever of them the line has
“budget_basic+budget_project=合计”     their sum
“gp_revenue:101:actual=税收”           the same line in every row; the line may hold {region}, {row} or {item}
{ head = "预算数", columns = [ … ] }    a heading over several columns
{ kind = "growth", of = …, base = …, heading = … }   one against another: growth, percent or difference
{ column = …, scope = "市级" }          from the book of that scope
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from ..catalogue import Catalogue
from ..form import Column, Form
from .attachment import SCOPES, Cite, Heading, Measure

AGAINST = ("growth", "percent", "difference")


class BadEntry(Exception):
    """What is wrong with one entry of the definitions, in a sentence that follows its name."""


class Measures:
    """Reads columns; *sets* are named lists of columns, *headings* the words for a column id."""

    def __init__(
        self, catalogue: Catalogue, headings: Mapping[str, str], sets: Mapping[str, Any], dated: Callable[[str], str]
    ) -> None:
        self.catalogue, self.words, self.sets, self.dated = catalogue, headings, sets, dated

    def headings(self, given: Any, forms: Sequence[str]) -> tuple[Heading, ...]:
        """Raises BadEntry. *forms* are those of the lines in the rows."""
        if isinstance(given, str):
            if given not in self.sets:
                raise BadEntry(
                    f"用到没有定义的栏目组“{given}”，请在 [columns] 中写上，或改成 {'、'.join(self.sets)} 之一"
                )
            given = self.sets[given]
        if not given:
            raise BadEntry('没有写 columns（印哪些栏目），例如 columns = ["actual", "budget"]')
        return tuple(self._heading(one, forms) for one in given)

    def _heading(self, given: Any, forms: Sequence[str]) -> Heading:
        if isinstance(given, str):
            text, _, words = given.partition("=")
            return Heading(self._words(text, words, forms), self._measure(text, "", forms))
        if "head" in given:
            return Heading(self.dated(given["head"]), None, self.headings(given.get("columns"), forms))
        scope = str(given.get("scope", ""))
        if scope and scope not in SCOPES:
            raise BadEntry(f"的栏目用到范围“{scope}”，请改成 {'、'.join(SCOPES)} 之一")
        if "of" in given:
            return Heading(self.dated(str(given.get("heading", ""))), self._against(given, scope, forms))
        text = str(given.get("column", ""))
        instead = tuple((str(one), str(other)) for one, other in given.get("instead", {}).items())
        measure = self._measure(text, scope, forms)
        cites = tuple(replace(cite, instead=instead) for cite in measure.cites)
        return Heading(self._words(text, str(given.get("heading", "")), forms), replace(measure, cites=cites))

    def _words(self, text: str, words: str, forms: Sequence[str]) -> str:
        if words:
            return self.dated(words)
        form, _, name = self._split(text.split("+")[0], forms)
        column = self._column(form, name.split("|")[0], [*forms])
        return self.dated(self.words.get(column.id, column.heading))

    def _against(self, given: Mapping[str, Any], scope: str, forms: Sequence[str]) -> Measure:
        kind = given.get("kind", "percent")
        if kind not in AGAINST:
            raise BadEntry(f"的栏目 kind 写成了“{kind}”，请改成 {'、'.join(AGAINST)} 之一")
        above, below = (self._measure(str(given.get(key, "")), scope, forms) for key in ("of", "base"))
        if above.kind != "amount" or below.kind != "amount" or len(above.cites) != 1 or len(below.cites) != 1:
            raise BadEntry("的 of 和 base 都应是一个金额栏目")
        return Measure(cast(Any, kind), (*above.cites, *below.cites))

    def _measure(self, text: str, scope: str, forms: Sequence[str]) -> Measure:
        cites = tuple(cite for term in text.split("+") for cite in self._cites(term.strip(), scope, forms))
        kind = self._kind(text, forms)
        if kind in ("amount", "text"):
            return Measure(cast(Any, kind), cites)
        if len(cites) != 2:
            raise BadEntry(f"的栏目“{text}”把比率相加了，请分开写")
        return Measure(cast(Any, kind), cites)

    def _kind(self, text: str, forms: Sequence[str]) -> str:
        form, _, names = self._split(text.split("+")[0].strip(), forms)
        return self._column(form, names.split("|")[0], forms).kind

    def _cites(self, term: str, scope: str, forms: Sequence[str]) -> tuple[Cite, ...]:
        form, line, names = self._split(term, forms)
        columns = [self._column(form, name, forms) for name in names.split("|")]
        given = Cite(form if line else "", line or "{row}", tuple(column.id for column in columns), scope)
        if columns[0].kind in ("amount", "text"):
            return (given,)
        return tuple(replace(given, columns=(name,)) for name in (columns[0].of, columns[0].base))

    def _split(self, term: str, forms: Sequence[str]) -> tuple[str, str, str]:
        """(form, line, columns); line "" where the line is that of the row."""
        parts = term.strip().split(":")
        if len(parts) == 3:
            self._check_line(parts[0], parts[1])
            return parts[0], parts[1], parts[2]
        if len(parts) != 1 or not forms:
            raise BadEntry(f"的栏目“{term}”应写成“表:科目:栏目”，例如 gp_revenue:T_GPB_R:actual")
        return forms[0], "", parts[0]

    def _check_line(self, name: str, line: str) -> None:
        codes = {each.code for each in self._form(name).lines}
        regions = [unit.code for unit in self.catalogue.tree.leaves if unit.level == "county" and not unit.adjustment]
        places = [line.replace("{region}", code) for code in regions] if "{region}" in line else [line]
        if "{row}" not in line and "{item}" not in line and not codes & set(places):
            raise BadEntry(f"用到表“{name}”里没有的科目“{line}”，请核对 lines/{name}.csv 中的编码")

    def _form(self, name: str) -> Form:
        try:
            return self.catalogue.form(name)
        except KeyError:
            known = "、".join(form.id for form in self.catalogue.forms)
            raise BadEntry(f"用到不存在的表“{name}”，请改成 {known} 之一") from None

    def _column(self, form: str, name: str, forms: Sequence[str]) -> Column:
        """That column of *form*, or of another of the table's *forms*."""
        for each in (form, *forms):
            found = {column.id: column for column in self._form(each).columns}
            if name in found:
                return found[name]
        known = "、".join(column.id for column in self._form(form).columns)
        raise BadEntry(f"用到表“{form}”里没有的栏目“{name}”，请改成 {known} 之一")
