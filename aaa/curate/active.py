"""Which prompts promise to teach most: active learning over what battles and draws have shown (our design).

ActiveUltraFeedback (arXiv 2603.09692) found that seeking large gaps helps and pure uncertainty does not; so the usual
choice is by what the target lost. An item on which jurors followed the seat order is uncertain about the jurors, not
about the model: it is never chosen.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from aaa.curate.record import ItemRecord
from aaa.scenario import ChooseBy
from aaa.text import rouge_l
from aaa.types import TIE, Verdict
from aaa.verify import extract_final


def promise(record: ItemRecord, by: ChooseBy, target: str | None) -> float | None:
    """How much a prompt promises, in 0..1; None where nothing can be told of it, or only the seat order spoke."""
    if by == "draws":
        return draw_disagreement(record, target)
    matches = [verdict for verdict in record.verdicts if _counts(record, verdict, target)]
    if not matches or any(verdict.outcome == "inconsistent" for verdict in matches):
        return None
    measure = {"loss_rate": _lost, "margin": _closeness, "panel_disagreement": _disagreement}[by]
    return sum(measure(record, verdict, target) for verdict in matches) / len(matches)


def draw_disagreement(record: ItemRecord, target: str | None) -> float | None:
    """How far apart several plain answers of one model lie: by their checks, else by their results; the mean over
    models. None where no model answered twice."""
    answers = [answer for answer in record.answers if answer.context == "plain"]
    authors = Counter(answer.member for answer in answers if target in (None, answer.member))
    apart = []
    for author in sorted(author for author, number in authors.items() if number > 1):
        own = [answer for answer in answers if answer.member == author]
        checks = [answer.check.passed for answer in own if answer.check is not None]
        if len(checks) == len(own):
            right = sum(checks) / len(checks)
            apart.append(4 * right * (1 - right))
        else:
            finals = [extract_final(answer.text) or "" for answer in own]
            pairs = list(combinations(finals, 2))
            apart.append(sum(1 - rouge_l(one, other) for one, other in pairs) / len(pairs))
    return sum(apart) / len(apart) if apart else None


def _counts(record: ItemRecord, verdict: Verdict, target: str | None) -> bool:
    """Whether it is a battle of plain answers, of the target's if there is one."""
    sides = [record.by_id[verdict.left], record.by_id[verdict.right]]
    plain = all(side.context == "plain" for side in sides) and sides[0].member != sides[1].member
    return plain and verdict.outcome != "no_quorum" and target in (None, *(side.member for side in sides))


def _lost(record: ItemRecord, verdict: Verdict, target: str | None) -> float:
    """1 for a match that the target lost, half for a tie; without a target, whether anybody lost."""
    if verdict.loser is None:
        return 0.5 if target is not None else 0.0
    return float(target in (None, record.by_id[verdict.loser].member))


def _closeness(record: ItemRecord, verdict: Verdict, target: str | None) -> float:
    """1 for a tie, falling as the margin grows to all votes."""
    return 1 - verdict.margin / max(1, len(verdict.votes)) if verdict.votes else float(verdict.outcome == TIE)


def _disagreement(record: ItemRecord, verdict: Verdict, target: str | None) -> float:
    """Share of the readable votes that are not for the most frequent choice."""
    choices = Counter(vote.choice for vote in verdict.votes if vote.choice not in ("failed", "inconsistent"))
    return 1 - max(choices.values()) / choices.total() if choices else 0.0
