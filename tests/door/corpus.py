"""A folder of everything that comes back: `python -m tests.door.corpus FOLDER` writes it with the workspace to check it in.

Hostile packages and foreign files of all kinds, and returns that people have treated as people do, each of a unit of its own,
so that every file has its one outcome: a state, a rule, and words that say what is the matter.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from budgetbook.book import Book
from budgetbook.door.kinds import Kind
from budgetbook.door.preflight import unpack
from budgetbook.layout import STAMP_SHEET, Layout, a1
from budgetbook.sheet import Sheet, Stamp
from budgetbook.template import workbook
from budgetbook.unit import Unit
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.contents import Contents
from budgetbook.xlsx.write import write

from .cases import CASES
from .older import OLDER
from .outcome import FIGURE, Outcome
from .packages import Item, archive
from .test_sniff import FILES

Parts = dict[str, bytes]
Edit = Callable[["Sent"], None]
LINE, SECOND, COLUMN, TOTAL = "1010101", "10104", "actual", "101"


class Sent:
    """One filled return, to be treated by people; `at` is where its figure stands."""

    def __init__(self, space: Workspace, unit: Unit, parts: Parts) -> None:
        self.parts = parts
        self.layout = Layout(space.catalogue, unit.level)
        self.at = a1(*self.layout.cell("gp_revenue", LINE, COLUMN))
        self.total = a1(*self.layout.cell("gp_revenue", TOTAL, COLUMN))
        self.sheets = Contents(self.parts).sheets()
        self.revenue = self.sheets[self.layout.sheet("gp_revenue")]
        self.name = ""

    def edit(self, part: str, pattern: str, put: str) -> None:
        """Replaces the first match, which has to be there."""
        text, count = re.subn(pattern, lambda _: put, self.parts[part].decode(), count=1, flags=re.DOTALL)
        assert count == 1, (part, pattern)
        self.parts[part] = text.encode()

    def cell(self, address: str, xml: str) -> None:
        """Other XML in the place of a cell of the revenue form; `@` in it is the address."""
        self.edit(self.revenue, rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)', xml.replace("@", address))

    def text(self, address: str, words: str) -> None:
        self.cell(address, f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>')

    def row(self) -> int:
        return int(re.sub(r"\D", "", self.at))


def _text(words: str) -> Edit:
    return lambda sent: sent.text(sent.at, words)


def _cell(xml: str) -> Edit:
    return lambda sent: sent.cell(sent.at, xml)


def _book(pattern: str, put: str) -> Edit:
    return lambda sent: sent.edit("xl/workbook.xml", pattern, put)


def _hidden_row(sent: Sent) -> None:
    sent.edit(sent.revenue, f'<row r="{sent.row()}"', f'<row r="{sent.row()}" hidden="1"')


def _deleted_row(sent: Sent) -> None:
    sent.edit(sent.revenue, f'<row r="{sent.row()}".*?</row>', "")


def _beside(column: str, row: Callable[[Sent], int], xml: str) -> Edit:
    """A cell at the end of a row."""

    def edit(sent: Sent) -> None:
        number = row(sent)
        found = re.search(rf'<row r="{number}".*?</row>', sent.parts[sent.revenue].decode(), re.DOTALL)
        assert found
        sent.edit(
            sent.revenue, re.escape(found[0]), found[0].replace("</row>", f'<c r="{column}{number}">{xml}</c></row>')
        )

    return edit


def _merged(sent: Sent) -> None:
    sent.edit(
        sent.revenue, r"<mergeCells[^>]*>", f'<mergeCells><mergeCell ref="{sent.at}:{sent.at[0]}{sent.row() + 1}"/>'
    )


def _dropped(count: int) -> Edit:
    """Sheets taken out of the workbook."""

    def edit(sent: Sent) -> None:
        for sheet in [name for name in sent.sheets if name.startswith("表")][-count:]:
            sent.edit("xl/workbook.xml", f'<sheet name="{re.escape(sheet)}"[^>]*/>', "")

    return edit


def without_stamps(sent: Sent) -> None:
    del sent.parts["docProps/custom.xml"]
    for part in ("[Content_Types].xml", "_rels/.rels"):
        sent.edit(part, r"<(?:Override|Relationship) [^>]*custom[^>]*/>", "")
    sent.edit("xl/workbook.xml", "budgetbook_stamp", "another_name")
    sent.edit("xl/workbook.xml", '<sheet name="_budgetbook"[^>]*/>', "")


def _commented(sent: Sent) -> None:
    text = f'<comments><authors><author>王</author></authors><commentList><comment ref="{sent.at}" authorId="0"><text><t>应为 168</t></text></comment></commentList></comments>'
    folder, _, name = sent.revenue.rpartition("/")
    link = '<Relationships><Relationship Id="a" Type="http://x/comments" Target="../comments9.xml"/></Relationships>'
    sent.parts |= {"xl/comments9.xml": text.encode(), f"{folder}/_rels/{name}.rels": link.encode()}


def _label(words: str) -> Edit:
    return lambda sent: sent.text("B2", words)


def _total(xml: str) -> Edit:
    return lambda sent: sent.cell(sent.total, xml)


def _named(name: str) -> Edit:
    def edit(sent: Sent) -> None:
        sent.name = name

    return edit


READ = Outcome("read", amount=FIGURE)
BARE = ("xls", "xls_95", "xls_with_stream_in_capitals", "et", "strict")  # read, and found to be nobody's
TREATED: dict[str, tuple[Edit, Outcome]] = {
    "照填": (lambda sent: None, READ),
    **{
        f"文本数{number}": (_text(words), Outcome("read", "U-02", "已按 167 万元读取", FIGURE))
        for number, words in enumerate(("167", "167 ", "　167", "１６７", "167.00", "167万元", "1670000元", "＋167", "167&#160;"))
    },
    **{
        f"负数{number}": (_text(words), Outcome("read", "U-02", "已按 -167 万元读取", -FIGURE))
        for number, words in enumerate(("-167", "－167", "–167", "−167", "(167)", "（167）"))
    },
    **{
        f"不是数{number}": (_text(words), Outcome("read", "U-02", "不是数字"))
        for number, words in enumerate(("一百六十七", "167%", "10²", "①", "(-167)", "1,67", "167.0.0", "约167", "5万", "=167"))
    },
    **{
        f"空白符{number}": (_text(words), Outcome("read", "U-02", "已按空白处理"))
        for number, words in enumerate(("—", "无", "/", "-", "×", "……"[:1]))
    },
    **{
        f"错误值{number}": (_cell(f'<c r="@" t="e"><v>{error}</v></c>'), Outcome("read", "U-05", f"错误值 {error}"))
        for number, error in enumerate(("#REF!", "#DIV/0!", "#VALUE!", "#N/A", "#NAME?", "#NUM!", "#NULL!"))
    },
    "错误值用单引号": (_cell("<c r='@' t='e'><v>#REF!</v></c>"), Outcome("read", "U-05", "错误值 #REF!")),
    "错误值换行": (_cell('<c r="@" t="e">\n<v>#REF!</v></c>'), Outcome("read", "U-05", "错误值 #REF!")),
    "新错误值": (_cell('<c r="@" t="e"><v>#SPILL!</v></c>'), Outcome("unreadable", "F-01", "#SPILL!")),
    "逻辑值": (_cell('<c r="@" t="b"><v>1</v></c>'), Outcome("read", "U-05", "逻辑值")),
    "日期": (_cell('<c r="@" t="d"><v>2025-06-01</v></c>'), Outcome("read", "U-05", "日期")),
    "无穷大": (_cell('<c r="@"><v>1e309</v></c>'), Outcome("read", "U-05", "过大")),
    "不是数值": (_cell('<c r="@"><v>NaN</v></c>'), Outcome("read", "U-05", "过大")),
    "过大": (_cell('<c r="@"><v>1e20</v></c>'), Outcome("read", "U-05", "过大")),
    "科学计数": (_cell('<c r="@"><v>1.67E2</v></c>'), READ),
    "隐藏小数": (_cell('<c r="@"><v>167.123456</v></c>'), Outcome("read", "R-INT-01", "超过两位小数")),
    "值写成字母": (_cell('<c r="@"><v>abc</v></c>'), Outcome("read", "U-02", "abc")),
    "值在公式前": (_cell('<c r="@"><v>5</v><f>1+1</f></c>'), Outcome("read", "U-05", "读不出来")),
    "值放错类型": (_cell('<c r="@" t="inlineStr"><v>167</v></c>'), Outcome("read", "U-05", "读不出来")),
    "公式无结果": (_cell('<c r="@"><f>1+1</f></c>'), Outcome("read", "K-04", "没有计算结果的公式")),
    "公式结果为空": (_cell('<c r="@"><f>1+1</f><v></v></c>'), Outcome("read", "K-04", "没有计算结果的公式")),
    "外部链接": (_cell('<c r="@"><f>[1]Sheet1!A1</f><v>167</v></c>'), Outcome("read", "K-03", "引用了别的工作簿", FIGURE)),
    "填报数是公式": (_cell('<c r="@"><f>100+67</f><v>167</v></c>'), READ),
    "填报数公式过时": (_cell('<c r="@"><f>100+68</f><v>167</v></c>'), Outcome("read", "K-04", "按公式现在算是 168", FIGURE)),
    "填报数引用过时": (_cell('<c r="@"><f>SUM(G999)+5%</f><v>167</v></c>'), Outcome("read", "K-04", "按公式现在算是 0.05", FIGURE)),
    "合计改成数": (_total('<c r="@"><v>167</v></c>'), Outcome("read", "K-03", "合计公式被改成了数值", FIGURE)),
    "合计改错": (_total('<c r="@"><v>168</v></c>'), Outcome("read", "R-SUM-01", "相差 1 万元", FIGURE)),
    "合计公式改动": (_total('<c r="@"><f>SUM(G7:G9)</f><v>167</v></c>'), Outcome("read", "K-03", "现在是 =SUM(G7:G9)", FIGURE)),
    "合计缓存过时": (_total('<c r="@"><f>IF(COUNT(G7,G8)=0,"",0)</f><v>99</v></c>'), Outcome("read", "R-SUM-01", "99", FIGURE)),
    "删去一行": (_deleted_row, Outcome("read", "K-01", "缺少")),
    "隐藏行": (_hidden_row, Outcome("read", "K-07", "被隐藏或筛掉", FIGURE)),
    "表外有数": (_beside("Z", Sent.row, "<v>9</v>"), Outcome("read", "K-07", "不是填报的位置", FIGURE)),
    "表头有数": (_beside("Z", lambda sent: 2, "<v>9</v>"), Outcome("read", "K-07", "不是填报的位置", FIGURE)),
    "批注有数": (_commented, Outcome("read", "K-07", "应为 168", FIGURE)),
    "合并单元格": (_merged, Outcome("read", "U-08", "被合并在", FIGURE)),
    "编码丢文本": (lambda sent: sent.cell(f"B{sent.row()}", f'<c r="@"><v>{LINE}</v></c>'), READ),
    "标识丢失": (lambda sent: sent.cell(f"A{sent.row()}", '<c r="@"/>'), Outcome("read", "K-01", "标识已丢失", FIGURE)),
    "科目改名": (lambda sent: sent.text(f"C{sent.row()}", "自设项目"), Outcome("read", "K-01", "改成了“自设项目”", FIGURE)),
    "科目错位": (lambda sent: sent.text(f"C{sent.row()}", "非税收入"), Outcome("read", "K-01", "错位排序或粘贴")),
    "改表名": (_book('name="表01 [^"]*"', 'name="新表"'), Outcome("read", "K-08", "改名", FIGURE)),
    "隐藏表": (_book('(name="表02 [^"]*")', 'name="表02 一般公共预算支出表" state="hidden"'), Outcome("read", "F-01", "隐藏", FIGURE)),
    "缺一张表": (_dropped(1), Outcome("read", "K-08", "没有找到", FIGURE)),
    "只报几张表": (_dropped(20), Outcome("read", "F-06", "文件里只有", FIGURE)),
    "手动计算": (_book("<calcPr ", '<calcPr calcMode="manual" '), Outcome("read", "K-10", "手动计算", FIGURE)),
    "显示精度": (_book("<calcPr ", '<calcPr fullPrecision="0" '), Outcome("read", "K-10", "以显示精度为准", FIGURE)),
    "循环引用": (_book("<calcPr ", '<calcPr iterate="1" '), Outcome("read", "K-10", "迭代计算", FIGURE)),
    "邻县的表": (_label("填报单位：县001"), Outcome("read", "F-04", "写的填报单位是县001", FIGURE)),
    "去年的栏目": (lambda sent: sent.text("G3", "2024年执行数"), Outcome("read", "F-03", "别的年度", FIGURE)),
    "栏名对调": (lambda sent: sent.text("G3", "2026年预算数"), Outcome("read", "K-02", "栏目被错位粘贴", FIGURE)),
    "标识全失": (without_stamps, Outcome("read", "F-03", "三处标识都已丢失", FIGURE)),
    "标识矛盾": (_book(r"budgetbook/1\|[^|]*\|", "budgetbook/1|U001|"), Outcome("foreign", "F-04", "互相矛盾")),
    "文件名是邻县": (_named("县001的报表.xlsx"), Outcome("read", "F-04", "文件名是县001", FIGURE)),
}  # fmt: skip
STAMPED: dict[str, tuple[Callable[[Stamp], Stamp], Outcome]] = {
    "去年的文件": (lambda stamp: replace(stamp, year=2025), Outcome("foreign", "F-04", "是 2025 年的报表")),
    "外市的文件": (lambda stamp: replace(stamp, unit="999999"), Outcome("foreign", "F-04", "不在本市单位名单中")),
    "不是下发的文件": (
        lambda stamp: replace(stamp, serial="0000-000000000000"),
        Outcome("read", "F-03", "编号", FIGURE),
    ),
    "旧目录的文件": (lambda stamp: replace(stamp, digest="old"), Outcome("read", "F-03", "另一版目录", FIGURE)),
}

UNITS = len(TREATED) + len(STAMPED) + len(OLDER) + 3


def workspace(folder: Path, units: int) -> Workspace:
    """A city of so many counties on the real catalogue."""
    tree = [("ALL", "全市", "node", "")] + [(f"U{n:03}", f"县{n:03}", "county", "ALL") for n in range(1, units + 1)]
    told = "\n".join(
        f'[[unit]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\n' + (f'parent = "{above}"\n' if above else "")
        for code, name, level, above in tree
    )
    folder.mkdir(parents=True, exist_ok=True)
    head = 'city = "某市"\ncatalogue = "2026"\nseal = "test"\n'
    (folder / "budgetbook.toml").write_text(head + told, encoding="utf-8")
    return open_workspace(folder)


def returns(space: Workspace) -> Iterator[tuple[str, bytes, Outcome]]:
    """Returns as people treat them: name, bytes, outcome."""
    first, *others = space.catalogue.tree.leaves
    units = iter(others)
    base = unpack(write(workbook(space.catalogue, _filled(space, first), space.stamp(first))))

    def made(unit: Unit, stamp: Stamp | None = None) -> Parts:
        """What the writer makes of another unit's book, made out of the first's: they differ in name and stamp."""
        words = {str(space.stamp(first)): str(stamp or space.stamp(unit)), first.name: unit.name, first.code: unit.code}
        return {name: _replaced(part, words) for name, part in base.items()}

    for name, (edit, outcome) in TREATED.items():
        unit = next(units)
        sent = Sent(space, unit, made(unit))
        edit(sent)
        yield sent.name or f"{name}.xlsx", stored(sent.parts), replace(outcome, unit=unit.code)
    for name, (stamped, outcome) in STAMPED.items():
        unit = next(units)
        yield f"{name}.xlsx", stored(made(unit, stamped(space.stamp(unit)))), replace(outcome, unit=unit.code)
    for name, (make, outcome) in OLDER.items():
        unit = next(units)
        yield name, make(_few(space, unit), _spot(space, unit)), replace(outcome, unit=unit.code)
    unit = next(units)
    for name, amount in (("两个版本", 5), ("两个版本最终版", 6)):
        sent = Sent(space, unit, made(unit))
        sent.cell(sent.at, f'<c r="@"><v>{amount}</v></c>')
        yield f"{name}.xlsx", stored(sent.parts), Outcome("superseded", "F-05", "2 个内容不同的文件", unit=unit.code)


def _filled(space: Workspace, unit: Unit) -> Book:
    return Book.of(unit, space.shape, {("gp_revenue", LINE, COLUMN): FIGURE})


def _few(space: Workspace, unit: Unit) -> list[Sheet]:
    """The cover, the revenue form and the stamp of a unit's workbook."""
    layout, made = (
        Layout(space.catalogue, unit.level),
        workbook(space.catalogue, _filled(space, unit), space.stamp(unit)),
    )
    names = [*map(layout.sheet, ("cover", "gp_revenue")), STAMP_SHEET]
    return [sheet for sheet in made.sheets if sheet.name in names]


