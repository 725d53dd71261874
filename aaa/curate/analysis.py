"""What a set of prompts is made of, by rules: labels, lengths, turns, near-duplicates, tags, and suggested weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from aaa.curate.slices import clusters_of
from aaa.scenario import PromptRow
from aaa.text import language_of, words

CAP = 10.0
"""Largest weight that is suggested (5 to 10 is usual)."""
UNKNOWN = "unknown"
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Analysis:
    """Counts of rows by value; `unknown` where neither the row nor a rule says."""

    rows: int
    skill: Mapping[str, int]
    difficulty: Mapping[str, int]
    language: Mapping[str, int]
    """As the row says, else as its words show."""
    turns: Mapping[str, int]
    """Messages up to the one to be answered."""
    words: Mapping[str, int]
    """5 %, 50 % and 95 % quantiles of the words of a prompt."""
    near_duplicates: float
    """Share of the rows that could go without their cluster losing its last."""
    tags: int
    """Different tags, which InsTag (arXiv 2308.07074) calls diversity where it is a share of a vocabulary."""
    complexity: float
    """Mean tags of a row (InsTag)."""
    weights: Mapping[str, float]
    """Suggested for skills: what makes them even, at most 10 to 1."""

    def document(self) -> dict[str, Any]:
        """The analysis as JSON."""
        return asdict(self)


def analyse_rows(rows: Iterable[PromptRow]) -> Analysis:
    """Read all rows once; texts are kept for the search of near-duplicates."""
    skill, difficulty, language, turns = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    lengths: list[int] = []
    tags: list[tuple[str, ...]] = []
    texts: dict[str, str] = {}
    for row in rows:
        text = "\n".join(message.text for message in row.messages)
        texts[row.source_id] = text
        skill[row.skill or UNKNOWN] += 1
        difficulty[UNKNOWN if row.difficulty is None else f"{row.difficulty:.0f}"] += 1
        language[row.language or language_of(text) or UNKNOWN] += 1
        turns[str(len(row.messages))] += 1
        lengths.append(len(words(text)))
        tags.append(row.tags)
    count = len(lengths)
    return Analysis(
        rows=count,
        skill=_falling(skill),
        difficulty=_falling(difficulty),
        language=_falling(language),
        turns=_falling(turns),
        words=_quantiles(lengths),
        near_duplicates=1.0 - len(set(clusters_of(texts).values())) / count if count else 0.0,
        tags=len({tag for found in tags for tag in found}),
        complexity=sum(map(len, tags)) / count if count else 0.0,
        weights=suggested(skill),
    )


def suggested(counts: Mapping[str, int]) -> dict[str, float]:
    """Weights that make values of a natural distribution even: the most frequent over each, at most `CAP`."""
    most = max(counts.values(), default=1)
    return {value: round(min(CAP, most / number), 2) for value, number in sorted(counts.items())}


def _falling(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _quantiles(lengths: Sequence[int]) -> dict[str, int]:
    ordered = sorted(lengths)
    return {f"{share:.0%}": ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in QUANTILES if ordered}
