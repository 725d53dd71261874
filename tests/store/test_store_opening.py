"""Opening: stores that are missing, damaged, foreign, of another version, in the wrong place; locks on sessions."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import store_examples as make

from aaa.errors import StoreError, UsageError
from aaa.store import Store
from aaa.store.faults import as_store_error
from aaa.types import Answer


def python(script, *arguments):
    """A Python process that runs a script of this test; its standard output is a pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("", str(Path(__file__).parent), *sys.path))},
    )


async def test_folders_are_made_and_the_store_stays(tmp_path):
    path = tmp_path / "new" / "folder" / "aaa.db"
    with Store.open(str(path)) as store:
        await store.write(make.answer())
    with Store.open(path, create=False) as store:
        assert store.get(Answer, "a") == make.answer()
    with Store.open(f"sqlite:///{path}") as store:
        assert store.count(Answer) == 1


def test_it_survives_a_loss_of_power(tmp_path):
    """The settings that make a commit durable; the disk's own word is beyond a test."""
    with Store.open(tmp_path / "a.db"), sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


def test_missing_store(tmp_path):
    with pytest.raises(StoreError, match=r"no store at .*aaa run"):
        Store.open(tmp_path / "folder" / "aaa.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="it is a folder"):
        Store.open(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError, match="file"):
        Store.open(tmp_path / "file" / "aaa.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="--db"):
        Store.open(tmp_path / "aaa.db")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EROFS, "may not be written"), (errno.EACCES, "permissions"), (errno.ENOSPC, "free some space")],
)
def test_what_the_file_system_refuses_comes_with_advice(number, words):
    with pytest.raises(StoreError, match=words), as_store_error("here"):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("content", [b"once upon a time\n" * 1000, b"\0" * 5000, b"SQLite format 3\0" + b"\x07" * 5000])
def test_a_file_that_is_no_database(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"notes.txt.*--db"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    db.close()
    with pytest.raises(StoreError, match="something else"):
        Store.open(path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("songs",)]
    db.close()


@pytest.mark.parametrize("version", ["0", "1", "3", "x"])
async def test_another_schema_version(tmp_path, version):
    path = tmp_path / "old.db"
    with Store.open(path) as store:
        await store.write(make.answer())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = ? WHERE id = 'schema'", (version,))
    db.close()
    with pytest.raises(StoreError, match=rf"schema version {version}, .* version 4"):
        Store.open(path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (1,)
    db.close()


async def test_a_damaged_file_is_reported_not_misread(tmp_path):
    path = tmp_path / "damaged.db"
    with Store.open(path) as store:
        await store.write(*(make.answer(f"a{number:03}", text="long " * 200) for number in range(300)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + os.urandom(4096 * 8) + content[len(content) // 2 + 4096 * 8 :])
    with Store.open(path) as store, pytest.raises(StoreError, match=r"recover|damaged"):
        list(store.rows(Answer))


def test_addresses_that_are_none(tmp_path):
    with pytest.raises(UsageError, match="neither a file"):
        Store.open("http//what://")
    with pytest.raises(UsageError, match=r"pg8000.*psycopg"):
        Store.open("postgresql+pg8000://localhost/aaa")
    with pytest.raises(UsageError, match="mysql"):
        Store.open("mysql://localhost/aaa")


def test_processes_that_make_the_same_store_at_once(tmp_path):
    script = (
        "import asyncio, sys, store_examples as make; from aaa.store import Store\n"
        "with Store.open(sys.argv[1]) as store:\n"
        "    for row in range(20): asyncio.run(store.write(make.answer(f'{sys.argv[2]}-{row}')))\n"
    )
    processes = [python(script, tmp_path / "shared.db", number) for number in range(3)]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with Store.open(tmp_path / "shared.db") as store:
        assert store.count(Answer) == 60


def test_one_process_at_a_time_holds_a_session(tmp_path):
    script = (
        "import sys, time; from aaa.store import Store\n"
        "with Store.open(sys.argv[1]) as store, store.lock('first/session'):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with Store.open(tmp_path / "aaa.db") as store:
        process = python(script, store.name)
        try:
            assert process.stdout.readline() == "held\n"
            with (
                pytest.raises(UsageError, match=f"'first/session'.* process {process.pid}:"),
                store.lock("first/session"),
            ):
                pass
            with store.lock("second"):
                pass
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        here = pytest.raises(UsageError, match=f"process {os.getpid()}:")
        with store.lock("first/session"), here, store.lock("first/session"):
            pass
        with store.lock("first/session"):
            pass
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*.lock"))
