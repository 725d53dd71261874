"""A named selection over what a session made of its instructions: pure, and free of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from aaa.curate.faults import Fault
from aaa.curate.labels import labelled_samples
from aaa.curate.lengths import Graded, LengthEffect, length_effect
from aaa.curate.limits import Found, Limits, Selected, limited
from aaa.curate.origin import Origin
from aaa.curate.pairs import preference_pairs
from aaa.curate.record import ItemRecord
from aaa.curate.sft import sft_samples
from aaa.curate.steps import stepped_samples
from aaa.curate.versions import RatedVersions, instruction_pairs
from aaa.types import PreferencePair, Rejection, SftSample


def select(origin: Origin, record: ItemRecord, parent: ItemRecord | None = None) -> list[Selected]:
    """What one instruction gives, and for all that was left out a rejection with its reason.

    `parent` is the record of the instruction that it was made from, for pairs by construction.
    """
    rule = origin.rule
    selected: list[Selected] = []
    if rule.sft is not None:
        selected += sft_samples(origin, record, rule.sft)
    if rule.pairs is not None:
        selected += preference_pairs(origin, record, rule.pairs, parent)
    if rule.labels is not None:
        selected += labelled_samples(origin, record, rule.labels)
    if rule.steps is not None:
        selected += stepped_samples(origin, record, rule.steps)
    return selected


@dataclass
class Selecting:
    """A selection over all instructions. The sources are read once; again for each rule that must know all first."""

    origin: Origin
    records: Callable[[], Iterable[ItemRecord]]
    """Reads every record, those of what was made of a prompt right after that prompt's."""
    versions: Callable[[], Iterable[RatedVersions]] = tuple
    """Reads the rated versions of instructions."""
    found: Found = field(default_factory=Found)

    def rows(self) -> Iterator[Selected]:
        """Samples and rejections; `found` counts them as they pass by."""
        rule, effect = self.origin.rule, self._effect()
        limits = Limits()
        if limited(rule):
            producers: dict[str, str] = {}
            limits = Limits.over(self._each(effect, producers), rule, self.origin.seed, producers)
        for row in self._each(effect):
            fault = limits.faults.get(row.id)
            made = row if fault is None else self._rejected(row, fault)
            self.found.note(made)
            yield made
        self.found.before = limits.before if limited(rule) else self.found.after

    def _effect(self) -> LengthEffect | None:
        """What length does to grades, where that is to be taken out."""
        if not self.origin.rule.length_control:
            return None
        return length_effect([one for record in self.records() for one in _graded(record)])

    def _each(self, effect: LengthEffect | None, producers: dict[str, str] | None = None) -> Iterator[Selected]:
        """What every instruction gives; who was asked for the samples goes to `producers`."""
        for family in _families(self.records()):
            records = family if effect is None else [replace(record, length=effect) for record in family]
            known = {record.instruction.id: record for record in records}
            for record in known.values():
                selected = select(self.origin, record, known.get(record.instruction.lineage.parent or ""))
                if producers is not None:
                    taken = (row.answer for row in selected if isinstance(row, SftSample))
                    producers |= {answer: record.by_id[answer].member for answer in taken}
                yield from selected
        if (rule := self.origin.rule.instructions) is not None:
            for versions in self.versions():
                yield from instruction_pairs(self.origin, versions, rule)

    def _rejected(self, row: Selected, fault: Fault) -> Rejection:
        """What a limit left out."""
        if isinstance(row, PreferencePair):
            return self.origin.reject("pair", row.instruction, (row.chosen_answer, row.rejected_answer), fault)
        assert isinstance(row, SftSample), row.id
        return self.origin.reject("sft", row.instruction, (row.answer,), fault)


def _families(records: Iterable[ItemRecord]) -> Iterator[list[ItemRecord]]:
    """Each prompt of the user's with all that was made of it, which comes right after it."""
    family: list[ItemRecord] = []
    for record in records:
        if record.instruction.episode is None and family:
            yield family
            family = []
        family.append(record)
    if family:
        yield family


def _graded(record: ItemRecord) -> Iterator[Graded]:
    """The graded single answers to a prompt, where there are several."""
    single = [answer for answer in record.answers if answer.id in record.grades and answer.context != "dialogue"]
    for answer in single if len(single) > 1 else ():
        yield Graded(record.instruction.id, answer.member, answer.style.words, record.grades[answer.id])
