"""The report text as files: read, commented, written, shown."""
