"""A file is written whole or not at all, however many write it at once and whatever is killed meanwhile."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL = ".part"


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Where to write what will lie under *path* once it is whole; nothing is left of it if the writing stops."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)  # there is one only if this was stopped, by an error or by Ctrl-C


def save(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """*content* under *path*, by a rename. *lasting*: on the disk before this returns, should the power fail."""
    with unfinished(path) as partial, partial.open("xb") as file:
        file.write(content)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
