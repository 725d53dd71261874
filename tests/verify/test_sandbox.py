"""Unread code: what it may do, what it may not, and that its tests decide."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from aaa.errors import UsageError, WorkError
from aaa.types import Instruction, Sandbox, Verifier, user
from aaa.verify import check, checked, require
from aaa.verify.sandbox import Finding, Program, host, lock_problem, run

SHARED = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
LIMITS = Sandbox(python=True, seconds=1, memory_mb=256)
locked = pytest.mark.skipif(lock_problem() is not None, reason=f"no lock here: {lock_problem()}")


def ran(code: str, tests: str = "", **options: Any) -> Finding:
    return run(Program([code], tests=tests, **options), LIMITS)


def item(tests: str, setup: str | None = None) -> Instruction:
    verifier = Verifier(kind="python_tests", tests=tests, setup=setup)
    return Instruction(id="i", session="s", source_id="i", messages=(user("?"),), verifier=verifier)


HARMLESS = {
    "computing": "assert sum(range(10)) == 45",
    "threads": "import threading\nheard = []\none = threading.Thread(target=heard.append, args=[1])\n"
    "one.start(); one.join()\nassert heard",
    "coroutines": "import asyncio\nasync def f():\n    await asyncio.sleep(0.001)\n    return 1\n"
    "assert asyncio.run(f()) == 1",
    "the standard library": "import decimal, hashlib, heapq, json, random, re, sqlite3, statistics, uuid\n"
    "hashlib.sha256(b'').hexdigest(), random.random(), sqlite3.connect(':memory:')",
    "much printing": "print('x' * 10_000_000)",
    "an empty environment": "import os\nassert dict(os.environ) == {}",
}
HOSTILE = {
    "a fork bomb": "import os\nwhile True: os.fork()",
    "a program": "import subprocess\nsubprocess.run(['/bin/true'])",
    "a process by multiprocessing": "import multiprocessing\nmultiprocessing.Process(target=print).start()",
    "10 GB": "hoard = bytearray(10 << 30)",
    "10 GB in pieces": "hoard = []\nwhile True: hoard.append(bytearray(1 << 20))",
    "writing outside": "open({outside!r}, 'w')",
    "writing inside": "open('here', 'w')",
    "cutting a file off": "import os\nos.open({outside!r}, os.O_RDONLY | os.O_TRUNC)",
    "removing": "import os\nos.remove({outside!r})",
    "changing rights": "import os\nos.chmod({outside!r}, 0o777)",
    "a folder": "import os\nos.mkdir('here')",
    "a link": "import os\nos.symlink({outside!r}, 'here')",
    "reading a file": "open({outside!r}).read()",
    "reading passwords": "open('/etc/passwd').read()",
    "reading the environment": "open('/proc/self/environ').read()",
    "reading that of the parent": "import os\nopen(f'/proc/{{os.getppid()}}/environ').read()",
    "listing folders": "import os\nos.listdir('/')",
    "a socket": "import socket\nsocket.socket()",
    "a socket of the house": "import socket\nsocket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a socket by its number": "import ctypes\nassert ctypes.CDLL(None).syscall({socket}, 2, 1, 0) >= 0",
    "killing": "import os, signal\nos.kill(os.getppid(), signal.SIGTERM)",
    "more memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "ending well": "import os\nos._exit(0)",
    "ending by exception": "raise SystemExit(0)",
    "a forged report": "import os\nfor at in (1, 3, 4): os.write(at, b'{{\"passed\": true}}\\n')\nos._exit(0)",
    "noise in the report": "import os\nfor at in range(3, 60):\n    try: os.write(at, b'x' * 100_000)\n"
    "    except OSError: pass",
    "an error that cannot be told": "class E(Exception):\n    def __str__(self): raise KeyError\nraise E",
    "a deep stack": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
}


@locked
@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_code_may_compute(code: str) -> None:
    assert ran(code) == Finding(True)


@locked
@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_code_may_do_nothing_else(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    outside = tmp_path / "outside"
    outside.write_text("as it was")
    socket = 41 if os.uname().machine == "x86_64" else 198
    found = ran(code.format(outside=str(outside), socket=socket), tests="pass")
    assert not found.passed
    assert found.detail
    assert "canary" not in found.detail
    assert outside.read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["outside"]


@locked
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("while True: pass", "more than 1 seconds of CPU time"),
        ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "ended before its tests"),
        ("import time\ntime.sleep(60)", "more than 3 seconds"),
        ("import os\nfor at in range(60):\n    try: os.close(at)\n    except OSError: pass\nwhile True: pass", "ended"),
    ],
)
def test_code_ends_in_any_case(code: str, words: str) -> None:
    found = ran(code)
    assert not found.passed
    assert words in found.detail or "more than 3 seconds" in found.detail  # a busy machine's clock is faster


@locked
def test_what_is_told_of_an_error_is_the_same_each_time() -> None:
    code = "print({'a', 'b', 'c', 'd'})\nassert False, [object(), {'a', 'b', 'c', 'd', 'e'}]"
    assert ran(code) == ran(code)
    assert ran("def f():\n    return 1", tests="\nassert f() == 2").detail == (
        "AssertionError (in the tests at 'assert f() == 2')"
    )


@locked
def test_the_code_of_an_answer_and_its_tests() -> None:
    double = item("assert double(4) == 8\nassert double('a') == 'aa'")
    fenced = "Here:\n```python\ndef double(x):\n    return {}\n```\nUse it like so:\n```\n>>> double(1)\n2\n```\n"
    right = check(double, fenced.format("x + x"), LIMITS)
    assert right is not None
    assert right.passed
    assert right.extracted == "def double(x):\n    return x + x\n"
    for wrong in (fenced.format("x * 3"), "I cannot.", "", "```\nnot python at all\n```", "```js\nlet x = 1\n```"):
        found = check(double, wrong, LIMITS)
        assert found is not None
        assert not found.passed
        assert found.detail
    assert check(item("assert f() == pi", "from math import pi"), "f = lambda: pi", LIMITS) == check(
        item("assert f() == pi", "from math import pi"), "```\nf = lambda: pi\n```", LIMITS
    ).model_copy(update={"extracted": "f = lambda: pi"})  # type: ignore[union-attr]


@locked
def test_blocks_that_are_no_python_are_passed_over_and_the_others_run_in_order() -> None:
    text = "```python\nx = 1\n```\n```python\n>>> x\n1\n```\n~~~py\nx += 1\n~~~"
    found = check(item("assert x == 2"), text, LIMITS)
    assert found is not None
    assert found.passed


async def test_nothing_is_run_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.subprocess, "Popen", None)
    assert check(item("assert True"), "x = 1") is None
    assert await checked(item("assert True"), "x = 1") is None


def test_where_there_is_no_lock_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_readable", lambda **_: ["/no/such/folder"])
    lock_problem.cache_clear()
    with pytest.raises(UsageError, match="sandbox"):
        require({"python_tests"}, LIMITS)
    require({"python_tests"}, Sandbox())
    lock_problem.cache_clear()


def test_a_machine_that_cannot_lock_is_no_fault_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aaa.verify.programs.run", lambda *_: Finding(False, "no lock", locked=False))
    with pytest.raises(WorkError, match="no lock"):
        check(item("assert True"), "x = 1", LIMITS)


def test_tests_are_needed() -> None:
    with pytest.raises(ValueError, match="tests"):
        Verifier(kind="python_tests", tests=" ")


def _problems(step: int) -> list[dict[str, Any]]:
    path = SHARED / "humaneval" / "HumanEval.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared data folder has no humaneval/HumanEval.jsonl.gz")
    return [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")][::step]


def _solved(problem: dict[str, Any], body: str) -> bool:
    tests = f"{problem['test']}\ncheck({problem['entry_point']})\n"
    answer = f"```python\n{problem['prompt']}{body}\n```"
    found = check(item(tests, problem["prompt"]), answer, Sandbox(python=True))
    assert found is not None
    return found.passed


@locked
@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_canonical_solutions_of_humaneval_pass_and_empty_ones_fail(step: int) -> None:
    for problem in _problems(step):
        assert _solved(problem, problem["canonical_solution"]), problem["task_id"]
        assert not _solved(problem, "    return None"), problem["task_id"]
