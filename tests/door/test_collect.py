"""What is handed in is found, each file once; nothing is followed, nothing blocks, nothing is left without a word."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from budgetbook.door import collect as door
from budgetbook.door.archives import Archive
from budgetbook.door.candidates import Candidate, Skipped, candidate
from budgetbook.door.collect import collect
from budgetbook.door.kinds import Kind

from .packages import Item, archive, deflated, packed, workbook


def _put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _found(*paths: Path) -> dict[str, str]:
    """What was found by path below the first: the kind of a candidate, or the code of what was skipped."""
    names = [(each.path, each.code if isinstance(each, Skipped) else each.kind.code) for each in collect(paths)]
    return {name.removeprefix(f"{paths[0]}/"): code for name, code in names}


def _members(content: bytes, room: Archive | None = None) -> dict[str, str]:
    found = (room or Archive()).open(candidate("返回.zip", content))
    return {each.path: each.code if isinstance(each, Skipped) else each.kind.code for each in found}


def test_a_file_is_read_once_with_its_hash_and_kind(tmp_path: Path) -> None:
    _put(tmp_path, {"修武县.xlsx": workbook()})
    (found,) = collect([tmp_path / "修武县.xlsx"])
    expected = Candidate(
        f"{tmp_path}/修武县.xlsx",
        hashlib.sha256(workbook()).hexdigest(),
        workbook(),
        Kind.XLSX,
        str(tmp_path / "修武县.xlsx"),
    )
    assert expected == found


def test_folders_are_walked_in_the_order_of_names(tmp_path: Path) -> None:
    _put(tmp_path, {"b.csv": b"1,2", "a/z.pdf": b"%PDF-1", "a/y.xlsx": workbook(), "c/d/e.csv": b"1"})
    expected = ["b.csv", "a/y.xlsx", "a/z.pdf", "c/d/e.csv"]
    assert expected == list(_found(tmp_path))


def test_a_file_named_twice_is_taken_once(tmp_path: Path) -> None:
    _put(tmp_path, {"a.csv": b"1"})
    assert 1 == len(list(collect([tmp_path, tmp_path / "a.csv", tmp_path / "." / "a.csv"])))


def test_a_path_that_does_not_exist_is_the_operators_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(collect([tmp_path / "没有.xlsx"]))


def test_the_extension_decides_nothing(tmp_path: Path) -> None:
    _put(tmp_path, {"a.txt": workbook(), "b.xlsx": b"%PDF-1", "c.xls": packed({"d.doc": workbook()})})
    assert {"a.txt": "xlsx", "b.xlsx": "pdf", "c.xls!d.doc": "xlsx"} == _found(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "~$修武县.xlsx",
        ".~lock.修武县.xlsx#",
        ".~修武县.xlsx",
        "._修武县.xlsx",
        "Thumbs.db",
        ".DS_Store",
        "desktop.ini",
        "~WRL0001.tmp",
    ],
)
def test_what_programs_leave_behind_is_skipped_with_a_line(tmp_path: Path, name: str) -> None:
    _put(tmp_path, {name: workbook(), "a.csv": b"1"})
    assert {name: "junk", "a.csv": "text"} == _found(tmp_path)


def test_a_junk_folder_is_one_line(tmp_path: Path) -> None:
    _put(tmp_path, {"__MACOSX/a.xlsx": b"1", "__MACOSX/b.xlsx": b"1"})
    assert {"__MACOSX": "junk"} == _found(tmp_path)


def test_empty_files_and_folders(tmp_path: Path) -> None:
    _put(tmp_path, {"a.xlsx": b""})
    (tmp_path / "b").mkdir()
    assert {"a.xlsx": "empty"} == _found(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = _put(tmp_path / "outside", {"secret.xlsx": workbook()})
    inside = _put(tmp_path / "inside", {"a.csv": b"1"})
    (inside / "link.xlsx").symlink_to(outside / "secret.xlsx")
    (inside / "folder").symlink_to(outside)
    (inside / "circle").symlink_to(inside)
    (inside / "nowhere").symlink_to(inside / "nothing")
    expected = {"a.csv": "text", "circle": "link", "folder": "link", "link.xlsx": "link", "nowhere": "link"}
    assert expected == _found(inside)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_a_link_named_by_the_operator_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(_put(tmp_path / "folder", {"a.csv": b"1"}))
    assert ["link"] == [each.code for each in collect([tmp_path / "link"]) if isinstance(each, Skipped)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_pipes_sockets_and_devices_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "b.xlsx"))
    assert {"a.xlsx": "special", "b.xlsx": "special"} == _found(tmp_path)
    assert ["special"] == [each.code for each in collect(["/dev/zero"]) if isinstance(each, Skipped)]
    listener.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_a_pipe_put_in_the_place_of_a_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _put(tmp_path, {"a.xlsx": workbook()}) / "a.xlsx"
    look = door._objection

    def exchange(seen: Path, state: os.stat_result) -> Skipped | None:
        path.unlink()
        os.mkfifo(path)
        return look(seen, state)

    monkeypatch.setattr(door, "_objection", exchange)
    assert {"a.xlsx": "changed"} == _found(tmp_path)


def test_a_sparse_file_of_three_gigabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(3 << 30)
    assert {"a.xlsx": "large"} == _found(tmp_path)


def test_a_file_at_the_limit_is_read_and_one_above_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LARGEST", 10)
    _put(tmp_path, {"a.csv": b"1" * 10, "b.csv": b"1" * 11})
    assert {"a.csv": "text", "b.csv": "large"} == _found(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_what_may_not_be_read_is_skipped(tmp_path: Path) -> None:
    _put(tmp_path, {"a.csv": b"1", "b/c.csv": b"1", "d.csv": b"1"})
    (tmp_path / "a.csv").chmod(0)
    (tmp_path / "b").chmod(0)
    found = _found(tmp_path)
    (tmp_path / "b").chmod(0o700)
    assert {"a.csv": "unreadable", "d.csv": "text", "b": "folder"} == found


def test_a_file_that_fails_while_it_is_read_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> Skipped:
        raise OSError(5, "Input/output error")

    _put(tmp_path, {"a.csv": b"1", "b.csv": b"1"})
    monkeypatch.setattr(door, "_read", fail)
    assert {"a.csv": "unreadable", "b.csv": "unreadable"} == _found(tmp_path)


def test_folders_without_end_are_not_walked_to_the_end(tmp_path: Path) -> None:
    deep = Path(*(["d"] * door.DEEPEST))
    _put(tmp_path, {str(deep / "a.csv"): b"1", str(deep.parent / "b.csv"): b"1"})
    assert {str(deep.parent / "b.csv"): "text", str(deep): "folder"} == _found(tmp_path)


def test_a_name_with_control_characters_is_shown_without_them(tmp_path: Path) -> None:
    _put(tmp_path, {"a\x1b[2J\u202eb.csv": b"1"})
    assert {"a�[2J�b.csv": "text"} == _found(tmp_path)


# Archives of returns


def test_members_are_found_under_the_name_of_the_archive(tmp_path: Path) -> None:
    _put(tmp_path, {"返回.zip": packed({"县/修武县.xlsx": workbook(), "说明.txt": "说明".encode()})})
    assert {"返回.zip!县/修武县.xlsx": "xlsx", "返回.zip!说明.txt": "text"} == _found(tmp_path)


@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        ("修武县最终版.xlsx".encode(), 1 << 11),
        ("修武县最终版.xlsx".encode(), 0),
        ("修武县最终版.xlsx".encode("gbk"), 0),
    ],
    ids=["utf-8", "utf-8 that does not say so", "gbk"],
)
def test_names_are_read_in_the_encodings_of_chinese_archivers(raw: bytes, flags: int) -> None:
    assert ["返回.zip!修武县最终版.xlsx"] == list(_members(archive([Item(raw, b"1", flags=flags)])))


def test_a_gbk_name_that_happens_to_be_utf_8_is_still_read_as_gbk() -> None:
    assert "һ.csv" == "一.csv".encode("gbk").decode()
    assert ["返回.zip!一.csv"] == list(_members(archive([Item("一.csv".encode("gbk"), b"1")])))


def test_a_member_cannot_climb_out_because_nothing_is_ever_unpacked() -> None:
    assert {"返回.zip!../../etc/cron.d/a": "text"} == _members(archive([Item(b"../../etc/cron.d/a", b"1")]))


def test_archives_in_archives_are_opened() -> None:
    inner = packed({"修武县.xlsx": workbook()})
    assert {"返回.zip!县.zip!修武县.xlsx": "xlsx"} == _members(packed({"县.zip": inner}))


def test_archives_in_archives_in_archives_end_somewhere() -> None:
    content = packed({"a.csv": b"1"})
    for _ in range(4):
        content = packed({"z": content})
    assert {"返回.zip!z!z!z": "archive-nesting"} == _members(content)


def test_a_bomb_in_an_archive_is_skipped_and_the_rest_is_read() -> None:
    content = packed({"a.csv": bytes(20_000_000), "b.csv": b"1"})
    assert {"返回.zip!a.csv": "zip-ratio", "返回.zip!b.csv": "text"} == _members(content)


def test_a_bomb_that_lies_about_its_size_is_counted_as_it_comes_out() -> None:
    content = archive([Item(b"a.csv", b"1", data=deflated(bytes(60_000_000)), size=1)])
    assert {"返回.zip!a.csv": "zip-ratio"} == _members(content)


def test_entries_that_share_their_bytes_are_counted_each_time() -> None:
    big = Item(b"0.csv", bytes(range(256)) * 400)
    content = archive([big, *(Item(b"%d.csv" % n, big.content, header=0) for n in range(1, 9))])
    codes = list(_members(content, Archive(total=350_000)).values())
    assert ["text"] * 3 == [code if code != "unknown" else "text" for code in codes[:3]]
    assert {"zip-size", "archive-size"} >= set(codes[3:])


def test_the_count_of_members_is_limited_over_all_levels() -> None:
    inner = packed({f"{n}.csv": b"1" for n in range(5)})
    content = packed({"a.zip": inner, "b.zip": inner})
    codes = list(_members(content, Archive(members=8)).values())
    assert ["text"] * 5 + ["zip-entries"] == codes


def test_more_members_than_allowed_are_refused_at_once() -> None:
    assert {"返回.zip": "zip-entries"} == _members(packed({f"{n}": b"1" for n in range(9)}), Archive(members=8))


def test_an_archive_with_a_password_names_each_member() -> None:
    assert {"返回.zip!a.xlsx": "zip-encrypted"} == _members(archive([Item(b"a.xlsx", b"1", flags=1)]))


def test_a_link_in_an_archive_is_not_followed() -> None:
    assert {"返回.zip!a.xlsx": "link"} == _members(archive([Item(b"a.xlsx", b"/etc/passwd", mode=0o120777)]))


def test_what_macs_add_to_archives_is_junk() -> None:
    content = packed({"修武县.xlsx": workbook(), "__MACOSX/._修武县.xlsx": b"1", "县\\~$修武县.xlsx": b"1"})
    assert ["xlsx", "junk", "junk"] == list(_members(content).values())


def test_an_archive_of_nothing_says_so() -> None:
    assert {"返回.zip": "archive-empty"} == _members(archive([]))


def test_an_archive_with_a_comment_or_something_before_it_is_still_opened() -> None:
    assert ["text"] == list(_members(archive([Item(b"a.csv", b"1")], comment="某软件".encode())).values())


def test_every_skipped_file_has_a_sentence(tmp_path: Path) -> None:
    _put(tmp_path, {"~$a.xlsx": b"1", "b.xlsx": b"", "c.zip": archive([])})
    assert all(each.says.endswith("。") for each in collect([tmp_path]) if isinstance(each, Skipped))
    assert 3 == len(list(collect([tmp_path])))


def test_the_door_is_light() -> None:
    """Neither readers nor tables nor the network are loaded to look at files."""
    heavy = ["openpyxl", "pandas", "numpy", "lxml", "python_calamine", "xlsxwriter", "socket", "multiprocessing"]
    code = f"import sys, budgetbook.door.collect; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == found.stdout.strip()


@pytest.mark.parametrize(
    ("number", "why"), [(13, "没有权限"), (5, "磁盘读写出错"), (36, "文件名太长"), (9_999, "系统错误 9999")]
)
def test_why_a_file_cannot_be_read_is_said_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, "in English")

    _put(tmp_path, {"a.csv": b"x"})
    monkeypatch.setattr(door.os, "open", refuse)
    (found,) = collect([tmp_path])
    assert isinstance(found, Skipped)
    assert f"读不出来（{why}）。" in found.says
