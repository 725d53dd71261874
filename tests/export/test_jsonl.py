"""write_jsonl: exact bytes, and a file that is whole or untouched."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aaa.errors import ExportError
from aaa.export import Written, write_jsonl

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


def test_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "rows.jsonl"
    written = write_jsonl(path, iter([{"id": "b", "a": "é\n\u2028"}, {"id": "a", "a": None}]))
    expected = '{"id": "b", "a": "é\\n\u2028"}\n{"id": "a", "a": null}\n'.encode()
    assert path.read_bytes() == expected
    assert written == Written(path, 2, hashlib.sha256(expected).hexdigest(), len(expected))
    assert [entry.name for entry in path.parent.iterdir()] == ["rows.jsonl"]


def test_no_rows_make_an_empty_file(tmp_path: Path) -> None:
    assert write_jsonl(tmp_path / "x", []).bytes == 0
    assert (tmp_path / "x").read_bytes() == b""


def test_the_file_has_ordinary_permissions(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    os.umask(umask)
    write_jsonl(tmp_path / "x", [])
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o666 & ~umask


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(_TEXT, _VALUE, max_size=3), max_size=4))
def test_what_is_written_is_read_back(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = tmp_path / "rows.jsonl"
    written = write_jsonl(path, rows)
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == rows
    assert (written.rows, written.bytes) == (len(rows), path.stat().st_size)


@pytest.mark.parametrize("bad", ["\ud800", "a\0b", "\\\\\0", float("nan"), float("inf"), object(), {"x": ["\udfff"]}])
def test_a_row_that_cannot_be_written_is_named_and_the_old_file_stays(tmp_path: Path, bad: Any) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("old\n")
    with pytest.raises(ExportError, match="'pair-2'"):
        write_jsonl(path, [{"id": "pair-1", "a": "fine"}, {"id": "pair-2", "a": bad}])
    assert path.read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.jsonl"]


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "C:\\u0000"])
def test_the_letters_of_an_escape_are_no_nul(tmp_path: Path, text: str) -> None:
    write_jsonl(tmp_path / "x", [{"a": text}])
    assert json.loads((tmp_path / "x").read_text()) == {"a": text}


def test_a_fault_of_the_rows_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"id": "1"}
        raise KeyError("store")

    with pytest.raises(KeyError, match="store"):
        write_jsonl(tmp_path / "x", rows())
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "x", tmp_path / ("n" * 300), Path("/proc/x.jsonl"), Path(os.devnull)):
        with pytest.raises(ExportError, match=r"cannot be written|no regular file"):
            write_jsonl(path, [{"id": "1"}])
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to read-only folders")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="Permission denied"):
        write_jsonl(tmp_path / "x", [])


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses writes beyond `size`, as a full disk does."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_no_room(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old\n")
    with _no_file_larger_than(50_000), pytest.raises(ExportError, match="make room"):
        write_jsonl(path, ({"id": str(number), "a": "x" * 1000} for number in range(1000)))
    assert path.read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]
