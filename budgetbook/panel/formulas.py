"""What stands in the cells of one relation on the panel, as formulas: column of the panel → formula without its `=`."""

from __future__ import annotations

from collections.abc import Callable

from .. import layout as at
from ..cases import Addends, Case
from ..layout import panel_address, signed_sum
from .judging import NEAR, Judge

Formulas = dict[str, str]


def scale(case: Case) -> int:
    """What both sides are divided by to be shown, where a relation weighs its left side: 100 for hundredths."""
    return max(abs(weight) for _, weight in case.left)


def _decimals(case: Case) -> int:
    return 6 if scale(case) == 1 else 8  # of 万元: a fen, or a hundredth of one


def plain(case: Case) -> bool:
    """Whether the left side is the one cell that the case points at."""
    return len(case.left) == 1 and case.left[0][1] == 1


def side(judge: Judge, case: Case, addends: Addends) -> str:
    """One side of a case in 万元."""
    total = signed_sum(judge.weighed(addends))
    return f"({total})/{scale(case)}" if scale(case) > 1 else f"ROUND({total},6)"


def of_one(judge: Judge, number: int, case: Case) -> Formulas:
    """A relation with a single case; `work` is its judgement."""
    own = _own(number)
    key = judge.shape.keys[case.left[0][0]]
    place, tab = judge.layout.place(*key), judge.shape.catalogue.form(key[0]).sheet
    return {
        "left": f'IF({own("work")}="","",{side(judge, case, case.left)})',
        "right": f'IF({own("work")}="","",{side(judge, case, case.right)})',
        "gap": f'IF({own("work")}="","",ROUND({own("left")}-{own("right")},{_decimals(case)}))',
        "verdict": f'IF({own("work")}="","待填",IF({own("work")}=0,"通过",{_near(judge, case, own("work"))}))',
        "count": f'IF({own("verdict")}="不符",1,0)',
        "first": f'HYPERLINK("#\'{place.sheet}\'!{place.cell}","{tab} {place.cell}")',
        "work": judge.judgement(case),
    }


def over_lines(judge: Judge, number: int, case: Case, judged: str, lefts: str, *, rounded: bool = False) -> Formulas:
    """A relation over many lines like *case*, judged line by line in a hidden block; `work` is the first line that breaks it.
    *rounded*: whether some of them have figures of stated precision."""
    own = _own(number)
    form, _, column = judge.cell(case.left[0][0])
    letter, line = at.letters(column), f"({own('work')}+{at.FIRST})"
    gap, missing = f"INDEX({judged},{own('work')})", case.relation.blank == "finding"
    broken = f'({judged}<>0)*({judged}<>"")'
    otherwise = f'IF(COUNT({judged})=0,"待填","通过")'
    if rounded:
        broken += f'*({judged}<>"{NEAR}")'
        otherwise = f'IF(SUMPRODUCT(({judged}="{NEAR}")*1)>0,"{NEAR}",{otherwise})'
    shown = f"{gap}/{scale(case)}" if scale(case) > 1 else gap
    link = (
        f'"#\'{judge.layout.sheet(form)}\'!{letter}"&{line},"{judge.shape.catalogue.form(form).sheet} {letter}"&{line}'
    )
    return {
        "left": f'IF({own("work")}="","",SUM(INDEX({lefts},{own("work")})))',
        "right": f'IF({own("gap")}="","",ROUND({own("left")}-{own("gap")},{_decimals(case)}))',
        "gap": f'IF({own("work")}="","",{f"IF(COUNT({gap})=0,{chr(34) * 2},{shown})" if missing else shown})',
        "verdict": f'IF({own("count")}>0,"不符",{otherwise})',
        "count": f"SUMPRODUCT({broken})",
        "first": f'IF({own("work")}="","",HYPERLINK({link}))',
        "work": f'IF({own("count")}=0,"",SUMPRODUCT(MATCH(1,{broken},0)))',
    }


def _near(judge: Judge, case: Case, work: str) -> str:
    return f'IF({work}="{NEAR}","{NEAR}","不符")' if judge.room(case) else '"不符"'


def tally(count: int, level: str, verdict: str, *, unexplained: bool = False, seen_from: str = "") -> str:
    """How many of *count* relations of a level (any, if empty) have a verdict, or have it without an explanation."""
    tests = [("level", level)] * bool(level) + [("verdict", verdict)] + [("explanation", "")] * unexplained
    return (
        "SUMPRODUCT(" + "*".join(f'({at.panel_area(count, each, seen_from)}="{word}")' for each, word in tests) + "*1)"
    )


def _own(number: int) -> Callable[[str], str]:
    return lambda column: panel_address(number, column)
