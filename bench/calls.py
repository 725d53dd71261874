"""What a call costs: the floor (bare aiohttp), AAA's lean route, AAA's litellm route, bare litellm.

The job is N prompts, each answered twice and judged once, against a server on 127.0.0.1 that answers at once or after
a delay. AAA's rows include everything of the call layer: key, journal in SQLite (synchronous=FULL), limits, retry,
budget rows. Each cell runs in a process of its own on CPU 0, the server on CPU 1.

    python bench/calls.py --prompts 2000 --in-flight 64 --latency 0 0.1
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
ANSWER = "The result follows from the definition, step by step, and can be checked by hand. " * 7
QUESTION = "Explain briefly why the following statement holds, and give an example. " * 12
WAYS = ("floor", "lean", "litellm", "bare-litellm")
Call = Callable[[str], Awaitable[None]]


async def job(call: Call, prompts: int, in_flight: int) -> None:
    """Answer each prompt twice, then judge; `in_flight` prompts at a time."""
    numbers = iter(range(prompts))

    async def worker() -> None:
        for number in numbers:
            for step in ("first", "second", "judge"):
                await call(f"{number} {step}: {QUESTION}")

    await asyncio.gather(*(worker() for _ in range(in_flight)))


async def floor(base: str, work: Callable[[Call], Awaitable[None]]) -> None:
    """aiohttp and orjson alone: nothing is kept, limited or tried again."""
    import aiohttp
    import orjson

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def call(text: str) -> None:
            body = {"model": "m", "messages": [{"role": "user", "content": text}], "max_tokens": 1024}
            async with session.post(f"{base}/chat/completions", data=orjson.dumps(body)) as response:
                assert orjson.loads(await response.read())["choices"]

        await work(call)


async def bare_litellm(base: str, work: Callable[[Call], Awaitable[None]]) -> None:
    """litellm alone."""
    from aaa.llm.lazy import load_litellm

    litellm = load_litellm()

    async def call(text: str) -> None:
        messages = [{"role": "user", "content": text}]
        given = {"api_base": base, "api_key": "none", "max_tokens": 1024, "max_retries": 0}
        assert (await litellm.acompletion(model="openai/m", messages=messages, **given)).choices

    await work(call)


async def by_gateway(route: str, base: str, work: Callable[[Call], Awaitable[None]]) -> None:
    """The whole call layer over a store."""
    from aaa.llm import Ask, Gateway, Use, open_routes, resolve_params
    from aaa.store import Store, StoreJournal
    from aaa.types import Model, Price, user

    fields: dict[str, Any] = {"model": "openai/m", "family": "f", "api_base": base, "route": route}
    model = Model(name="m", price=Price(input=1, output=2), **fields)
    params = resolve_params(model)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "aaa.db") as store:
        async with Gateway(StoreJournal(store), open_routes(), session="s") as gateway:

            async def call(text: str) -> None:
                assert (await gateway.ask(Ask(model, (user(text),), params, Use("s", text[:20], "step", "r")))).reply

            await work(call)


async def cell(options: argparse.Namespace) -> None:
    """One measurement, printed as JSON: seconds from the first call to the last, start-up apart."""
    begun = time.perf_counter()
    marks: dict[str, float] = {}

    async def work(call: Call) -> None:
        await call("warm-up")
        marks.update(start=time.perf_counter() - begun, wall=time.perf_counter(), cpu=time.process_time())
        await job(call, options.prompts, options.in_flight)
        marks.update(wall=time.perf_counter() - marks["wall"], cpu=time.process_time() - marks["cpu"])

    if options.way == "floor":
        await floor(options.base, work)
    elif options.way == "bare-litellm":
        await bare_litellm(options.base, work)
    else:
        await by_gateway(options.way, options.base, work)
    calls = 3 * options.prompts
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**marks, "cpu_ms": 1000 * marks["cpu"] / calls, "calls_s": calls / marks["wall"], "mb": memory}))


def pinned(cpu: int) -> Callable[[], None] | None:
    """Keep a child to one CPU, where the system can."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        return None
    return lambda: os.sched_setaffinity(0, {cpu})


def measure(options: argparse.Namespace, way: str, latency: float) -> dict[str, float]:
    """Run one cell against a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        server = [sys.executable, str(ROOT / "tests/loopback.py"), "--port-file", str(port), "--forget"]
        server += ["--latency", str(latency), "--text", ANSWER]
        with subprocess.Popen(server, preexec_fn=pinned(1)) as running:
            try:
                while not port.exists():
                    time.sleep(0.01)
                base = f"http://127.0.0.1:{port.read_text()}/v1"
                client = [sys.executable, __file__, "--way", way, "--base", base]
                client += ["--prompts", str(options.prompts), "--in-flight", str(options.in_flight)]
                done = subprocess.run(client, check=True, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(0))
            finally:
                running.kill()
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.1], help="seconds the server takes")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--base", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        asyncio.run(cell(options))
        return
    print("| latency ms | way | wall s | calls/s | CPU ms/call | start s | peak MB |\n|---|---|---|---|---|---|---|")
    for latency in options.latency:
        for way in options.ways:
            found = measure(options, way, latency)
            numbers = "{wall:.2f} | {calls_s:.0f} | {cpu_ms:.2f} | {start:.2f} | {mb:.0f}".format(**found)
            print(f"| {latency * 1000:.0f} | {way} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
