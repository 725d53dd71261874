"""Selections of a session, made of what it holds; free of calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from aaa.curate import Found, Origin, RatedVersions, Selecting
from aaa.scenario import Scenario
from aaa.session.item_records import records
from aaa.session.selections import rules_of
from aaa.store import Store
from aaa.types import Instruction, InstructionRating, Session, episode_id


async def select_all(store: Store, session: str, scenario: Scenario) -> dict[str, Found]:
    """Make every named selection of the session anew, each in one transaction; what came of each, by name."""
    row = store.get(Session, session)
    assert row is not None, session
    stages = list(row.stages)  # also those that keep evaluation prompts out, which the scenario does not name
    terms = {name: model.license for name, model in scenario.models.items()}
    made: dict[str, Found] = {}
    for name, rule in rules_of(row, scenario).items():
        selecting = Selecting(
            Origin(session, name, rule, terms, scenario.target, scenario.seed),
            partial(records, store, session, stages, rule.panel),
            partial(rated_versions, store, session, stages),
        )
        await store.replace_selection(session, name, selecting.rows())
        made[name] = selecting.found
    return made


def rated_versions(store: Store, session: str, stages: Sequence[str]) -> Iterator[RatedVersions]:
    """The versions of instructions that judges graded beside each other in these stages."""
    ratings = store.rows(InstructionRating, order="instruction", session=session)
    for instruction, group in groupby(ratings, key=lambda one: one.instruction):
        episodes = {episode_id(session, stage, instruction) for stage in stages}
        found = [one for one in group if one.episode in episodes]
        versions = store.get_all(Instruction, sorted({one.rated for one in found}))
        if len(versions) > 1:
            yield RatedVersions([versions[id_] for id_ in sorted(versions)], found)
