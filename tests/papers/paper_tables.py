"""A small set of papers: one table of every kind the congress is given."""

from __future__ import annotations

from budgetbook.papers.printed import (
    ColumnKind,
    Content,
    Figure,
    Paper,
    PrintedBook,
    PrintedTable,
    Rate,
    beside,
    head_grid,
    row,
)

WAN = 1_000_000  # fen in 万元


def wan(amount: int, id: str = "") -> Figure:
    return Figure(amount * WAN, id=id)


def labelled(figures: int) -> tuple[ColumnKind, ...]:
    figure: ColumnKind = "figure"
    return ("label", *[figure] * figures)


def revenue() -> PrintedTable:
    """执行表: grouped heads, totals, 其中, a percentage that has no base."""
    lines: list[tuple[str, str, int, tuple[Content, ...]]] = [
        ("税收收入", "total", 0, (wan(215_341), wan(214_000), wan(217_327), Rate(217_327, 214_000), wan(201_000))),
        ("增值税", "plain", 1, (wan(81_234), wan(80_000), wan(82_001), Rate(82_001, 80_000), wan(79_544))),
        ("城市维护建设税", "plain", 1, (wan(9_833), wan(9_833), wan(9_741), Rate(9_741, 9_833), wan(10_180))),
        ("其他税收收入", "plain", 1, (wan(0), wan(0), wan(-12), "—", wan(387))),
        ("非税收入", "total", 0, (wan(101_984), wan(103_000), wan(99_998), Rate(99_998, 103_000), wan(97_355))),
        ("专项收入", "plain", 1, (wan(13_500), wan(13_742), wan(13_041), Rate(13_041, 13_742), wan(13_731))),
        ("其中：教育费附加收入", "of_which", 2, (wan(4_100), wan(4_100), wan(3_540), Rate(3_540, 4_100), wan(4_204))),
    ]
    return PrintedTable(
        "表一",
        "2025年全市一般公共预算收入执行情况表",
        "单位：万元",
        ("label", *("figure",) * 5),
        head_grid(
            "预算科目",
            ("2025年预算数", ["年初预算数", "调整后预算数"]),
            "2025年快报数",
            "完成调整预算%",
            "2024年决算数",
        ),
        tuple(
            row(name, *cells, kind=kind, level=level, opens=level == 0)  # type: ignore[arg-type]  # kinds as listed
            for name, kind, level, cells in lines
        ),
        ("注：1.全市数为代编数，市级含高新区。", "2.2025年数据为快报数，决算后可能有变化。"),
    )


def expenditure(groups: int = 9) -> PrintedTable:
    """本级支出表: 类款项 over several pages, with codes and reasons."""
    lines = []
    for at in range(groups):
        code = 201 + at
        lines.append(
            row(f"{code}", "社会保障和就业支出", wan(90_000 + at), wan(91_000 + 7 * at), None, opens=True, kind="total")
        )
        for part in range(1, 4):
            reason = "主要是上年一次性项目较多，基数较高" if part == 2 else None
            name = "巩固脱贫攻坚成果衔接乡村振兴支出"
            amounts = wan(30_000 + 11 * at + part), wan(31_000 + 13 * at + part)
            lines.append(row(f"{code}{part:02}", name, *amounts, reason, level=1))
            for item in range(1, 4):
                amounts = wan(10_000 + 17 * at + 3 * part + item), wan(10_500 + 19 * at + 5 * part + item)
                lines.append(row(f"{code}{part:02}{item:02}", "其他巩固脱贫攻坚成果支出", *amounts, None, level=2))
    return PrintedTable(
        "表二",
        "2026年市级一般公共预算支出预算表（草案）",
        "单位：万元",
        ("text", "label", "figure", "figure", "text"),
        head_grid("科目编码", "科目名称", "2025年预算数", "2026年预算数", "增减原因"),
        tuple(lines),
        ("备注：本表按规定公开到功能分类项级科目。",),
    )


