"""Votes as commands ask for them: a file in the form that the field uses, or the verdicts of a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate import Vote, VoteOutcome
    from aaa.store import Store
    from aaa.types import Answer, Instruction, Session, Verdict

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
    from aaa.session import records
    from aaa.types import Verdict

    for record in records(store, session.id, list(session.stages)):
        seen = set()
        for verdict in store.by_instruction(Verdict, session.id, record.instruction.id):
            left, right = record.by_id.get(verdict.left), record.by_id.get(verdict.right)
            if left is None or right is None or (verdict.panel, verdict.match) in seen:
                continue
            seen.add((verdict.panel, verdict.match))
            if left.member != right.member and left.context == right.context == "plain":
                yield from _on_match(verdict, left, right, record.instruction, coder)


def _on_match(verdict: Verdict, left: Answer, right: Answer, prompt: Instruction, coder: Coder) -> Iterator[Vote]:
    from aaa.rate import Vote

    for judge, outcome in _jurors(verdict) if coder == "judge" else _panel(verdict):
        yield Vote(
            item=prompt.source_id,
            left=left.member,
            right=right.member,
            outcome=outcome,
            judge=judge,
            category=prompt.skill,
            left_style=left.style,
            right_style=right.style,
        )


def _panel(verdict: Verdict) -> Iterator[tuple[str, VoteOutcome]]:
    """What the panel, or the verifier in its place, decided; nothing where too few jurors could vote."""
    from aaa.session.records import panel_group

    panel = panel_group(verdict.panel)
    if verdict.winner is not None:
        yield panel, "left" if verdict.winner == verdict.left else "right"
    elif verdict.outcome == "tie":
        yield panel, "tie"
    elif verdict.outcome == "inconsistent":
        yield panel, "inconsistent"


def _jurors(verdict: Verdict) -> Iterator[tuple[str, VoteOutcome]]:
    """What each juror said who could be read."""
    said: dict[str, VoteOutcome] = {
        verdict.left: "left",
        verdict.right: "right",
        "tie": "tie",
        "inconsistent": "inconsistent",
    }
    for vote in verdict.votes:
        if vote.choice in said:
            yield vote.judge, said[vote.choice]
