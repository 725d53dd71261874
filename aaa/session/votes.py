"""Verdicts of a session as votes on models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from aaa.curate import ItemRecord
from aaa.rate import Vote, VoteOutcome
from aaa.session.item_records import panel_group
from aaa.types import TIE, Answer, Instruction, Verdict

Coder = Literal["judge", "panel"]
"""Whose votes: the jurors', or their panels' (or the verifier's in their place)."""


def votes_of(record: ItemRecord) -> list[Vote]:
    """What the panels, or verifiers in their place, decided between plain answers of different members."""
    return list(votes_on(record.verdicts, record.by_id, record.instruction, "panel"))


def votes_on(
    verdicts: Iterable[Verdict], answers: Mapping[str, Answer], prompt: Instruction, coder: Coder
) -> Iterator[Vote]:
    """Votes on plain answers of different members, each match once for every panel."""
    seen = set()
    for verdict in verdicts:
        left, right = answers.get(verdict.left), answers.get(verdict.right)
        if left is None or right is None or (verdict.panel, verdict.match) in seen:
            continue
        seen.add((verdict.panel, verdict.match))
        if left.member == right.member or not left.context == right.context == "plain":
            continue
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
        TIE: "tie",
        "inconsistent": "inconsistent",
    }
    for vote in verdict.votes:
        if vote.choice in said:
            yield vote.judge, said[vote.choice]
