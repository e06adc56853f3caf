"""Makes report.docx, the template of the report's paragraphs with figures. Run once; afterwards staff edit it in Word."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

TITLE = "{{ 城市 }}{{ 执行年 }} 年预算执行情况和 {{ 草案年 }} 年预算草案（数字部分）"
BOOKS = {
    "一般公共预算": "一般公共预算",
    "政府性基金": "政府性基金预算",
    "国有资本经营": "国有资本经营预算",
    "社会保险基金": "社会保险基金预算",
}
SCOPES = ("全市", "市级")
NUMERALS = "一二三四五"


def paragraphs() -> Iterator[tuple[str, str]]:
    """(style, text) of every paragraph."""
    yield "Title", TITLE
    yield "Heading 1", "一、{{ 执行年 }} 年预算执行情况"
    yield "Heading 2", "（一）{{ 执行年 }} 年预算收支完成情况"
    for number, name in enumerate(BOOKS, 1):
        yield "Heading 3", f"{number}. {BOOKS[name]}"
        for at, scope in enumerate(SCOPES, 1):
            yield "Normal", f"（{at}）{scope}。{executed(scope, name)}"
    yield "Heading 2", "（二）重点收支"
    yield "Normal", key_lines()
    yield "Heading 2", "（三）{{ 执行年 }} 年政府债务情况"
    yield from (("Normal", text) for text in debt())
    yield "Heading 1", "二、{{ 草案年 }} 年预算草案"
    yield "Heading 2", "（一）{{ 草案年 }} 年收支预算安排"
    for number, name in enumerate(BOOKS, 1):
        yield "Heading 3", f"{number}. {BOOKS[name]}"
        for at, scope in enumerate(SCOPES, 1):
            yield "Normal", f"（{at}）{scope}。{drafted(scope, name)}"
    yield "Normal", pre_approved()


def executed(scope: str, name: str) -> str:
    """One budget of one level: revenue, expenditure, and what is left of social insurance."""
    growth = name != "国有资本经营"
    revenue, spending = (
        side(f"{scope}.{name}.{flow}", f"{{{{ 执行年 }}}} 年{scope}{BOOKS[name]}{flow}", growth)
        for flow in ("收入", "支出")
    )
    left = f"{scope}.{name}.结余"
    rest = f"年度收支结余 {{{{ {left}.当年结余 }}}}，年末滚存结余 {{{{ {left}.滚存结余 }}}}。"
    return revenue + spending + (rest if name == "社会保险基金" else "")


def side(field: str, called: str, growth: bool) -> str:
    adjusted = f"{{% if {field}.调整过 %}}，调整预算 {{{{ {field}.调整预算 }}}}{{% endif %}}"
    rate = f"{{{{ {field}.完成率 }}}}" + (f"{{{{ {field}.同比 }}}}" if growth else "")
    return f"{called}年初预算 {{{{ {field}.年初预算 }}}}{adjusted}，完成 {{{{ {field}.完成 }}}}{rate}。"


def key_lines() -> str:
    """Tax, livelihood, 三保, education and science, city-wide."""
    line = "全市.科目"
    return (
        f"{{{{ 执行年 }}}} 年，全市税收收入完成 {{{{ {line}.税收.完成 }}}}{{{{ {line}.税收.同比 }}}}，"
        f"税收占比 {{{{ {line}.税收.占比 }}}}。"
        f"全市民生支出完成 {{{{ {line}.民生.完成 }}}}，占一般公共预算支出的 {{{{ {line}.民生.占比 }}}}{{{{ {line}.民生.占比变动 }}}}。"
        f"全市“三保”支出完成 {{{{ {line}.三保.完成 }}}}。"
        f"全市教育支出完成 {{{{ {line}.教育.完成 }}}}{{{{ {line}.教育.同比 }}}}。"
        f"全市科学技术支出完成 {{{{ {line}.科技.完成 }}}}{{{{ {line}.科技.同比 }}}}。"
    )


def debt() -> Iterator[str]:
    """Limits, balances, bonds on-lent, principal and interest."""
    for called, what in (("限额", "政府债务限额"), ("余额", "政府债务余额")):
        levels = (("全市", "全市"), ("市级", "市级"), ("县级", "县（市、区）"))
        told = "；".join(_parts(f"{field}.债务", called, f"{name}{what}") for field, name in levels)
        yield f"截至 {{{{ 执行年 }}}} 年底，{told}。"
    bonds = "全市.债务"
    kinds = "，".join(_bonds(bonds, kind) for kind in ("一般", "专项"))
    yield f"{{{{ 执行年 }}}} 年，全市政府债券转贷 {{{{ {bonds}.合计.转贷 }}}}，其中：{kinds}。"
    service = "；".join(
        f"{scope}政府债券还本付息 {{{{ {scope}.债务.合计.还本付息 }}}}，其中还本 {{{{ {scope}.债务.合计.还本 }}}}，"
        f"付息 {{{{ {scope}.债务.合计.付息 }}}}"
        for scope in SCOPES
    )
    yield f"{{{{ 执行年 }}}} 年，{service}。"


def _parts(field: str, called: str, what: str) -> str:
    general, special = (f"{kind}债务{called} {{{{ {field}.{kind}.{called} }}}}" for kind in ("一般", "专项"))
    return f"{what} {{{{ {field}.合计.{called} }}}}，其中{general}，{special}"


def _bonds(field: str, kind: str) -> str:
    new, again = (f"{name}债券 {{{{ {field}.{kind}.{name} }}}}" for name in ("新增", "再融资"))
    return f"{kind}债券 {{{{ {field}.{kind}.转贷 }}}}（含{new}，{again}）"


def drafted(scope: str, name: str) -> str:
    """One budget of one level: what is proposed, what is added, and the totals."""
    field, called = f"{scope}.{name}", f"{{{{ 草案年 }}}} 年{scope}{BOOKS[name]}"
    revenue, spending = (f"{called}{flow}预算 {{{{ {field}.{flow}.预算 }}}}" for flow in ("收入", "支出"))
    if name == "社会保险基金":
        return (
            f"{revenue}，其中财政补助收入 {{{{ {field}.收入.财政补助 }}}}。{spending}，"
            f"年度收支结余 {{{{ {field}.结余.预算当年结余 }}}}，年末滚存结余 {{{{ {field}.结余.预算滚存结余 }}}}。"
        )
    totals = (f"{{{{ {field}.{flow}.加上 }}}}，{flow}总计 {{{{ {field}.{flow}.总计 }}}}。" for flow in ("收入", "支出"))
    return "".join(text + total for text, total in zip((revenue, spending), totals, strict=True))


def pre_approved() -> str:
    """Article 54; told only if the form says up to which day."""
    field = "市级.预先安排"
    return (
        f"{{% if {field}.截止日 %}}截至 {{{{ {field}.截止日 }}}}，市级一般公共预算支出 {{{{ {field}.支出 }}}}，"
        f"其中：基本支出 {{{{ {field}.基本支出 }}}}，其他支出 {{{{ {field}.其他支出 }}}}。{{% endif %}}"
    )


def document() -> Document:
    """The template."""
    made = docx.Document()
    made.core_properties.created = made.core_properties.modified = dt.datetime(2026, 1, 1)  # same in, same out
    font = made.styles["Normal"].font
    font.name, font.size = "仿宋", Pt(16)
    made.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for style, text in paragraphs():
        made.add_paragraph(text, style=style)
    return made


if __name__ == "__main__":
    document().save(str(Path(sys.argv[0]).with_name("report.docx")))
