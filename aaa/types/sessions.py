"""Rows that say where a session stands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from aaa.types.base import Record, SessionRecord, Value, row_id

EpisodeStatus = Literal["done", "failed", "skipped"]


class Session(Record):
    """One run of a scenario with everything it was resolved to; `id` is the session's name."""

    scenario: dict[str, JsonValue]
    cards: dict[str, JsonValue]
    prompts: dict[str, str]
    """Method prompts by content hash."""
    stages: dict[str, str]
    """Fingerprint of each stage by name, in order."""
    sources: dict[str, dict[str, str]] = Field(default_factory=dict)
    """What stages read beside the scenario (files, such as a taxonomy): content hash by stage and what it is."""
    panels: dict[str, JsonValue] = Field(default_factory=dict)
    """Panels that judged the session's matches afterwards (`aaa judge`), by name: models, group and card."""
    selections: dict[str, JsonValue] = Field(default_factory=dict)
    """Selections beside the scenario's (`aaa select`), by name."""
    version: str
    """Version of AAA that began it."""
    simulated: bool
    complete: bool = False
    """Whether the last run came to the end of all stages."""

    @property
    def all_stages(self) -> tuple[str, ...]:
        """Names of the scenario's stages, and of those in whose name panels judged afterwards."""
        return (*self.stages, *map(panel_stage, self.panels))


class Episode(SessionRecord):
    """What one stage did with one instruction."""

    stage: str
    instruction: str
    status: EpisodeStatus
    fingerprint: str
    """Hash of all that the episode depends on: if it changes, the episode is run again."""
    result: str
    """Hash of what it made, so that later stages know when their input changed."""
    retry: bool = False
    """Whether a transient failure is left that the next run should try again."""
    reason: str | None = None


def panel_stage(panel: str) -> str:
    """The stage in whose name a panel judges afterwards; no stage of a scenario can be called so."""
    return f"panel:{panel}"


EVERYTHING = ""
"""Stands for all instructions together: the instruction of an episode in which a barrier decides."""


class Decision(SessionRecord):
    """What a barrier computed from results, committed before its use."""

    name: str
    """Name of the stage, or `sample` for the session's own choice of prompts."""
    inputs: str
    """Hash of what it was computed from."""
    value: JsonValue


class Place(Value):
    """Where a method works: it gives rows their ids and calls their uses."""

    session: str
    stage: str
    episode: str
    instruction: str

    @classmethod
    def of(cls, session: str, stage: str, instruction: str) -> Place:
        """The place of the episode that `stage` has with `instruction`."""
        return cls(
            session=session,
            stage=stage,
            instruction=instruction,
            episode=episode_id(session, stage, instruction),
        )

    def row(self, kind: str, *position: str | int) -> str:
        """Id of a row made here, for example `place.row("answer", member)`."""
        return row_id(kind, self.episode, *position)


def episode_id(session: str, stage: str, instruction: str) -> str:
    """Id of the episode that a stage has with an instruction."""
    return row_id("episode", session, stage, instruction)


def decision_id(session: str, stage: str) -> str:
    """Id of the decision of a barrier."""
    return row_id("decision", session, "stage", stage)
