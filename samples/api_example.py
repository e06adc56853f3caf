"""From returned workbooks to consolidated figures in a script: `python samples/api_example.py WORKSPACE [OUT]`.

`budgetbook demo budgetbook-demo` makes a workspace to try it on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import budgetbook

FEN = 1_000_000  # in 1 万元


def main(folder: str, out: str) -> None:
    """Reads the returns, checks and consolidates them, explains one figure, and exports all of them."""
    space = budgetbook.open_workspace(folder)
    returns = budgetbook.read_all(space)
    print(f"读取 {len(returns)} 个单位：{'、'.join(ret.unit.name for ret in returns.values())}")

    findings = budgetbook.check(space, returns)
    errors = [finding for finding in findings if finding.severity == "error"]
    print(f"强制问题 {len(errors)} 项，例如：{errors[0].says}" if errors else "没有强制问题")

    result = budgetbook.consolidate(space, returns)
    root = space.catalogue.tree.units[0]
    if root.code not in result.books:
        print(f"还缺：{'、'.join(unit.name for unit in result.missing)}")
        return
    revenue = result.books[root.code].frame("gp_revenue")  # 万元, lines × columns
    print(f"{root.name}一般公共预算收入（万元）：")
    print(revenue.loc[["T_GPB_R", "101", "103"], ["initial", "actual"]].to_string())

    consolidated = space.out / space.file_name(root)
    if consolidated.is_file():
        found = budgetbook.explain(space, consolidated, "表01!G6")
        for times, leaf in found.leaves():
            if leaf.cited and isinstance(leaf.value, int) and leaf.value >= 20_000 * FEN:
                print(f"  {leaf.unit.name} {times * leaf.value // FEN:,} 万元 {leaf.cited.place}")

    written = budgetbook.export(space, [*returns.values(), *result.books.values()], Path(out) / "figures.csv")
    print(f"已导出：{'、'.join(path.name for path in written)}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "budgetbook-demo", sys.argv[2] if len(sys.argv) > 2 else ".")
