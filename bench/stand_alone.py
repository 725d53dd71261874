"""How well the check works that texts stand alone: python bench/stand_alone.py [--data DIR] [--model NAME --base URL]

The known phrases are measured on texts by hand that they were not fitted on, in eight languages, and with `--data` on
answers that others published, which were written under no hint (folders llamafactory, gsm8k and self_instruct). Then
sessions of simulated models that leak at a declared rate: by known phrases alone, and with a reader whose error rate is
declared. With `--model` (litellm's name) a model of yours reads the texts by hand; it costs a call or two for each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
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
from aaa.types import Answer, Call, Instruction, Model, Place, user

ROOT = Path(__file__).resolve().parent.parent
UNSEEN = ROOT / "tests" / "text" / "leaks_unseen.jsonl"
LEAK_RATE, ERROR_RATE, PROMPTS = 0.4, 0.02, 160


def share(found: Sequence[bool]) -> str:
    return f"{sum(found)} of {len(found)} ({sum(found) / max(1, len(found)):.1%})"


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


def phrases(data: Path | None) -> None:
    rows = by_hand()
    print("known phrases, texts by hand that they were not fitted on:")
    print("  leaks found:", share([find_leak(text, asked) is not None for leak, asked, text in rows if leak]))
    print("  others sent back:", share([find_leak(text, asked) is not None for leak, asked, text in rows if not leak]))
    if data is not None:
        found = [find_leak(text, asked) is not None for asked, text in published(data)]
        print("  published answers sent back:", share(found))


def scenario(stand_alone: str) -> dict[str, Any]:
    def model(name: str, **sim: Any) -> dict[str, Any]:
        return {"model": f"sim/{name}", "family": name, "license": "mit", "sim": sim}

    judge = {"alone_errors": ERROR_RATE}
    return {
        "name": "alone",
        "seed": 1,
        "models": {
            "amber": model("amber", default_skill=0.1, leak=LEAK_RATE, heed=1.0),
            "basil": model("basil", default_skill=0.95),
            "clove": model("clove", default_skill=0.95, judge=judge),
        },
        "target": "amber",
        "cast": {
            "members": {"models": ["amber"], "card": "member"},
            "students": {"models": ["amber"], "card": "student"},
            "teachers": {"models": ["basil"], "card": "teacher"},
            "critics": {"models": ["basil"], "card": "critic"},
            "judges": {"models": ["clove"], "card": "judge", "quorum": 1},
        },
        "prompts": {"from": str(ROOT / "data" / "seeds" / "*.jsonl"), "sample": {"size": PROMPTS, "by": ["skill"]}},
        "stages": [
            "answer",
            {"lesson": {"turns": 1, "stand_alone": stand_alone, "measure_jurors": 0.0}},
            {"critique": {"stand_alone": stand_alone, "measure_jurors": 0.0}},
        ],
    }


async def session(stand_alone: str) -> None:
    """Of texts whose first writing leaked, how many were sent back; of the others, how many were rejected."""
    with tempfile.TemporaryDirectory() as name:
        path, db = Path(name) / "alone.yaml", Path(name) / "aaa.db"
        path.write_text(yaml.safe_dump(scenario(stand_alone)))
        result = await run_session(resolve([path]), RunOptions(db=db))
        assert result.stopped is None
        leaked: list[bool] = []
        others: list[bool] = []
        exported: list[bool] = []
        with Store.open(db) as store:
            for answer in store.rows(Answer):
                if answer.stands_alone is None:
                    continue
                first = store.get(Call, answer.calls[0])
                assert first is not None
                leaks = holds(reply_of(first).text)
                (leaked if leaks else others).append(len(answer.calls) > 1 if leaks else not answer.stands_alone)
                if answer.stands_alone:
                    exported.append(holds(answer.text))
    print(f"sessions of simulated models, stand_alone: {stand_alone}")
    print("  leaks found:", share(leaked))
    print("  others rejected:", share(others))
    print("  of the texts that pass, with a leak:", share(exported))


def holds(text: str) -> bool:
    return any(phrase in text for known in LEAKS.values() for phrase in known)


async def read_by(name: str, base: str | None) -> None:
    """How well a model of the user's reads the texts by hand, where known phrases find nothing."""
    model = Model(name="reader", model=name, family="reader", api_base=base)
    place = Place.of("bench", "stand-alone", "text")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "aaa.db") as store:
        path = Path(folder) / "alone.yaml"
        path.write_text(yaml.safe_dump(scenario("judge")))
        async with open_gateway(store, resolve([path]).scenario, "bench") as gateway:
            agent = Agent(model, None, resolve_params(model, None), gateway, place, "reader")
            verdicts = [(leak, await alone(agent, asked, text, at)) for at, (leak, asked, text) in enumerate(by_hand())]
    print(f"{name} as the reader:")
    print("  leaks found:", share([not stands for leak, stands in verdicts if leak and stands is not None]))
    print("  others sent back:", share([not stands for leak, stands in verdicts if not leak and stands is not None]))
    print("  calls without a verdict:", sum(stands is None for _, stands in verdicts))


async def alone(agent: Agent, asked: str, text: str, at: int) -> bool | None:
    instruction = Instruction(id=str(at), session="bench", source_id=str(at), messages=(user(asked),))
    check = AloneCheck(instruction, PromptSet.load(), seed=at)
    try:
        return await check.stands(text, [agent], step=str(at))
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
    for stand_alone in ("rules", "judge"):
        asyncio.run(session(stand_alone))
    if options.model:
        asyncio.run(read_by(options.model, options.base))


if __name__ == "__main__":
    main()
