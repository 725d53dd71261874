"""A named selection over what a session made of one instruction: pure, and free of calls."""

from __future__ import annotations

from aaa.curate.origin import Origin
from aaa.curate.pairs import preference_pairs
from aaa.curate.record import ItemRecord
from aaa.curate.sft import sft_samples
from aaa.types import PreferencePair, Rejection, SftSample

Selected = SftSample | PreferencePair | Rejection


def select(origin: Origin, record: ItemRecord) -> list[Selected]:
    """SFT samples, preference pairs, and for all that was left out a rejection with its reason."""
    selected: list[Selected] = []
    if origin.rule.sft is not None:
        selected += sft_samples(origin, record, origin.rule.sft)
    if origin.rule.pairs is not None:
        selected += preference_pairs(origin, record, origin.rule.pairs)
    return selected