def balance_sheet() -> PrintedTable:
    """平衡表: 收入 left, 支出 right."""
    left = [
        row("一、一般公共预算收入", wan(317_325), kind="total", opens=True),
        row("二、上级补助收入", wan(309_778), opens=True),
        row("1.返还性收入", wan(9_778), level=1),
        row("2.一般性转移支付收入", wan(300_000), level=1),
        row("三、上年结余收入", wan(131_570), opens=True),
        row("收入总计", wan(758_673), kind="total"),
    ]
    right = [
        row("一、一般公共预算支出", wan(700_000), kind="total", opens=True),
        row("二、上解上级支出", wan(58_673), opens=True),
        row("支出总计", wan(758_673), kind="total"),
    ]
    return PrintedTable(
        "表三",
        "2025年市级一般公共预算收支平衡表",
        "单位：万元",
        ("label", "figure") * 2,
        head_grid(("收　　入", ["项目", "2025年快报数"]), ("支　　出", ["项目", "2025年快报数"])),
        beside(left, right),
    )


def regions() -> PrintedTable:
    """分地区转移支付: more columns than an upright page holds."""
    names = [
        "合计",
        "解放区",
        "中站区",
        "马村区",
        "山阳区",
        "修武县",
        "博爱县",
        "武陟县",
        "温县",
        "沁阳市",
        "孟州市",
        "高新区",
    ]
    items = ["合计", "税收返还", "均衡性转移支付", "县级基本财力保障机制奖补资金", "结算补助"]
    return PrintedTable(
        "表四",
        "2026年市对县（市、区）税收返还和一般性转移支付分地区预算表",
        "单位：万元",
        labelled(len(names)),
        head_grid("项目", *names),
        tuple(
            row(item, *(wan(10_007 * (at + 1) + 101 * place) for place in range(len(names))))
            for at, item in enumerate(items)
        ),
        ("备注：提前下达数。",),
    )


def debt() -> PrintedTable:
    """债务限额余额表: 亿元 with four decimals."""
    places = ["焦作市合计", "市本级（含开发区）", "修武县"]
    return PrintedTable(
        "表1-1",
        "2025年地方政府债务限额及余额预算情况表",
        "单位：亿元",
        ("label", *("figure",) * 4),
        head_grid(
            "地区", ("2025年债务限额", ["一般债务", "专项债务"]), ("2025年债务余额预计执行数", ["一般债务", "专项债务"])
        ),
        tuple(
            row(place, *(Figure(4_123_456_789_00 * (at + 2) * (column + 1), "亿元", 4) for column in range(4)))
            for at, place in enumerate(places)
        ),
        ("注：本表反映上一年度本地区、本级及分地区地方政府债务限额及余额预计执行数。",),
    )


def empty() -> PrintedTable:
    """空表: printed with its lines and its 备注."""
    return PrintedTable(
        "表六",
        "2026年市级国有资本经营预算对下转移支付表",
        "单位：万元",
        ("label", "figure"),
        head_grid("项目", "预算数"),
        (
            row("国有资本经营预算转移支付", None),
            row("其中：解决历史遗留问题及改革成本支出", "×", kind="of_which", level=1),
        ),
        ("备注：本级无对下国有资本经营预算转移支付，本表为空表。",),
    )


def wide() -> PrintedTable:
    """社保收支 by 险种: laid on A3 by its definition."""
    funds = [
        "合计",
        "企业职工基本养老保险",
        "城乡居民基本养老保险",
        "机关事业单位基本养老保险",
        "职工基本医疗保险",
        "城乡居民基本医疗保险",
        "工伤保险",
        "失业保险",
        "长期护理保险",
    ]
    return PrintedTable(
        "表七",
        "2026年全市社会保险基金收支预算总表",
        "单位：万元",
        labelled(len(funds)),
        head_grid("项目", *funds),
        tuple(
            row(name, *(wan(123_456 * (at + 1) + place) for place in range(len(funds))))
            for at, name in enumerate(["一、本年收入", "其中：保险费收入", "二、本年支出", "三、本年收支结余"])
        ),
        paper=Paper("A3", landscape=True),
    )


def papers() -> PrintedBook:
    """The whole set."""
    return PrintedBook(
        "某市2025年财政预算执行情况\n和2026年预算（草案）附表",
        (revenue(), expenditure(), balance_sheet(), regions(), debt(), empty(), wide()),
        "某市人民代表大会会议文件",
        "某市财政局",
        "2026年1月",
    )
