"""Workbooks on disk: how they come in at the door, are read, and are written."""
