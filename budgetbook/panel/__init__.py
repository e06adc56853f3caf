"""校验: the live face of relations. A workbook judges itself by the same cases as the checks."""

from .board import Panel, Row, panel_of
from .formulas import tally

__all__ = ["Panel", "Row", "panel_of", "tally"]
