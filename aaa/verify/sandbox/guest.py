"""What runs inside: a script of its own, started by `host.py`, that imports nothing of AAA.

It reads its job, limits itself, locks itself in (see `lock.py`), runs the code and reports. The report bears a word
that the host made up for this run and that has left standard input before any unread code starts. Such code shares the
process with this script, so one that searches the interpreter's frames can find the word and report a success: the lock
keeps the machine safe, not the verdict from somebody who studied this file.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import runpy
import sys
from pathlib import Path
from typing import Any, NoReturn

ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
ANSWER, TESTS = "answer", "tests"
DETAIL = 300
"""Characters of an explanation at most; ours."""


def main() -> NoReturn:
    """Run the job on standard input; the report is one line of JSON on standard output."""
    job = json.load(sys.stdin)
    word = job.pop("word")
    report = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    passed, detail = _outcome(job)
    line = json.dumps({"word": word, "passed": passed, "detail": detail[:DETAIL]})
    with contextlib.suppress(OSError):  # the host no longer listens
        os.write(report, line.encode(errors="replace") + b"\n")
    os._exit(0)


def _outcome(job: dict[str, Any]) -> tuple[bool | None, str]:
    """Whether the code passed, and why not; None where it could not be locked in, and so was not run."""
    space: dict[str, Any] = {"__name__": ANSWER}
    exec(job["trusted"], space)
    _limit(job["seconds"], job["memory_mb"])
    os.environ.clear()
    if (problem := _lock_in(job["folders"])) and job["locked"]:
        return None, problem
    try:
        return _judge(job["setup"], job["blocks"], job["tests"], space)
    except BaseException as error:  # noqa: BLE001 - unread code may raise anything, also in an error's own `__str__`
        return False, type(error).__name__


def _limit(seconds: int, memory_mb: int) -> None:
    """Bounds that the process cannot raise again. Nothing can be written to a file, not even a byte."""
    memory = memory_mb << 20
    bounds = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),  # the signal of the first can be caught, that of the second not
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_CORE: (0, 0),
    }
    if sys.platform == "linux":  # macOS refuses to bound memory
        bounds[resource.RLIMIT_AS] = (memory, memory)
    for what, (soft, hard) in bounds.items():
        most = resource.getrlimit(what)[1]
        unbounded = most == resource.RLIM_INFINITY
        resource.setrlimit(what, (soft, hard) if unbounded else (min(soft, most), min(hard, most)))


def _lock_in(folders: list[str]) -> str | None:
    """Lock the process in; what stands in the way, or None."""
    problem: str | None = runpy.run_path(str(Path(__file__).with_name("lock.py")))["lock_in"](folders)
    return problem


def _judge(setup: str, blocks: list[str], tests: str, space: dict[str, Any]) -> tuple[bool, str]:
    """Run setup, the blocks that are Python, and the tests, in one namespace."""
    exec(compile(setup, "setup", "exec"), space)
    ran, faults = 0, []
    for block in blocks:
        try:
            code = compile(block, ANSWER, "exec")
        except (SyntaxError, ValueError) as error:
            faults.append(_told(error, ANSWER, block))
            continue
        ran += 1
        if fault := _raised(code, ANSWER, block, space):
            return False, fault
    if not ran:
        return False, faults[0] if faults else "no code"
    fault = _raised(compile(tests, TESTS, "exec"), TESTS, tests, space)
    return fault is None, fault or ""


def _raised(code: Any, name: str, source: str, space: dict[str, Any]) -> str | None:
    """What the code raises, in words, or None."""
    try:
        exec(code, space)
    except BaseException as error:  # noqa: BLE001 - `SystemExit` and all: code that ends itself has not passed
        return _told(error, name, source)
    return None


def _told(error: BaseException, name: str, source: str) -> str:
    """The error, with the last line of `source` that it passed through."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    lines = source.splitlines()
    place = f" at {lines[line - 1].strip()[:120]!r}" if line and line <= len(lines) else ""
    said = ADDRESS.sub("0x...", str(error))[:120]  # addresses change from run to run, rows must not
    return f"{type(error).__name__}{': ' if said else ''}{said} (in the {name}{place})"


if __name__ == "__main__":
    main()
