"""Draw the exercises of data/drills anew: python bench/drills.py (the same every time)."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable
from pathlib import Path

from aaa.sim import solve

NUMBER = 60
"""Of each skill."""
PATH = Path(__file__).resolve().parent.parent / "data" / "drills" / "drills.jsonl"


def arithmetic(draw: random.Random) -> str:
    a, b, c = draw.randint(120, 990), draw.randint(110, 890), draw.randint(12, 99)
    product = f"Please work out {draw.randint(12, 98)} × {draw.randint(12, 98)}."
    return draw.choice([f"What is {a} + {b}?", f"Calculate {a + b} - {b}.", f"What is {a} + {b} - {c}?", product])


def dates(draw: random.Random) -> str:
    day = datetime.date(2024, 1, 1) + datetime.timedelta(draw.randint(0, 900))
    later = f"What date is {draw.randint(9, 99)} days after {day.isoformat()}? Answer as YYYY-MM-DD."
    weekday = f"What day of the week was {day.day} {day.strftime('%B')} {day.year - draw.randint(1, 60)}?"
    return draw.choice([later, weekday])


def sorting(draw: random.Random) -> str:
    order = draw.choice(["smallest to largest", "largest to smallest"])
    return f"Sort these numbers from {order}: {', '.join(map(str, draw.sample(range(2, 400), 6)))}"


def units(draw: random.Random) -> str:
    n = draw.randint(2, 95)
    metres = f"How many metres are {n}.{draw.randint(1, 9)} kilometres?"
    others = (f"Convert {n} kilograms to grams.", f"How many minutes are {n} hours?")
    return draw.choice([metres, *others, f"How many centimetres are {n} metres?"])


MAKERS: dict[str, tuple[Callable[[random.Random], str], str]] = {
    "arithmetic": (arithmetic, "numeric"),
    "dates": (dates, "text"),
    "sorting": (sorting, "list"),
    "units": (units, "numeric"),
}


def main() -> None:
    draw, lines = random.Random(20), []
    for skill, (make, verifier) in MAKERS.items():
        texts: dict[str, str] = {}
        while len(texts) < NUMBER:
            text = make(draw)
            solution = solve(text)
            if solution is None or solution.skill != skill or len(solution.slips) < 2 or text in texts:
                continue
            texts[text] = solution.answer
            row = {"id": f"drill-{skill}-{len(texts):02}", "instruction": text, "reference": solution.answer}
            row |= {"verifier": {"kind": verifier}, "skill": skill, "difficulty": solution.difficulty, "language": "en"}
            lines.append(json.dumps(row, ensure_ascii=False))
    PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
