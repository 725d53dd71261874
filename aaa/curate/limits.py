"""What a selection leaves out because of all the rest that it takes: quotas, caps, and matched lengths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aaa.curate.faults import Fault
from aaa.curate.lengths import PairLengths, SidedPair, unmatched
from aaa.scenario import PairRule, Selection, SftRule
from aaa.types import PreferencePair, Rejection, Sample, SftSample, content_hash

Selected = Sample | Rejection


def limited(rule: Selection) -> bool:
    """Whether a selection must have seen all rows before it can take one."""
    pairs = rule.pairs is not None and (rule.pairs.match_lengths or rule.pairs.per_producer is not None)
    sft = rule.sft is not None and (rule.sft.per_skill is not None or rule.sft.per_producer is not None)
    return pairs or sft


@dataclass(frozen=True, slots=True)
class _Light:
    """What caps need to know of a row: about 250 bytes. `rank` is the smaller the sooner it is taken."""

    id: str
    skill: str
    producer: str
    rank: tuple[float, str]


@dataclass
class Limits:
    """Faults of rows by their ids, after all were seen."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    before: PairLengths = field(default_factory=PairLengths)
    """Lengths of the pairs that there were before lengths were matched."""

    @classmethod
    def over(cls, rows: Iterable[Selected], rule: Selection, seed: int, producers: Mapping[str, str]) -> Limits:
        """Look at all rows; `producers` says which model was asked for a sample's answer."""
        samples: list[_Light] = []
        pairs: list[_Light] = []
        sides: dict[str, SidedPair] = {}
        for row in rows:
            order = content_hash([seed, "limits", row.id])
            if isinstance(row, SftSample):
                rank = (-row.grade if row.grade is not None else 1.0, order)
                samples.append(_Light(row.id, row.skill or "", producers[row.answer], rank))
            elif isinstance(row, PreferencePair):
                pairs.append(_Light(row.id, row.skill or "", row.chosen_model, (-row.margin, order)))
                sides[row.id] = SidedPair.of(row)
        faults = dict(_over_caps(samples, rule.sft)) | dict(_over_caps(pairs, rule.pairs))
        kept = [side for id_, side in sides.items() if id_ not in faults]
        before = PairLengths()
        for side in kept:
            before.add(side.chosen, side.rejected)
        if rule.pairs is not None and rule.pairs.match_lengths:
            why = "no pair of the opposite lengths is left to match it"
            faults |= dict.fromkeys(unmatched(kept, seed), ("unmatched_length", why))
        return cls(faults, before)


def _over_caps(rows: Iterable[_Light], rule: SftRule | PairRule | None) -> Iterator[tuple[str, Fault]]:
    """Rows beyond a cap, the best taken first."""
    per_skill = rule.per_skill if isinstance(rule, SftRule) else None
    per_producer = rule.per_producer if rule is not None else None
    if per_skill is None and per_producer is None:
        return
    skills: Counter[str] = Counter()
    models: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: row.rank):
        most = per_skill.get(row.skill, per_skill.get("*")) if isinstance(per_skill, dict) else per_skill
        if most is not None and skills[row.skill] >= most:
            yield row.id, ("over_cap", f"more than {most} of skill {row.skill or 'none'}")
        elif per_producer is not None and models[row.producer] >= per_producer:
            yield row.id, ("over_cap", f"more than {per_producer} of {row.producer}")
        else:
            skills[row.skill] += 1
            models[row.producer] += 1


@dataclass
class Found:
    """What a selection took and left out, counted as its rows pass by."""

    taken: Counter[str] = field(default_factory=Counter)
    """Rows by their type."""
    left_out: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Rejections: by what they would have become, then by reason."""
    before: PairLengths = field(default_factory=PairLengths)
    """Lengths of the pairs before they were matched; where they were not, the same as after."""
    after: PairLengths = field(default_factory=PairLengths)

    def note(self, row: Selected) -> None:
        """A row of the selection."""
        if isinstance(row, Rejection):
            self.left_out[row.target][row.reason] += 1
            return
        self.taken[type(row).__name__] += 1
        if isinstance(row, PreferencePair):
            sides = SidedPair.of(row)
            self.after.add(sides.chosen, sides.rejected)
