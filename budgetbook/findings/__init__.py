"""Findings on their way to people and programs: terminal, JSON, workbook, feedback."""
