"""Writes figures.csv and texts.csv of the sample; the same files every time. Run: python samples/jiaozuo-2026/make_figures.py"""

from __future__ import annotations

from pathlib import Path

from making.sample import books, figures_csv, texts_csv

from budgetbook.workspace import open_workspace

HERE = Path(__file__).parent


def main() -> None:
    """Both files, beside this program."""
    made = books(open_workspace(HERE).shape)
    (HERE / "figures.csv").write_text(figures_csv(made), encoding="utf-8-sig", newline="\n")
    (HERE / "texts.csv").write_text(texts_csv(made), encoding="utf-8-sig", newline="\n")


if __name__ == "__main__":
    main()