def _spot(space: Workspace, unit: Unit) -> tuple[str, int, int]:
    layout = Layout(space.catalogue, unit.level)
    return layout.sheet("gp_revenue"), *layout.cell("gp_revenue", LINE, COLUMN)


def _replaced(part: bytes, words: dict[str, str]) -> bytes:
    for old, new in words.items():
        part = part.replace(old.encode(), new.encode())
    return part


def stored(parts: Parts) -> bytes:
    return archive(Item(name.encode(), part, method=0) for name, part in parts.items())


def hostile() -> Iterator[tuple[str, bytes, Outcome]]:
    """Packages and files that are no returns."""
    stranger = Outcome("foreign", "F-04", "不是本系统下发的报表")
    seen: set[bytes] = set()
    for case in CASES:
        content = case.make()
        again = content in seen and not case.refused
        seen.add(content)
        outcome = Outcome("superseded") if again else Outcome("unreadable") if case.refused else stranger
        yield f"hostile_{case.name}.xlsx", content, outcome
    for name, (content, kind) in FILES.items():
        if kind is not Kind.ZIP and content not in seen:
            seen.add(content)
            yield f"kind_{name}.bin", content, stranger if kind is Kind.XLSX or name in BARE else Outcome("unreadable")


def write_corpus(folder: Path, space: Workspace) -> dict[str, Outcome]:
    """File name → outcome, for every file that was written to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    expected: dict[str, Outcome] = {}
    for name, content, outcome in (*returns(space), *hostile()):
        (folder / name).write_bytes(content)
        expected[name] = outcome
    with (folder / "sparse.xlsx").open("wb") as file:
        file.truncate(3 << 30)
    return expected | {"sparse.xlsx": Outcome("unreadable", "F-01", "超过 50 MB")}


if __name__ == "__main__":
    made = write_corpus(Path(sys.argv[1]) / "returned", workspace(Path(sys.argv[1]), UNITS))
    print(f"{len(made)} files; now: budgetbook check -w {sys.argv[1]}")
