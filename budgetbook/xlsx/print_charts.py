"""Charts as the spreadsheet program draws them: editable, over figures on the same sheet, told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart as Drawing
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..papers.chart import Chart
from ..papers.typefaces import Fonts

KINDS: dict[str, dict[str, str]] = {
    "compare": {"type": "column"},
    "stack": {"type": "column", "subtype": "stacked"},
    "share": {"type": "pie"},
    "time": {"type": "line"},
    "progress": {"type": "column"},
}
PATTERNS = (
    "wide_upward_diagonal",
    "percent_20",
    "dark_horizontal",
    "large_grid",
    "wide_downward_diagonal",
    "percent_50",
    "dark_vertical",
    "large_check",
    "light_horizontal",
    "zigzag",
    "percent_5",
)
DASHES = ("solid", "dash", "round_dot", "long_dash_dot")
MARKERS = ("circle", "square", "triangle", "diamond")
ROWS, WIDTH, HEIGHT = 24, 690, 450  # the space one chart takes; rows of 20 pixels
FIGURES = 12  # the column where the figures begin, outside the printed area


def add_charts(workbook: xlsxwriter.Workbook, sheet: Worksheet, charts: Sequence[Chart], fonts: Fonts) -> None:
    """One chart to a page, with its figures to the right of it."""
    head = workbook.add_format({"font_name": fonts.head, "bottom": 1})
    body = workbook.add_format({"font_name": fonts.fang, "num_format": "#,##0.####"})
    starts = [0]
    for chart in charts:
        _figures(sheet, chart, starts[-1], head, body)
        sheet.insert_chart(starts[-1] + 1, 0, _drawing(workbook, sheet.get_name(), chart, starts[-1], fonts))
        starts.append(starts[-1] + max(ROWS, len(chart.categories) + 4))
    _set_up(sheet, starts)


def _set_up(sheet: Worksheet, starts: Sequence[int]) -> None:
    sheet.set_column(FIGURES, FIGURES, 26)
    sheet.set_column(FIGURES + 1, FIGURES + 12, 14)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.print_area(0, 0, starts[-1], FIGURES - 1)
    sheet.set_h_pagebreaks(list(starts[1:-1]))


def _figures(sheet: Worksheet, chart: Chart, row: int, head: Format, body: Format) -> None:
    sheet.write_string(row, FIGURES, f"{chart.title}（{chart.unit}）", head)
    for column, series in enumerate(chart.series, FIGURES + 1):
        sheet.write_string(row, column, series.name, head)
        for at, value in enumerate(series.values, row + 1):
            if value is not None:
                sheet.write_number(at, column, value, body)
    for at, category in enumerate(chart.categories, row + 1):
        sheet.write_string(at, FIGURES, category, body)


def _drawing(workbook: xlsxwriter.Workbook, sheet: str, chart: Chart, row: int, fonts: Fonts) -> Drawing:
    drawing = workbook.add_chart(KINDS[chart.kind])
    first, last = row + 1, row + len(chart.categories)
    for at in range(len(chart.series)):
        column = FIGURES + 1 + at
        drawing.add_series(
            {
                "name": [sheet, row, column],
                "categories": [sheet, first, FIGURES, last, FIGURES],
                "values": [sheet, first, column, last, column],
                **_ink(chart, at),
            }
        )
    small = {"name": fonts.fang, "size": 10.5}
    drawing.set_title({"name": chart.title, "name_font": {"name": fonts.title, "size": 16, "bold": False}})
    drawing.set_legend({"position": "bottom", "font": small, "none": chart.kind == "share"})
    drawing.set_size({"width": WIDTH, "height": HEIGHT})
    if chart.kind != "share":
        drawing.set_x_axis({"num_font": small})
        drawing.set_y_axis(
            {"name": f"单位：{chart.unit}", "name_font": small, "num_font": small, "major_gridlines": {"visible": True}}
        )
    return drawing


def _ink(chart: Chart, at: int) -> dict[str, Any]:
    """What tells a series from the others on a black-and-white printer."""
    if chart.kind == "share":
        shown = {"percentage": True, "category": True, "leader_lines": True, "position": "outside_end"}
        return {"points": [_filled(point) for point in range(len(chart.categories))], "data_labels": shown}
    if chart.kind == "time":
        marker = {"type": MARKERS[at % 4], "size": 7, "fill": {"color": "white"}, "border": {"color": "black"}}
        return {"line": {"color": "black", "width": 1.75, "dash_type": DASHES[at % 4]}, "marker": marker}
    return _filled(at)


def _filled(at: int) -> dict[str, Any]:
    if at == 0:
        return {"fill": {"color": "#404040"}, "border": {"color": "black"}}
    pattern = {"pattern": PATTERNS[(at - 1) % len(PATTERNS)], "fg_color": "black", "bg_color": "white"}
    return {"pattern": pattern, "border": {"color": "black"}}
