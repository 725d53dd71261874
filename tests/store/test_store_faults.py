"""Real faults under load: a process that is killed, a disk that is full."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import store_examples as make

from aaa.store import Store
from aaa.types import Answer, Attempt, Call, CallUse

SCRIPT = """
import asyncio, os, sys
import store_examples as make
from aaa.store import Store, StoreJournal

async def writer(journal, number):
    for turn in range(10**6):
        key = f"{sys.argv[2]}-{number}-{turn}"
        call, use = make.call(key, text=key), make.use(f"u-{key}", call=key)
        await journal.reserve(make.attempt(f"t-{key}", call=key, state="reserved"))
        await journal.commit(call, use, [make.attempt(f"t-{key}", call=key)])
        os.write(1, f"{key}\\n".encode())

async def main():
    with Store.open(sys.argv[1]) as store:
        await asyncio.gather(*(writer(StoreJournal(store), number) for number in range(64)))

asyncio.run(main())
"""

FULL = """
import asyncio, resource, sys
import store_examples as make
from aaa.errors import StoreError
from aaa.store import Store

async def main():
    with Store.open(sys.argv[1]) as store:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
        jobs = [store.write(make.answer(f"a{number}", text="long " * 1000)) for number in range(600)]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await store.write(make.answer("there is space again"))
    assert all(result is None or isinstance(result, StoreError) for result in results), results
    print(next(str(result) for result in results if result is not None), file=sys.stderr)
    for number, result in enumerate(results):
        if result is None:
            print(f"a{number}")

asyncio.run(main())
"""


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(("", str(Path(__file__).parent), *sys.path))}


def intact(path):
    with sqlite3.connect(path) as db:
        found = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    return found == ("ok",)


def acknowledged_until_killed(path, name):
    """Keys that a process under load said were committed, until it was killed at a random moment."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path), name], stdout=subprocess.PIPE, text=True, env=environment()
    )
    first = process.stdout.readline()
    timer = threading.Timer(random.uniform(0.1, 0.6), process.send_signal, [signal.SIGKILL])
    timer.start()
    rest = process.stdout.read()
    process.wait()
    assert process.returncode == -signal.SIGKILL
    return (first + rest).split()


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path):
    path = tmp_path / "killed.db"
    keys = [key for number in range(3) for key in acknowledged_until_killed(path, f"run{number}")]
    assert len(keys) > 100
    with Store.open(path) as store:
        for key in keys:
            assert store.get(Call, key) == make.call(key, text=key)
            assert store.get(Attempt, f"t-{key}").state == "settled"
        committed = {call.id for call in store.rows(Call)}
        assert committed >= set(keys)
        assert committed == {use.call for use in store.rows(CallUse)}, "a call and its use are committed together"
        assert committed == {attempt.call for attempt in store.rows(Attempt, state="settled")}
    assert intact(path)


def test_a_full_disk_fails_those_who_wait_and_loses_nothing(tmp_path):
    path = tmp_path / "full.db"
    process = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert "disk" in process.stderr
    written = set(process.stdout.split())
    assert len(written) < 600
    with Store.open(path) as store:
        assert {row.id for row in store.rows(Answer)} == written | {"there is space again"}
    assert intact(path)
