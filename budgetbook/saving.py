"""A file is written whole or not at all, however many write it at once and whatever is killed meanwhile."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PARTIAL = ".part"


def save(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """*content* under *path*, by a rename. *lasting*: on the disk before this returns, should the power fail."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        with partial.open("xb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)  # there is one only if this was stopped, by an error or by Ctrl-C
