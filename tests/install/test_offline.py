"""The offline install of the README, as it stands there: a wheelhouse made with a network, then installed and used without one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
READMES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
WINDOWS = {"platform_system": "Windows", "sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"}
NOWHERE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null"}


def line(start: str, readme: str) -> str:
    """The one command of a README that begins so."""
    (found,) = re.findall(rf"^    ({re.escape(start)}.*)$", readme, re.M)
    return str(found)


def run(command: str, folder: Path, *, cut_off: bool = False) -> str:
    """A line of the README, in *folder*; *cut_off*: in a network of its own that leads nowhere, where that can be had."""
    words = ["bash", "-c", command.replace("python3", sys.executable)]
    if (
        cut_off
        and shutil.which("unshare")
        and not subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode
    ):
        words = ["unshare", "-n", *words]
    path = "/usr/local/bin:/usr/bin:/bin"
    settings = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"} | (NOWHERE if cut_off else {})
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=settings if cut_off else None)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = tmp_path_factory.mktemp("office")
    made = line("python3 -m pip wheel -q -w wheelhouse .", READMES[1]).replace(
        "-w wheelhouse", f"-w {office / 'wheelhouse'}"
    )
    run(made, ROOT)
    return office / "wheelhouse"


def test_both_readmes_give_the_same_lines() -> None:
    for start in (
        "python3 -m pip wheel -q -w wheelhouse .",
        "python3 -m venv .venv && .venv/bin/pip install -q --no-index",
    ):
        assert line(start, READMES[0]) == line(start, READMES[1])


@pytest.mark.long  # half a minute, most of it pip's; the continuous integration runs it by name
def test_installed_without_a_network_it_issues_checks_and_makes_a_page(wheelhouse: Path) -> None:
    office = wheelhouse.parent
    install = line("python3 -m venv .venv && .venv/bin/pip install -q --no-index", READMES[1])
    run(install.replace("pip install", "pip install --no-compile"), office, cut_off=True)  # compiled when first used
    tool = ".venv/bin/budgetbook"
    run(f"{tool} new city --year 2026 && {tool} template -w city --unit 修武县 -o city/returned", office, cut_off=True)
    said = run(f"{tool} check -w city --html page.html --xlsx list.xlsx", office, cut_off=True)
    assert "已读取  修武县" in said
    assert "修武县" in (office / "page.html").read_text(encoding="utf-8")
    assert zipfile.is_zipfile(office / "list.xlsx")


def needed(wheel: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """What a wheel asks for in an environment."""
    with zipfile.ZipFile(wheel) as package:
        (about,) = (name for name in package.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        asked = Parser().parsestr(package.read(about).decode()).get_all("Requires-Dist") or []
    for text in asked:
        requirement = Requirement(text)
        if _holds(requirement.marker, environment):
            yield canonicalize_name(requirement.name)


def _holds(marker: Marker | None, environment: Mapping[str, str]) -> bool:
    return marker is None or marker.evaluate({**environment, "extra": ""})


@pytest.mark.long
@pytest.mark.parametrize(
    ("platforms", "markers"),
    [
        ("--platform win_amd64", WINDOWS),
        (" ".join(f"--platform {tag}_aarch64" for tag in ("manylinux_2_28", "manylinux_2_17", "manylinux2014")), {}),
        (" ".join(f"--platform {tag}_x86_64" for tag in ("manylinux_2_28", "manylinux_2_17", "manylinux2014")), {}),
    ],
    ids=["windows", "kylin on arm", "kylin on x86"],
)
@pytest.mark.parametrize("python", ["311", "313"])
def test_the_wheelhouse_of_another_system_is_whole(
    platforms: str, markers: dict[str, str], python: str, wheelhouse: Path, tmp_path: Path
) -> None:
    """Binary wheels for that system exist, and nothing asks there for what is not in the folder."""
    shutil.copy(next(wheelhouse.glob("budgetbook-*.whl")), tmp_path)
    command = line("python3 -m pip download", READMES[1]).replace("--platform win_amd64", platforms)
    command = command.replace("311", python).replace("wheelhouse/", "").replace("-d wheelhouse", "-d .")
    run(command, tmp_path)
    environment: dict[str, str] = {**default_environment(), **markers}
    held = {canonicalize_name(wheel.name.split("-")[0]) for wheel in tmp_path.glob("*.whl")}
    assert set() == {name for wheel in tmp_path.glob("*.whl") for name in needed(wheel, environment)} - held
