"""How well the check works that texts stand alone, and what it costs.

    python -m bench.stand_alone [--data DIR] [--model NAME --base URL]

Known phrases: on texts by hand that they were not fitted on, in eight languages; with `--data` on what others published
(folders llamafactory, gsm8k and self_instruct: answers that nobody hinted at) and on MT-bench (mt_bench/question.jsonl
and mt_bench/model_answer/*.jsonl as FastChat publishes them): second answers that revise the first, of which
leaks_mt_bench.json names those that refer to it, read by hand, shown as if the first question were all that was asked.
Phrases were added for what the models under `dev` say there; figures are of those under `test`. CPU: against searching
for every phrase. Sessions: simulated models that leak at a declared rate, in lessons, critiques, rewritings and teams,
with readers of declared error rates. With `--model` (litellm's name) a model of yours reads the texts by hand; it costs
a call or two for each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from aaa.agents import Agent, reply_of
from aaa.errors import WorkError
from aaa.judge import AloneCheck
from aaa.llm import resolve_params
from aaa.prompts import PromptSet
from aaa.runner import open_gateway
from aaa.session import RunOptions, resolve, run_session
from aaa.sim.leaking import LEAKS
from aaa.store import Store
from aaa.text import find_leak
from aaa.text.leaks import leak_table
from aaa.types import Answer, Call, CallUse, Instruction, Model, Place, user
from bench.shares import share

ROOT = Path(__file__).resolve().parent.parent
UNSEEN = ROOT / "tests" / "text" / "leaks_unseen.jsonl"
LABELS = Path(__file__).with_name("leaks_mt_bench.json")
LEAK_RATE, PROMPTS = 0.4, 160
WAYS = (("rules", 0.0), ("judge", 0.02), ("judge", 0.05), ("judge", 0.1))
"""`stand_alone`, and the readers' error rate."""
LENGTH = 2000
"""Characters of the texts whose cost is measured, about."""


def counted(found: Sequence[bool]) -> str:
    return f"{sum(found)} of {len(found)}: {share(sum(found), len(found))}"


def flagged(rows: Sequence[tuple[str, str]]) -> str:
    """How many of these instructions and texts are sent back."""
    return counted([find_leak(text, asked) is not None for asked, text in rows])


def by_hand() -> list[tuple[bool, str, str]]:
    rows = map(json.loads, UNSEEN.read_text("utf-8").splitlines())
    return [(row["leak"], row["instruction"], row["text"]) for row in rows]


def published(folder: Path) -> Iterator[tuple[str, str]]:
    """Instruction and answer."""
    for row in json.loads((folder / "llamafactory" / "alpaca_en_demo_first100.json").read_text("utf-8")):
        yield f"{row['instruction']}\n{row.get('input', '')}", row["output"]
    for row in json.loads((folder / "llamafactory" / "dpo_en_demo_first100.json").read_text("utf-8")):
        asked = "\n".join(turn["value"] for turn in row["conversations"])
        yield asked, row["chosen"]["value"]
        yield asked, row["rejected"]["value"]
    for row in json.loads((folder / "llamafactory" / "kto_en_demo_first100.json").read_text("utf-8")):
        yield "\n".join(turn["content"] for turn in row["messages"][:-1]), row["messages"][-1]["content"]
    for row in map(json.loads, (folder / "gsm8k" / "test_first400.jsonl").read_text("utf-8").splitlines()):
        yield row["question"], row["answer"]
    for row in map(json.loads, (folder / "self_instruct" / "seed_tasks.jsonl").read_text("utf-8").splitlines()):
        first = row["instances"][0]
        yield f"{row['instruction']}\n{first['input']}", first["output"]


