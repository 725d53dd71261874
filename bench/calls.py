"""What a call costs: the floor (bare aiohttp), AAA's lean route, AAA's litellm route, bare litellm.

The job is N prompts, each answered twice and judged once, against a server on 127.0.0.1 that answers at once or after
a delay. AAA's rows include everything of the call layer: key, journal in SQLite (synchronous=FULL), limits, retry,
budget rows. With `--whole` they are a session from its scenario to its files: prompts read, rendered and stored, two
members, one judge, verdicts, selection, export. Each cell runs in a process of its own on CPU 0, the server on CPU 1;
all of them have the event loop of `aaa`, and Python's collector of cycles set as there. With `--rounds` all ways take
turns and the fastest round of each stands, so that a machine whose clock swings compares like with like. `--memory`
runs such a session over N prompts and over ten times as many.

    python bench/calls.py --prompts 2000 --in-flight 64 --latency 0 0.1
    python bench/calls.py --whole --prompts 2000 --in-flight 64 --latency 0 0.1 --rounds 3
    python bench/calls.py --memory --prompts 2000
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
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from aaa.cli import collector  # noqa: E402 - behind the path
from aaa.cli.interrupt import quick_loop  # noqa: E402

ANSWER = "The result follows from the definition, step by step, and can be checked by hand. " * 7
QUESTION = "Explain briefly why the following statement holds, and give an example. " * 12
REPLY = f"{ANSWER}\n\nSo says {{model}}.\n[[1]]"
"""What the server says: an answer that differs from model to model, and for a judge a verdict."""
BARE = {"lean": "floor", "litellm": "bare-litellm"}
"""What each route stands on."""
WAYS = ("floor", "lean", "bare-litellm", "litellm")
Call = Callable[[str], Awaitable[None]]


async def job(call: Call, prompts: int, in_flight: int) -> None:
    """Answer each prompt twice, then judge; `in_flight` prompts at a time."""
    numbers = iter(range(prompts))

    async def worker() -> None:
        for number in numbers:
            for step in ("first", "second", "judge"):
                await call(f"{number} {step}: {QUESTION}")

    await asyncio.gather(*(worker() for _ in range(in_flight)))


async def whole_job(call: Call, prompts: int, in_flight: int) -> None:
    """The same calls in the order of a session: both answers at once, then the judgment on a prompt that holds them."""
    numbers = iter(range(prompts))
    judged = f"{QUESTION}{ANSWER}{ANSWER}{QUESTION}"

    async def worker() -> None:
        for number in numbers:
            await asyncio.gather(*(call(f"{number} {member}: {QUESTION}") for member in ("first", "second")))
            await call(f"{number} judge: {judged}")

    await asyncio.gather(*(worker() for _ in range(prompts_at_once(in_flight))))


def prompts_at_once(in_flight: int) -> int:
    """Prompts whose answers and judgments are `in_flight` calls on the average: two calls, then one."""
    return round(in_flight / 1.5)


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


async def by_session(route: str, base: str, in_flight: int, prompts: int, folder: Path) -> None:
    """A session from its scenario to its files, all of whose rows must be there."""
    from aaa.session import RunOptions, resolve, run_session

    scenario = written(route, base, in_flight, prompts, folder)
    result = await run_session(resolve([scenario]), RunOptions(db=folder / "aaa.db"))
    assert result.gateway.tally.made == 3 * prompts, result.progress
    assert result.exports[0].made.rows == prompts, result.exports


def written(route: str, base: str, in_flight: int, prompts: int, folder: Path) -> Path:
    """The scenario of such a session, and its prompts, in a new folder."""
    folder.mkdir()
    with (folder / "prompts.jsonl").open("w") as file:
        for number in range(prompts):
            file.write(json.dumps({"id": f"p{number}", "instruction": f"{number}: {QUESTION}"}) + "\n")
    shared = {"api_base": base, "route": route, "license": "mit", "price": {"input": 1, "output": 2}}
    scenario = {
        "name": "job",
        "models": {name: {"model": f"openai/{name}", "family": name, **shared} for name in ("ant", "bee", "judge")},
        "cast": {
            "members": {"models": ["ant", "bee"], "card": "member"},
            "judges": {"models": ["judge"], "card": "judge", "quorum": 1},
        },
        "prompts": {"from": "prompts.jsonl"},
        "stages": ["answer", {"battle": {"orders": "one"}}],
        "select": {"main": {"pairs": {"by": "verdict"}}},
        "episodes_at_once": prompts_at_once(in_flight),
        "export": [{"selection": "main", "format": "trl-preference", "to": str(folder / "pairs.jsonl")}],
    }
    path = folder / "scenario.yaml"
    path.write_text(json.dumps(scenario))
    return path


async def timed(warm_up: Awaitable[None], work: Awaitable[None]) -> dict[str, float]:
    """Seconds of the work, after something small that loads what is loaded late."""
    await warm_up
    collector.take_up()
    start, wall, cpu = time.perf_counter(), time.perf_counter(), time.process_time()
    await work
    return {"started": start, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


async def cell(options: argparse.Namespace) -> None:
    """One measurement, printed as JSON: seconds from the first call to the last, start-up apart."""
    collector.hold_back()
    begun = time.perf_counter()
    marks: dict[str, float] = {}
    shape = whole_job if options.whole else job

    async def work(call: Call) -> None:
        marks.update(await timed(call("warm-up"), shape(call, options.prompts, options.in_flight)))

    if options.way == "floor":
        await floor(options.base, work)
    elif options.way == "bare-litellm":
        await bare_litellm(options.base, work)
    elif options.whole:
        with tempfile.TemporaryDirectory() as folder:
            session = partial(by_session, options.way, options.base, options.in_flight)
            marks.update(await timed(session(1, Path(folder) / "one"), session(options.prompts, Path(folder) / "all")))
    else:
        await by_gateway(options.way, options.base, work)
    calls = 3 * options.prompts
    found = {
        "wall": marks["wall"],
        "start": marks["started"] - begun,
        "cpu_ms": 1000 * marks["cpu"] / calls,
        "calls_s": calls / marks["wall"],
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(found))


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
        server += ["--latency", str(latency), "--text", REPLY]
        with subprocess.Popen(server, preexec_fn=pinned(1)) as running:
            try:
                while not port.exists():
                    assert running.poll() is None, "the server did not start"
                    time.sleep(0.01)
                base = f"http://127.0.0.1:{port.read_text()}/v1"
                client = [sys.executable, __file__, "--way", way, "--base", base]
                client += ["--prompts", str(options.prompts), "--in-flight", str(options.in_flight)]
                client += ["--whole"] if options.whole else []
                done = subprocess.run(client, check=True, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(0))
            finally:
                running.kill()
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare_ways(options: argparse.Namespace) -> None:
    """A table of all ways at all latencies; AAA's beside the bare one that it stands on."""
    print("| latency ms | way | wall s | against | calls/s | CPU ms/call | start s | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    for latency in options.latency:
        rounds = [{way: measure(options, way, latency) for way in options.ways} for _ in range(options.rounds)]
        best = {way: min((one[way] for one in rounds), key=itemgetter("wall")) for way in options.ways}
        for way, found in best.items():
            bare = BARE.get(way, way)
            ratio = f"{found['wall'] / best[bare]['wall']:.2f} of {bare}" if bare != way and bare in best else ""
            numbers = "{calls_s:.0f} | {cpu_ms:.2f} | {start:.2f} | {mb:.0f}".format(**found)
            print(f"| {latency * 1000:.0f} | {way} | {found['wall']:.2f} | {ratio} | {numbers} |", flush=True)


def compare_memory(options: argparse.Namespace) -> None:
    """Peak memory of two sessions on the lean route."""
    options.whole = True
    small = measure(options, "lean", 0.0)
    options.prompts *= 10
    large = measure(options, "lean", 0.0)
    print("| prompts | wall s | CPU ms/call | peak MB |\n|---|---|---|---|")
    for prompts, found in ((options.prompts // 10, small), (options.prompts, large)):
        print(f"| {prompts} | " + "{wall:.1f} | {cpu_ms:.2f} | {mb:.0f} |".format(**found))
    print(f"ratio of memory: {large['mb'] / small['mb']:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.1], help="seconds the server takes")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--rounds", type=int, default=1, help="times that each way is measured, in turns")
    parser.add_argument("--whole", action="store_true", help="sessions in the place of bare calls")
    parser.add_argument("--memory", action="store_true", help="memory of a session, and of one ten times as large")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--base", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        with asyncio.Runner(loop_factory=quick_loop()) as runner:
            runner.run(cell(options))
    elif options.memory:
        compare_memory(options)
    else:
        compare_ways(options)


if __name__ == "__main__":
    main()
