"""A night in the life of the call layer: faults of every kind and `kill -9` at random moments, then an audit.

Prompts are asked through the gateway against a server on 127.0.0.1 that fails at the rates below. The process is killed
`--kills` times and begun again until no transient failure is left. Then it must hold that every prompt has its reply,
the replies equal those of a run without faults, no committed call was repeated (at most the calls in flight at each
kill were), nothing is doubled in the store, and what the budget says was spent is no less than what the server gave.

    python bench/soak.py --prompts 20000 --kills 3
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RATES = {"429": 0.05, "500": 0.02, "hang": 0.01, "garbage": 0.01, "reset": 0.005}
TIMEOUT = 1.0
"""Seconds after which the client gives up on a server that hangs."""


async def work(db: Path, base: str, prompts: int, in_flight: int) -> int:
    """Ask every prompt once; returns how many ended in a failure that the next run should try again."""
    from aaa.errors import CallError
    from aaa.llm import Ask, Gateway, RetryPolicy, Use, open_routes, resolve_params
    from aaa.store import Store, StoreJournal
    from aaa.types import Model, Price, user

    price = Price(input=1, output=1)
    model = Model(name="m", model="openai/m", family="f", identity="m@1", api_base=base, price=price, timeout=TIMEOUT)
    params, numbers, transient = resolve_params(model), iter(range(prompts)), 0
    with Store.open(db) as store:
        retry = RetryPolicy(attempts=3, base=0.05)
        async with Gateway(StoreJournal(store), open_routes(), session="soak", retry=retry) as gateway:

            async def worker() -> None:
                nonlocal transient
                for number in numbers:
                    use = Use("soak", f"{number}", "answer", "member")
                    try:
                        await gateway.ask(Ask(model, (user(f"prompt {number}"),), params, use))
                    except CallError as error:
                        if not error.transient:
                            raise
                        transient += 1

            await asyncio.gather(*(worker() for _ in range(in_flight)))
    return transient


@contextmanager
def server(folder: Path, rates: dict[str, float]) -> Iterator[str]:
    """The tests' server in a process of its own; yields its base address."""
    port = folder / "port"
    port.unlink(missing_ok=True)
    faults = [text for kind, rate in rates.items() for text in ("--fault", f"{kind}={rate}")]
    command = [sys.executable, str(ROOT / "tests/loopback.py"), "--port-file", str(port), "--echo", *faults]
    with subprocess.Popen(command) as running:
        try:
            while not port.exists():
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port.read_text()}/v1"
        finally:
            running.kill()


def stats(base: str) -> dict[str, Any]:
    """What the server has counted."""
    with urllib.request.urlopen(base.removesuffix("/v1") + "/stats") as response:
        found: dict[str, Any] = json.load(response)
    return found


def replies(db: Path) -> tuple[list[tuple[str, str]], int, float]:
    """Key and text of every reply, the number of uses, and the tokens that attempts count for."""
    from aaa.store import Store
    from aaa.types import Call, CallUse

    with Store.open(db) as store:
        calls = [(call.id, call.reply.text if call.reply else "") for call in store.rows(Call)]
        return calls, store.count(CallUse), store.spent("soak").tokens


def soak(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run, kill, run again, audit; raises `AssertionError` where something does not hold."""
    chance, begun, runs, killed = random.Random(options.seed), time.monotonic(), 0, 0
    with server(folder, RATES) as base:
        while True:
            runs += 1
            command = [sys.executable, __file__, "--worker", base, "--db", str(folder / "soak.db")]
            command += ["--prompts", str(options.prompts), "--in-flight", str(options.in_flight)]
            with subprocess.Popen(command) as running:
                if killed < options.kills:
                    goal = chance.uniform(0.1, 0.9) * options.prompts * (killed + 1) / options.kills
                    while running.poll() is None and stats(base)["answered"] < goal:
                        time.sleep(0.02)
                    if running.poll() is None:
                        running.send_signal(signal.SIGKILL)
                        killed += 1
                code = running.wait()
            if code == 0:
                break
            assert code in (3, -signal.SIGKILL), f"the worker ended with {code}"
            assert runs < 50, "transient failures do not end"
        seen = stats(base)
    with server(folder, {}) as base:
        undisturbed = asyncio.run(work(folder / "calm.db", base, options.prompts, options.in_flight))
        assert undisturbed == 0
    found, uses, tokens = replies(folder / "soak.db")
    assert len(found) == uses == options.prompts, f"{len(found)} calls and {uses} uses of {options.prompts} prompts"
    assert found == replies(folder / "calm.db")[0], "replies differ from those of an undisturbed run"
    assert seen["repeated"] <= killed * options.in_flight, f"{seen['repeated']} committed calls were repeated"
    assert tokens >= seen["tokens"], f"the server gave {seen['tokens']} tokens, the budget counted {tokens}"
    return {
        "prompts": options.prompts,
        "kills": killed,
        "runs": runs,
        "requests": seen["requests"],
        "repeated": seen["repeated"],
        "seconds": round(time.monotonic() - begun, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        transient = asyncio.run(work(options.db, options.worker, options.prompts, options.in_flight))
        raise SystemExit(3 if transient else 0)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(soak(options, Path(folder))))


if __name__ == "__main__":
    main()
