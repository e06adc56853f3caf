"""Which typefaces this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def installed_fonts() -> frozenset[str]:
    """The names of the typefaces on this machine: from fontconfig, from the Windows registry, or from font files."""
    names = set(_from_fontconfig()) or {*_from_registry(), *_from_files()}
    return frozenset(name.strip() for name in names if name.strip())


def _from_fontconfig() -> Iterator[str]:
    command = shutil.which("fc-list")
    if command is None:
        return
    listed = subprocess.run([command, ":", "family"], capture_output=True, text=True, encoding="utf-8", timeout=60)
    for line in listed.stdout.splitlines():
        yield from line.split(",")


def _from_registry() -> Iterator[str]:
    if sys.platform != "win32":
        return
    import winreg  # only there

    where = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
    for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        try:
            key = winreg.OpenKey(hive, where)
        except FileNotFoundError:
            continue
        with key:
            for at in range(winreg.QueryInfoKey(key)[1]):
                yield from str(winreg.EnumValue(key, at)[0]).split("(")[0].split("&")


def _from_files() -> Iterator[str]:
    folders = (
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        Path.home() / "Library/Fonts",
        Path("/usr/share/fonts"),
        Path.home() / ".fonts",
    )
    for folder in folders:
        for file in folder.rglob("*.[tToO][tT][fFcC]"):
            yield file.stem
