"""Stage `match`: which members are compared on which prompts, where not all pairs can be afforded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pydantic import JsonValue

from aaa.rate import Vote, next_round
from aaa.scenario import MatchStage
from aaa.session.stages.base import Crowd, Kit, RunningBarrier, decided, fingerprint
from aaa.session.votes import votes_of
from aaa.types import Place, SessionRecord, content_hash

NO_SKILL = "general"
"""Where prompts without a skill are counted."""


@dataclass(frozen=True)
class RunningMatch(RunningBarrier):
    """See `MatchStage`."""

    spec: MatchStage
    kit: Kit

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.kit, self.spec, [], [])

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """Prompts on which fewer than two members answered are left out; a pair without both answers is not played."""
        members, skills, ids = set[str](), dict[str, str](), dict[str, str]()
        played: list[Vote] = []
        for item in crowd:
            record, source = item.record(), item.instruction.source_id
            answering = {answer.member for answer in record.answers if answer.context == "plain"}
            if len(answering) > 1:
                members |= answering
                skills[source], ids[source] = item.instruction.skill or NO_SKILL, item.instruction.id
                played += votes_of(record)
        pairs: dict[str, list[JsonValue]] = defaultdict(list)
        for one in next_round(sorted(members), skills, played, self.spec.budget, self.kit.seed):
            pairs[ids[one.item]].append([one.left, one.right])
        inputs = content_hash([sorted(members), skills, [vote.model_dump(mode="json") for vote in played]])
        return [decided(place, inputs, {"pairs": {id_: list(found) for id_, found in pairs.items()}})]


def designed_pairs(decision: JsonValue) -> dict[str, JsonValue]:
    """Pairs of members, sorted by name, by the id of the prompt."""
    pairs = decision.get("pairs") if isinstance(decision, dict) else None
    return pairs if isinstance(pairs, dict) else {}
