"""What a start costs: wall and CPU time of commands, and of `aaa run` up to its first request on the lean route.

`aaa run` finds no store and makes one; its server, on 127.0.0.1, takes the first request and ends it there. CPU (user
and system, of the process alone) says more than the wall on a machine that others use too; the ratio to importing
aiohttp alone, which any lean client must, says more than both on another machine. Commands take turns, after a round
that counts for nothing and leaves the bytecode behind. POSIX only.

    python bench/start.py --runs 7
    python bench/start.py --modules run       # seconds of imports by package, as `python -X importtime` sees them
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from calls import written

AAA = ("-c", "from aaa.cli import main; main()")
PACKAGES_SHOWN = 30
LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
Times = tuple[float, float]
"""Seconds of wall and of CPU."""


class Bench:
    """A folder with a scenario, a finished session's store, and a server that never answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = socket.create_server(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{self.server.getsockname()[1]}/v1"
        self.scenario = written("lean", base, 64, 10, folder / "job")
        done = ["run", str(self.scenario), "--rehearse", "--db", "done.db"]
        subprocess.run([sys.executable, *AAA, *done], cwd=folder, check=True, capture_output=True)
        self.commands: dict[str, list[str]] = {
            "python -c pass": ["-c", "pass"],
            "import aiohttp": ["-c", "import aiohttp"],
            "aaa --help": [*AAA, "--help"],
            "aaa status": [*AAA, "status", "--db", "done.db"],
            "aaa validate": [*AAA, "validate", str(self.scenario)],
            "aaa run": [*AAA, "run", str(self.scenario), "--db", "new.db"],
        }

    def once(self, name: str, *flags: str) -> tuple[Times, str]:
        """Run a command, `aaa run` up to its first request; what it took, and what it wrote on stderr."""
        for old in self.folder.glob("new.db*"):
            old.unlink()
        with tempfile.TemporaryFile("w+") as log:
            begun = perf_counter()
            command = [sys.executable, *flags, *self.commands[name]]
            child = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=log)
            if name == "aaa run":
                self._take_request()
                wall = perf_counter() - begun
                child.kill()
            _, status, usage = os.wait4(child.pid, 0)
            wall = wall if name == "aaa run" else perf_counter() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            log.seek(0)
            written_there = log.read()
        assert child.returncode in (0, -9), written_there
        return (wall, usage.ru_utime + usage.ru_stime), written_there

    def _take_request(self) -> None:
        """Wait for the first byte of the first request, after what an earlier run left in the queue."""
        self.server.settimeout(60)
        connection, _ = self.server.accept()
        with connection:
            assert connection.recv(1)

    def forget_connections(self) -> None:
        """Empty the queue of connections that a killed run left."""
        self.server.settimeout(0.01)
        while True:
            try:
                self.server.accept()[0].close()
            except TimeoutError:
                return


def compare(bench: Bench, runs: int) -> None:
    """A table of all commands."""
    found: dict[str, list[Times]] = {name: [] for name in bench.commands}
    for number in range(runs + 1):
        for name, times in found.items():
            took, _ = bench.once(name)
            bench.forget_connections()
            if number > 0:
                times.append(took)
    cpu = {name: statistics.median(cpu for _, cpu in times) for name, times in found.items()}
    print("| command | wall s | CPU s | least CPU s | CPU, of importing aiohttp |\n|---|---|---|---|---|")
    for name, times in found.items():
        wall, least = statistics.median(wall for wall, _ in times), min(cpu for _, cpu in times)
        ratio = cpu[name] / cpu["import aiohttp"]
        print(f"| {name} | {wall:.2f} | {cpu[name]:.2f} | {least:.2f} | {ratio:.1f} |")


def show_modules(bench: Bench, name: str) -> None:
    """Seconds of imports of one command by package, AAA's own packages apart."""
    _, log = bench.once(f"aaa {name}", "-X", "importtime")
    seconds: Counter[str] = Counter()
    modules: Counter[str] = Counter()
    for took, module in LINE.findall(log):
        depth = 2 if module.startswith("aaa.") else 1
        package = ".".join(module.split(".")[:depth])
        seconds[package] += int(took) / 1e6
        modules[package] += 1
    print(f"{seconds.total():.2f} s in {modules.total()} modules\n\n| package | modules | s |\n|---|---|---|")
    for package, took in seconds.most_common(PACKAGES_SHOWN):
        print(f"| {package} | {modules[package]} | {took:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command")
    parser.add_argument("--modules", choices=("--help", "status", "validate", "run"), help="look into one command")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        if options.modules:
            show_modules(bench, options.modules)
        else:
            compare(bench, options.runs)


if __name__ == "__main__":
    main()
