"""LibreOffice Calc without a window: opens a workbook, types into cells, recalculates hard, saves. Run by Debian's own Python, which has UNO."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8", ".pdf": "calc_pdf_Export"}
SCRIPT = """
import json, subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue
job = json.load(open(sys.argv[1]))
pipe = "budgetbook" + str(job["number"])
office = subprocess.Popen(["soffice", "--headless", "--norestore", "-env:UserInstallation=file://" + job["profile"],
                           "--accept=pipe,name=%s;urp;" % pipe])
resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
for _ in range(300):
    try:
        context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
        break
    except Exception:
        time.sleep(0.2)
desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
hidden = PropertyValue("Hidden", 0, True, 0)
for each in job["files"]:
    book = desktop.loadComponentFromURL("file://" + each["source"], "_blank", 0, (hidden,))
    for sheet, address, value in each["typed"]:
        cell = book.Sheets.getByName(sheet).getCellRangeByName(address)
        if isinstance(value, str) and value.startswith("="):
            cell.Formula = value
        elif isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value
    book.calculateAll()
    book.storeToURL("file://" + each["target"], (PropertyValue("FilterName", 0, each["filter"], 0),))
    book.close(True)
desktop.terminate()
office.wait(60)
"""

Typed = list[tuple[str, str, "float | str"]]


def save_in_calc(folder: Path, jobs: list[tuple[Path, Path, Typed]], patience: int = 240) -> None:
    """Each (source, target, cells to type) in one run of Calc, in so many seconds; the target's ending says the format."""
    if not shutil.which("soffice") or not Path("/usr/bin/python3").exists():
        _absent()
    files = [
        {"source": str(source), "target": str(target), "typed": typed, "filter": FILTERS[target.suffix]}
        for source, target, typed in jobs
    ]
    job, script = folder / "job.json", folder / "calc_script.py"
    job.write_text(
        json.dumps({"files": files, "profile": str(folder / "profile"), "number": os.getpid()}), encoding="utf-8"
    )
    script.write_text(SCRIPT, encoding="utf-8")
    subprocess.run(["/usr/bin/python3", str(script), str(job)], check=True, timeout=patience, capture_output=True)


def _absent() -> None:
    if os.environ.get("CI"):
        raise AssertionError("LibreOffice is missing; .ci/run installs libreoffice-calc and python3-uno")
    pytest.skip("needs LibreOffice and Debian's python3-uno")