def mt_bench(folder: Path, part: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """First questions with the answers that refer to an earlier one, and with first answers."""
    questions = {row["question_id"]: row["turns"][0] for row in lines(folder / "question.jsonl")}
    leaks, others = [], []
    for model, leaking in json.loads(LABELS.read_text("utf-8"))[part].items():
        for row in lines(folder / "model_answer" / f"{model}.jsonl"):
            first, second = row["choices"][0]["turns"]
            asked = questions[row["question_id"]]
            others.append((asked, first))
            if row["question_id"] in leaking:
                leaks.append((asked, second))
    return leaks, others


def lines(path: Path) -> Iterator[Any]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def phrases(data: Path | None) -> None:
    rows = by_hand()
    print("known phrases, texts by hand that they were not fitted on:")
    print("  leaks found:", flagged([(asked, text) for leak, asked, text in rows if leak]))
    print("  others sent back:", flagged([(asked, text) for leak, asked, text in rows if not leak]))
    if data is None:
        return
    print("  published answers sent back:", flagged(list(published(data))))
    if (data / "mt_bench" / "model_answer").is_dir():
        for part in ("dev", "test"):
            leaks, others = mt_bench(data / "mt_bench", part)
            print(f"known phrases, models of MT-bench ({part}):")
            print("  second answers that refer to the first, found:", flagged(leaks))
            print("  first answers sent back:", flagged(others))
    cost([text for _, text in published(data) if len(text) > LENGTH / 2])


def cost(texts: Sequence[str]) -> None:
    """CPU time of a text of LENGTH characters, beside a search for every phrase."""
    phrases, size = leak_table().phrases, sum(map(len, texts)) / LENGTH
    patterns = [phrases.compiled(number) for number in range(len(phrases.patterns))]

    def every(text: str) -> None:
        for line in text.split("\n"):
            for pattern in patterns:
                for _ in pattern.finditer(line):
                    pass

    ways: tuple[Callable[[str], object], ...] = (find_leak, every)
    best = [float("inf")] * len(ways)
    for _ in range(4):  # the first compiles
        for at, way in enumerate(ways):
            started = time.process_time()
            for text in texts:
                way(text)
            best[at] = min(best[at], (time.process_time() - started) / size)
    print(
        f"CPU, {LENGTH} characters: {1000 * best[0]:.2f} ms; searching for every phrase takes {best[1] / best[0]:.0f}x"
    )


def scenario(stand_alone: str, errors: float) -> dict[str, Any]:
    def model(name: str, **sim: Any) -> dict[str, Any]:
        return {"model": f"sim/{name}", "family": name, "license": "mit", "sim": sim}

    check = {"stand_alone": stand_alone, "measure_jurors": 0.0}
    read = {"default_skill": 0.95, "judge": {"alone_errors": errors}}
    return {
        "name": "alone",
        "seed": 1,
        "models": {
            "amber": model("amber", default_skill=0.1, leak=LEAK_RATE, heed=1.0),
            "basil": model("basil", default_skill=0.95),
            "clove": model("clove", **read),
            "dill": model("dill", **read),
            "elder": model("elder", **read),
        },
        "target": "amber",
        "cast": {
            "members": {"models": ["amber"], "card": "member"},
            "students": {"models": ["amber"], "card": "student"},
            "teachers": {"models": ["basil"], "card": "teacher"},
            "critics": {"models": ["basil"], "card": "critic"},
            "solver": {"models": ["amber"], "card": "team_solver"},
            "checker": {"models": ["basil"], "card": "team_checker"},
            "moderators": {"models": ["basil"]},
            "judges": {"models": ["clove", "dill", "elder"], "card": "judge", "quorum": 2},
        },
        "prompts": {"from": str(ROOT / "data" / "seeds" / "*.jsonl"), "sample": {"size": PROMPTS, "by": ["skill"]}},
        "stages": [
            "answer",
            {"lesson": {"turns": 1, **check}},
            {"critique": check},
            {"evolve_answer": {"by": "members", "rounds": 1, "aims": ["correctness"], **check}},
            {"team": {"members": ["solver", "checker"], "turns": 3, "stand_alone": stand_alone}},
        ],
    }


async def session(stand_alone: str, errors: float) -> None:
    """Of texts whose first writing leaked, how many were sent back; of the others, how many were rejected."""
    with tempfile.TemporaryDirectory() as name:
        path, db = Path(name) / "alone.yaml", Path(name) / "aaa.db"
        path.write_text(yaml.safe_dump(scenario(stand_alone, errors)))
        result = await run_session(resolve([path]), RunOptions(db=db))
        assert result.stopped is None
        assert not result.progress.failed
        leaked: list[bool] = []
        others: list[bool] = []
        passed: list[bool] = []
        with Store.open(db) as store:
            uses = list(store.rows(CallUse))
            anew = {use.call for use in uses if use.step.endswith("/alone")}
            for answer in store.rows(Answer):
                if answer.stands_alone is None:
                    continue
                written = [store.get(Call, key) for key in answer.calls]
                ours = [reply_of(call).text for call in written if call is not None]
                again = answer.calls[-1] in anew
                leaks = holds(ours[-2] if again else ours[-1])
                (leaked if leaks else others).append(again if leaks else not answer.stands_alone)
                if answer.stands_alone:
                    passed.append(holds(answer.text))
    print(
        f"sessions of simulated models, stand_alone: {stand_alone}"
        + (f", readers err on {errors:.0%}" if errors else "")
    )
    print("  leaks found:", counted(leaked))
    print("  others rejected:", counted(others))
    print("  of the texts that pass, with a leak:", counted(passed))
    print("  calls for reading:", counted([use.role == "reader" for use in uses]))


def holds(text: str) -> bool:
    return any(phrase in text for known in LEAKS.values() for phrase in known)


async def read_by(name: str, base: str | None) -> None:
    """How well a model of the user's reads the texts by hand, where known phrases find nothing."""
    model = Model(name="reader", model=name, family="reader", api_base=base)
    place = Place.of("bench", "stand-alone", "text")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "aaa.db") as store:
        path = Path(folder) / "alone.yaml"
        path.write_text(yaml.safe_dump(scenario("judge", 0.0)))
        async with open_gateway(store, resolve([path]).scenario, "bench") as gateway:
            agent = Agent(model, None, resolve_params(model, None), gateway, place, "reader")
            verdicts = [(leak, await alone(agent, asked, text, at)) for at, (leak, asked, text) in enumerate(by_hand())]
    print(f"{name} as the reader:")
    print("  leaks found:", counted([not stands for leak, stands in verdicts if leak and stands is not None]))
    print("  others sent back:", counted([not stands for leak, stands in verdicts if not leak and stands is not None]))
    print("  calls without a verdict:", sum(stands is None for _, stands in verdicts))


async def alone(agent: Agent, asked: str, text: str, at: int) -> bool | None:
    instruction = Instruction(id=str(at), session="bench", source_id=str(at), messages=(user(asked),))
    check = AloneCheck(instruction, PromptSet.load(), seed=at)
    try:
        return await check.leak(text, [agent], step=str(at)) is None
    except WorkError as error:
        print(f"  {at}: {error}")
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with published answers")
    parser.add_argument("--model", help="a model of your own to read the texts by hand")
    parser.add_argument("--base", help="address of its server")
    options = parser.parse_args()
    phrases(options.data)
    for stand_alone, errors in WAYS:
        asyncio.run(session(stand_alone, errors))
    if options.model:
        asyncio.run(read_by(options.model, options.base))


if __name__ == "__main__":
    main()
