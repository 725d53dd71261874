"""Votes as commands ask for them: a file in the form that the field uses, or the verdicts of a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate import Vote
    from aaa.store import Store
    from aaa.types import Session

Coder = Literal["judge", "panel"]
"""Whose votes those of a session are: its jurors', or its panels'."""


@dataclass(frozen=True)
class Source:
    """Votes, and the session they are from, if they are from one."""

    votes: Sequence[Vote]
    session: Session | None = None

    @property
    def simulated(self) -> bool:
        return self.session is not None and self.session.simulated


def read_source(source: str, db: str, coder: Coder) -> Source:
    """Votes of the file of this name, else those of the session. Raises `UsageError` where there are none."""
    from aaa.rate import read_votes
    from aaa.store import Store

    if Path(source).is_file():
        return Source(read_votes(Path(source)))
    if "/" in source or Path(source).suffix in (".jsonl", ".json"):
        raise UsageError(f"There is no file {source!r}.")
    with Store.open(db, create=False) as store:
        session = find_session(store, source)
        votes = list(_votes(store, session, coder))
    if not votes:
        raise UsageError(f"Session {source!r} holds no verdicts on answers of different members.")
    return Source(votes, session)


def of_one_panel(source: Source, panel: str | None) -> Sequence[Vote]:
    """All votes of a file; those of one panel of a session, which must be named where there are several.

    Raises `UsageError` where it is not, and for a panel that is not there.
    """
    votes = source.votes
    if source.session is None:
        if panel is not None:
            raise UsageError("--panel chooses among the panels of a session; a file has none.")
        return votes
    panels = sorted({vote.judge or "" for vote in votes})
    if panel is None and len(panels) > 1:
        raise UsageError(f"Several panels judged this session: {', '.join(panels)}. Choose one with --panel.")
    if panel is not None and panel not in panels:
        raise UsageError(f"There is no panel {panel!r}; there are: {', '.join(panels)}.")
    return votes if panel is None else [vote for vote in votes if vote.judge == panel]


def _votes(store: Store, session: Session, coder: Coder) -> Iterator[Vote]:
    """On plain answers of different members, each match once for every panel."""
    from aaa.session import records, votes_on
    from aaa.types import Verdict

    for record in records(store, session.id, list(session.stages)):
        verdicts = store.by_instruction(Verdict, session.id, record.instruction.id)
        yield from votes_on(verdicts, record.by_id, record.instruction, coder)
