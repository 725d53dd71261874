"""Which split a row belongs to: by the cluster of its prompt, never by row."""

from __future__ import annotations

from functools import cached_property

from aaa.curate.splits import Split, SplitRow, asked, split_up
from aaa.store import Store
from aaa.types import Instruction, Sample


class Splits:
    """Splits of a session's rows, by all its prompts (see `split_up`); worked out when the first is asked for.

    Takes about 500 bytes a prompt, texts are read as they are needed.
    """

    def __init__(self, store: Store, session: str, test_share: float) -> None:
        self._store, self._session, self._share = store, session, test_share

    def of(self, row: Sample) -> Split:
        """The split of a selected row."""
        return self._by_instruction.get(row.instruction, "train")

    @cached_property
    def _by_instruction(self) -> dict[str, Split]:
        rows = [SplitRow.of(one) for one in self._store.rows(Instruction, session=self._session)]
        texts = (asked(one) for one in self._store.rows(Instruction, session=self._session))
        return split_up(rows, texts, self._share)
