"""Which split a row belongs to: by the cluster of its prompt, never by row."""

from __future__ import annotations

from aaa.store import Store
from aaa.types import Instruction, Sample, content_hash


class Splits:
    """Splits of a session's rows: what a stage said of the prompt, else by a hash of where the prompt descends from.

    Prompts of one family (a seed and all that was made of it), and prompts of equal text but for case and spaces, are
    one cluster. `test_share` of the clusters go to `test`, whatever else there is: a longer session moves nothing.
    """

    def __init__(self, store: Store, test_share: float) -> None:
        self._store, self._share = store, test_share

    def of(self, instruction: Instruction | None, row: Sample) -> str:
        """`train`, `validation` or `test`."""
        if instruction is None:
            texts = [message.text for message in row.prompt]
        elif instruction.split is not None:
            return instruction.split
        else:
            texts = [message.text for message in self._root(instruction).prompt]
        return "test" if _place(texts) < self._share else "train"

    def _root(self, instruction: Instruction) -> Instruction:
        """The instruction at the beginning of this one's lineage."""
        while (parent := instruction.lineage.parent) is not None:
            above = self._store.get(Instruction, parent)
            if above is None:
                break
            instruction = above
        return instruction


def _place(texts: list[str]) -> float:
    """A number in 0..1 for a cluster, by hash (64 bits)."""
    said = [" ".join(text.casefold().split()) for text in texts]
    return int(content_hash(["split", said])[:16], 16) / 2**64
