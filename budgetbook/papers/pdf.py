"""Papers to PDF through LibreOffice, and the text of its pages back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from ..saving import unfinished

_ELSEWHERE = (
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


class NoPdf(Exception):
    """A sentence saying why there is no PDF and what to do."""


def find_office() -> Path | None:
    """LibreOffice on this machine."""
    found = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
    places = map(Path, (found, *_ELSEWHERE) if found else _ELSEWHERE)
    return next((place for place in places if place.exists()), None)


def to_pdf(source: Path, target: Path, seconds: float = 300.0) -> None:
    """Convert *source* (.docx or .xlsx) to *target*, in a profile of its own. Raises NoPdf."""
    office = find_office()
    if office is None:
        raise NoPdf(
            "本机没有安装 LibreOffice，不能生成 PDF。请安装 LibreOffice 后重试，"
            f"或用 Word、WPS 打开“{source.name}”另存为 PDF。"
        )
    with tempfile.TemporaryDirectory() as folder:
        _convert(office, source.resolve(), Path(folder), seconds)
        made = Path(folder, f"{source.stem}.pdf")
        if not made.exists():
            raise NoPdf(f"LibreOffice 没有生成“{source.name}”的 PDF。请用 LibreOffice 打开该文件，看它是否完好。")
        with unfinished(target) as partial:
            shutil.copyfile(made, partial)


def _convert(office: Path, source: Path, folder: Path, seconds: float) -> None:
    profile = (folder / "profile").as_uri()
    quiet = ("--headless", "--norestore", f"-env:UserInstallation={profile}")
    with subprocess.Popen(
        [str(office), *quiet, "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            _stop(running)
            raise NoPdf(
                f"LibreOffice 转换“{source.name}”超过 {seconds:g} 秒没有完成，已停止。请关闭其他程序后重试。"
            ) from None


def _stop(running: subprocess.Popen[bytes]) -> None:
    """LibreOffice is a launcher and its child; both go."""
    if sys.platform == "win32":
        running.kill()
    else:
        os.killpg(running.pid, signal.SIGKILL)


def read_pages(pdf: Path) -> tuple[str, ...]:
    """The text of each page."""
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    return tuple(page.extract_text() for page in reader.pages)
