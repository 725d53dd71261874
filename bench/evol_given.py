"""Instructions that hand over input to be worked on, of four kinds: what an evolver may lose."""

from __future__ import annotations

from collections.abc import Iterator

SENTENCES = (
    "The ferry leaves at nine in the morning.",
    "My neighbour has been repairing the same clock since spring.",
    "Nobody told the baker that the bridge was closed.",
    "We would rather walk than wait for the last tram.",
    "Her letter arrived two weeks after the wedding.",
    "The lighthouse keeper counts the ships every evening.",
    "Please put the blue folder back where you found it.",
    "It rained so hard that the market had to close early.",
)
THINGS = ("figs", "lamps", "ropes", "bells", "maps", "stamps", "jars", "coats")
KINDS = ("code", "table", "quotation", "list")


def given_prompts(number: int) -> Iterator[dict[str, str]]:
    """As many of each kind as rows of prompts."""
    for n in range(number):
        thing, other = THINGS[n % len(THINGS)], THINGS[(n + 3) % len(THINGS)]
        sentence = SENTENCES[n % len(SENTENCES)]
        texts = {
            "code": "What does this program print?\n\n"
            f"```python\ntotal = {n}\nfor step in range({n % 5 + 2}):\n    total += step * {n + 2}\nprint(total)\n```",
            "table": "Which of these is the dearest, all pieces together?\n\n"
            f"| thing | price | pieces |\n|---|---|---|\n| {thing} | {n + 3} | {n % 7 + 1} |\n"
            f"| {other} | {n + 5} | 2 |",
            "quotation": f'{("Translate into German", "Put into the past tense", "Shorten")[n % 3]}: "{sentence}"',
            "list": f"Arrange these by how often you would buy them: {thing}, {n + 2} apples, {other}, one good pen",
        }
        for kind, text in texts.items():
            yield {"id": f"{kind}-{n}", "instruction": text, "skill": "given", "language": "en"}
