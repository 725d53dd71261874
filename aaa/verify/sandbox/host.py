"""The outer side of the sandbox: starts the guest, waits for its report, and ends it in any case."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aaa.types import Sandbox

GUEST = Path(__file__).with_name("guest.py")
ISOLATED = ("-P", "-s", "-B")
"""Like `-I`, without deafness to the one variable of `STEADY`: nothing of the user's on the path, no bytecode."""
STEADY = {"PYTHONHASHSEED": "0"}
"""All of the environment, so that sets keep one order; the guest empties it before unread code runs."""
CLOCK = 3
"""Seconds by the clock for each of CPU time: room for a busy machine. Ours."""
LONGEST_REPORT = 4096
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
"""Where shared libraries lie that modules of the standard library load."""
PACKAGES = ("site-packages", "dist-packages")
"""What folders of installed packages are called."""


@dataclass(frozen=True)
class Program:
    """Code to run, part by part, in one namespace."""

    blocks: Sequence[str]
    """Unread code; blocks that are not Python are passed over, as long as one is."""
    tests: str = ""
    """Raises where the blocks are wrong."""
    setup: str = ""
    trusted: str = ""
    """Code of our own, run before the lock closes."""


@dataclass(frozen=True)
class Finding:
    """What came of a program; `locked` is false where the machine could not lock it in, and it was not run."""

    passed: bool
    detail: str = ""
    locked: bool = True


def run(program: Program, limits: Sandbox, *, locked: bool = True, packages: bool = False) -> Finding:
    """Run a program in a process of its own: an empty environment, an empty folder, bounded time and memory, and no
    way to files, network or other processes. With `packages` it sees those that are installed.

    Without `locked` it also runs where the kernel cannot lock it in. The time limit makes an outcome depend on the
    machine: code that takes nearly all of it may pass on one and fail on the other.
    """
    word = secrets.token_hex(16)
    job = {
        "word": word,
        "setup": program.setup,
        "blocks": list(program.blocks),
        "tests": program.tests,
        "trusted": program.trusted,
        "seconds": limits.seconds,
        "memory_mb": limits.memory_mb,
        "locked": locked,
        "folders": _readable(packages=packages),
    }
    with tempfile.TemporaryDirectory(prefix="aaa-sandbox-") as folder, tempfile.TemporaryFile() as handed:
        handed.write(json.dumps(job).encode())
        handed.seek(0)
        with subprocess.Popen(
            [sys.executable, *ISOLATED, *([] if packages else ["-S"]), str(GUEST)],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=STEADY,
            cwd=folder,
            start_new_session=True,
        ) as process:
            said, late = _listen(process, CLOCK * limits.seconds)
    return _finding(said, word, process.returncode, late=late, seconds=limits.seconds)


@lru_cache(maxsize=1)
def lock_problem() -> str | None:
    """Why this machine cannot lock a program in, or None where it can: tried once, with an empty program."""
    found = run(Program(["pass"]), Sandbox())
    return None if found.passed else found.detail


def _listen(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bool]:
    """What the process says until it ends, says too much or is late; then it is no more."""
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        assert process.stdout is not None
        said = process.stdout.read(LONGEST_REPORT)
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
    return said, late.is_set()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and, should it have any, those it started."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says the latter of one that has ended
            os.killpg(process.pid, signal.SIGKILL)


def _finding(said: bytes, word: str, code: int, *, late: bool, seconds: int) -> Finding:
    for line in said.splitlines():
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if isinstance(report, dict) and report.get("word") == word:
            return Finding(report["passed"] is True, str(report["detail"]), locked=report["passed"] is not None)
    if late:
        return Finding(False, f"more than {CLOCK * seconds} seconds")
    if code == -signal.SIGXCPU:
        return Finding(False, f"more than {seconds} seconds of CPU time")
    return Finding(False, f"the process ended before its tests were through (code {code})")


def _readable(*, packages: bool) -> list[str]:
    """Folders of the interpreter, of shared libraries and, if asked for, of installed packages, those that exist.

    Packages may lie outside the interpreter's own folders (a `.pth` file names others), and some are imported late: one
    that could not be read then would change a verdict.
    """
    own = (str(Path(os.__file__).parent), str(Path(sys.base_prefix) / "lib"), str(Path(sys.prefix) / "lib"))
    installed = [path for path in sys.path if Path(path).name in PACKAGES] if packages else []
    return sorted({folder for folder in (*LIBRARIES, *own, *installed) if Path(folder).is_dir()})
