"""What a set of prompts is made of: attributes by source, lengths, near-duplicates, tags, and suggested weights."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any, Final

from aaa.curate.analysis.agreements import Agreement, Table, agreement, confusions
from aaa.curate.analysis.described import Described
from aaa.curate.attributes import ATTRIBUTES, Attribute, Labels, Settled, settle
from aaa.curate.slices import clusters_of
from aaa.curate.tags import TagFigures, TagRule, Vocabulary, spelled, tag_figures, vocabulary
from aaa.types import Value

CAP: Final = 10.0
"""Largest weight that is suggested (5 to 10 is usual)."""
UNKNOWN: Final = "unknown"
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
STEERED: Final[tuple[Attribute, ...]] = ("skill", "difficulty", "language")
"""Attributes by which a sample can be steered."""
SHOWN: Final = 5
"""Confusions of two sources that are kept (ours)."""


class AnalysisRule(Value):
    """How a set is analysed."""

    open_skills: bool = False
    """The skill of a prompt is that of its tags which is most frequent in the set."""
    tags: TagRule = TagRule()
    pool: tuple[str, ...] | None = None
    """Tags of the vocabulary that diversity is a share of, as they were written."""


@dataclass(frozen=True)
class Analysis:
    """A set of prompts. Counts are of prompts, by value and falling; `unknown` where no source says anything."""

    rows: int
    attributes: Mapping[Attribute, Mapping[str, int]]
    by: Mapping[Attribute, Mapping[str, int]]
    """Prompts whose value each source settled."""
    turns: Mapping[str, int]
    words: Mapping[str, int]
    """Quantiles of the words of a prompt."""
    near_duplicates: float
    """Share of the prompts that could go without their cluster losing its last."""
    tags: TagFigures
    vocabulary: Vocabulary
    frequent: Mapping[str, int]
    """Prompts by tag, falling."""
    agreement: Sequence[Agreement]
    confusions: Mapping[tuple[str, str, str], Sequence[tuple[str, str, int]]]
    """By attribute and two sources, what one says where the other says something else, the most frequent first."""
    weights: Mapping[Attribute, Mapping[str, float]]
    """What makes the values of an attribute even in a sample of `target: natural`, at most 10 to 1."""

    def document(self) -> dict[str, Any]:
        """The analysis as JSON."""
        names = {"written", "spelled", "frequent", "final", "dropped"}
        vocabulary = {name: value for name, value in asdict(self.vocabulary).items() if name in names}
        return {
            "rows": self.rows,
            **{str(name): counts for name, counts in self.attributes.items()},
            "by": self.by,
            "turns": self.turns,
            "words": self.words,
            "near_duplicates": self.near_duplicates,
            "tags": {**asdict(self.tags), "vocabulary": vocabulary, "most": dict(list(self.frequent.items())[:50])},
            "agreement": [
                {**asdict(one), "confusions": self.confusions.get((one.attribute, one.one, one.other), ())}
                for one in self.agreement
            ],
            "weights": self.weights,
        }


def analyse(rows: Iterable[Described], rule: AnalysisRule | None = None) -> tuple[Analysis, dict[str, Settled]]:
    """The analysis, and by id what stands for each prompt, its tags in the vocabulary of the set."""
    rule = rule or AnalysisRule()
    described = list(rows)
    known = vocabulary([_written(one) for one in described], rule.tags, pool=rule.pool or ())
    frequent = Counter(tag for one in described for tag in known.of(_written(one)))
    said = [_with_skills(one.said, known, frequent) if rule.open_skills else one.said for one in described]
    settled = [_settled(one, known) for one in said]
    tables = _tables(said)
    attributes = {name: _counted(one.labels.of(name) for one in settled) for name in ATTRIBUTES}
    texts = {one.id: one.text for one in described}
    found = Analysis(
        rows=len(described),
        attributes=attributes,
        by={name: _counted(one.by.get(name) for one in settled) for name in ATTRIBUTES},
        turns=_counted(str(one.turns) for one in described),
        words=_quantiles([one.words for one in described]),
        near_duplicates=1.0 - len(set(clusters_of(texts).values())) / len(texts) if texts else 0.0,
        tags=tag_figures((one.labels.tags for one in settled), _pool(rule, known)),
        vocabulary=known,
        frequent=_falling(frequent),
        agreement=tuple(one for key, table in tables.items() if (one := agreement(*key, table)) is not None),
        confusions={key: confusions(table, SHOWN) for key, table in tables.items()},
        weights={name: suggested(attributes[name]) for name in STEERED},
    )
    return found, {one.id: what for one, what in zip(described, settled, strict=True)}


def suggested(counts: Mapping[str, int]) -> dict[str, float]:
    """Weights that make values of a natural distribution even: the most frequent over each, at most `CAP`.

    Prompts whose value is unknown have none: they keep their natural share.
    """
    known = {value: number for value, number in counts.items() if value != UNKNOWN}
    most = max(known.values(), default=1)
    return {value: round(min(CAP, most / number), 2) for value, number in sorted(known.items())}


def _written(one: Described) -> tuple[str, ...]:
    """The tags of the first source that has any."""
    return next((labels.tags for labels in one.said.values() if labels.tags), ())


def _with_skills(said: Mapping[str, Labels], known: Vocabulary, frequent: Counter[str]) -> dict[str, Labels]:
    """What the sources say, with the most frequent of its tags where one names no skill."""
    return {
        source: replace(labels, skill=labels.skill or _commonest(known.of(labels.tags), frequent))
        for source, labels in said.items()
    }


def _settled(said: Mapping[str, Labels], known: Vocabulary) -> Settled:
    """What stands for a prompt, its tags in the vocabulary."""
    found = settle(said)
    return replace(found, labels=replace(found.labels, tags=known.of(found.labels.tags)))


def _commonest(tags: Sequence[str], frequent: Counter[str]) -> str | None:
    return min(tags, key=lambda tag: (-frequent[tag], tag), default=None)


def _tables(said: Sequence[Mapping[str, Labels]]) -> dict[tuple[Attribute, str, str], Table]:
    """For each attribute and two sources, how often their values came together."""
    tables: dict[tuple[Attribute, str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in said:
        for (source, labels), (other, others) in combinations(one.items(), 2):
            for name in ATTRIBUTES:
                left, right = labels.of(name), others.of(name)
                if left is not None and right is not None:
                    tables[name, source, other][left, right] += 1
    return dict(sorted(tables.items(), key=lambda table: (ATTRIBUTES.index(table[0][0]), table[0])))


def _pool(rule: AnalysisRule, known: Vocabulary) -> Iterator[str] | None:
    """The vocabulary in the spelling of this set's."""
    if rule.pool is None:
        return None
    return (known.names.get(tag, spelled(tag)) for tag in rule.pool)


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    return _falling(Counter(UNKNOWN if value is None else value for value in values))


def _falling(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _quantiles(lengths: Sequence[int]) -> dict[str, int]:
    ordered = sorted(lengths)
    return {f"{share:.0%}": ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in QUANTILES if ordered}
