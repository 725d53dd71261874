"""Rows a second and bytes an episode of the store: python -m bench.store [--folder DIR] [--writers 64] [--rows 20000]

The texts are the method prompts of AAA filled with prose made of common words, about as long as real answers (600
characters) and judgments (450). What is measured is the store alone: no model, no stage.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from aaa.store import Store, StoreJournal, encode
from aaa.store.columns import pack
from aaa.types import (
    Answer,
    Attempt,
    Call,
    CallUse,
    Episode,
    Game,
    Judgment,
    Producer,
    Reply,
    SessionRecord,
    TextStyle,
    Usage,
    Verdict,
    assistant,
    content_hash,
    row_id,
    user,
    wire,
)

WORDS = Path(__file__).read_text().split() + (Path(__file__).parents[1] / "LICENSE").read_text().split()
STYLE = TextStyle(words=100)
GPT = Producer(model="gpt", family="gpt", license="openai-terms")


def prose(seed: str, characters: int) -> str:
    """Text of about this length, always the same for a seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=characters // 6))


def judging_prompt(question: str, first: str, second: str) -> str:
    """The pairwise judging prompt with its variable parts; the rest is the template as it is."""
    template = (Path(__file__).parents[1] / "aaa" / "prompts" / "judge_pairwise.jinja").read_text()
    return "\n\n".join((template, question, first, second))


def call(kind: str, number: int) -> Call:
    """A call of an answer, or of a judge who compares two answers."""
    question, first, second = (
        prose(f"{kind}{number}{part}", size) for part, size in (("q", 250), ("a", 600), ("b", 600))
    )
    asked, said = (question, first) if kind == "answer" else (judging_prompt(question, first, second), question * 2)
    return Call(
        id=content_hash([kind, number]),
        model="openai/gpt-4o-mini",
        request={
            "model": "openai/gpt-4o-mini",
            "messages": wire([user(asked)]),
            "params": {"max_tokens": 1024},
            "draw": 0,
        },
        reply=Reply(text=said, usage=Usage(prompt_tokens=500, completion_tokens=150), answered_by="gpt"),
        usd=0.0004,
    )


def use_of(number: int, made: Call) -> tuple[CallUse, Attempt]:
    """What the journal keeps beside a call."""
    use = CallUse(id=f"use-{number}", session="s", episode="e", step="draw-0", role="member", call=made.id, paid=True)
    attempt = Attempt(
        id=f"attempt-{number}",
        session="s",
        call=made.id,
        number=1,
        model="gpt",
        state="settled",
        usd=0.0004,
        prompt_tokens=500,
        completion_tokens=150,
    )
    return use, attempt


def battle(number: int) -> tuple[Episode, list[SessionRecord]]:
    """An episode with two answers, three judges who read both orders, and a verdict."""
    episode, instruction = row_id("episode", number), row_id("instruction", number)
    place = {"session": "s", "episode": episode, "instruction": instruction}
    question = (user(prose(f"{number}", 250)),)
    answers = [
        Answer(
            **place,
            id=row_id("answer", number, side),
            member="gpt",
            prompt=question,
            messages=(assistant(prose(f"{number}{side}", 600)),),
            producers=(GPT,),
            style=STYLE,
            calls=(content_hash([number, side]),),
        )
        for side in (0, 1)
    ]
    left, right = (answer.id for answer in answers)
    games = [
        Judgment(
            **place,
            id=row_id("judgment", number, judge, seat),
            panel="judges",
            judge=f"judge-{judge}",
            family="gpt",
            answered_by="gpt",
            reading=Game(
                match="m",
                number=1 + seat,
                first=left,
                second=right,
                winner=left,
                first_style=STYLE,
                second_style=STYLE,
            ),
            words=prose(f"{number}{judge}{seat}", 450),
            prompt=content_hash("judge"),
            call=content_hash([number, judge, seat]),
        )
        for judge in range(3)
        for seat in (0, 1)
    ]
    verdict = Verdict(
        **place,
        id=row_id("verdict", number),
        match="m",
        panel="judges",
        left=left,
        right=right,
        outcome="win",
        winner=left,
        margin=3,
        decided_by="panel",
        quorum=2,
    )
    done = Episode(
        id=episode,
        session="s",
        stage="battle",
        instruction=instruction,
        status="done",
        fingerprint=content_hash(number),
        result=content_hash(number),
    )
    return done, [*answers, *games, verdict]


async def together(writers: int, work: Iterator[Callable[[], Awaitable[None]]]) -> float:
    """Seconds until all work is done by so many writers, each of whom waits for its own commit."""

    async def one() -> None:
        for job in work:
            await job()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(writers)))
    return time.perf_counter() - began


async def measure(folder: Path, writers: int, rows: int) -> None:
    calls = [call("judge" if number % 4 else "answer", number) for number in range(rows // 4)]
    plain = sum(len(encode(made).body.encode()) for made in calls) / len(calls)
    packed = sum(len(pack(encode(made).body)) for made in calls) / len(calls)
    print(f"call body: {plain:.0f} bytes plain, {packed:.0f} packed")

    with Store.open(folder / "calls.db") as store:
        journal = StoreJournal(store)
        pairs = [(made, *use_of(number, made)) for number, made in enumerate(calls)]
        reserve = [lambda attempt=attempt: journal.reserve(attempt) for _, _, attempt in pairs]
        commit = [lambda made=made, use=use, last=last: journal.commit(made, use, [last]) for made, use, last in pairs]
        seconds = await together(writers, (job for both in zip(reserve, commit, strict=True) for job in both))
        print(f"journal: {len(calls) / seconds:.0f} calls/s of {writers} writers (reserve, then commit: 4 rows a call)")
        began = time.perf_counter()
        for made in calls[:2000]:
            await journal.find(made.id)
        print(f"find: {(time.perf_counter() - began) / len(calls[:2000]) * 1e6:.0f} us a call")
    print(f"file: {(folder / 'calls.db').stat().st_size / len(calls):.0f} bytes a call with its use and attempt")

    with Store.open(folder / "episodes.db") as store:
        made = [battle(number) for number in range(rows // 10)]
        jobs = (lambda done=done, rows=rows: store.finish(done, [encode(row) for row in rows]) for done, rows in made)
        seconds = await together(writers, iter(list(jobs)))
        print(
            f"finish: {len(made) / seconds:.0f} episodes/s of {writers} writers, {10 * len(made) / seconds:.0f} rows/s"
        )
        began = time.perf_counter()
        read = sum(1 for _ in store.rows(Judgment, session="s"))
        print(f"read: {read / (time.perf_counter() - began):.0f} judgments/s")
    print(
        f"file: {(folder / 'episodes.db').stat().st_size / len(made):.0f} bytes an episode (battle: 10 rows, 3 judges)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, help="where to put the store; default: a temporary folder")
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--rows", type=int, default=20000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        asyncio.run(measure(Path(folder), options.writers, options.rows))


if __name__ == "__main__":
    main()
