"""The tables of the store, as SQLModel classes.

A table has the `id`, the columns that people and AAA ask for, and last the whole record as `body`. A column is the
record's field of the same name; what nobody asks for stays in the body alone, so a new field needs no migration.
"""

from typing import ClassVar

from sqlalchemy import Index, MetaData
from sqlmodel import Field, SQLModel

from aaa.store.columns import Body, Count, PackedBody


class Row(SQLModel):
    """What every table has; its metadata is AAA's own, apart from that of other users of SQLModel in the process."""

    metadata: ClassVar[MetaData] = MetaData()
    model_config = {"defer_build": True}  # nothing is validated here: types are, before they come
    id: str = Field(primary_key=True)


class Meta(Row, table=True):
    """What the store says about itself, by name (`schema`: the version of these tables)."""

    __tablename__ = "meta"
    value: str


class Sessions(Row, table=True):
    __tablename__ = "sessions"
    complete: bool
    simulated: bool
    body: Body


class Instructions(Row, table=True):
    __tablename__ = "instructions"
    session: str
    source_id: str
    episode: str | None
    skill: str | None
    slice: str | None
    body: Body


class Episodes(Row, table=True):
    __tablename__ = "episodes"
    session: str
    stage: str
    instruction: str
    status: str
    fingerprint: str
    result: str
    retry: bool
    body: Body


class Decisions(Row, table=True):
    __tablename__ = "decisions"
    session: str
    name: str
    body: Body


class Calls(Row, table=True):
    __tablename__ = "calls"
    model: str
    simulated: bool
    body: PackedBody


class CallUses(Row, table=True):
    __tablename__ = "call_uses"
    session: str
    episode: str
    call: str = Field(index=True)
    paid: bool
    body: Body


class Attempts(Row, table=True):
    __tablename__ = "attempts"
    session: str
    call: str
    model: str
    state: str
    usd: float | None
    prompt_tokens: Count
    completion_tokens: Count
    body: Body


class Batches(Row, table=True):
    __tablename__ = "batches"
    session: str
    state: str
    body: Body


class Answers(Row, table=True):
    __tablename__ = "answers"
    session: str
    episode: str
    instruction: str
    member: str
    context: str
    body: Body


class Judgments(Row, table=True):
    __tablename__ = "judgments"
    session: str
    episode: str
    instruction: str
    panel: str
    judge: str
    body: Body


class Verdicts(Row, table=True):
    __tablename__ = "verdicts"
    session: str
    episode: str
    instruction: str
    panel: str
    outcome: str
    body: Body


class StepVerdicts(Row, table=True):
    __tablename__ = "step_verdicts"
    session: str
    episode: str
    instruction: str
    answer: str
    panel: str
    outcome: str
    body: Body


class Critiques(Row, table=True):
    __tablename__ = "critiques"
    session: str
    episode: str
    instruction: str
    answer: str
    critic: str
    body: Body


class AnswerEvolutions(Row, table=True):
    __tablename__ = "answer_evolutions"
    session: str
    episode: str
    instruction: str
    answer: str
    aim: str
    outcome: str
    body: Body


class Evolutions(Row, table=True):
    __tablename__ = "evolutions"
    session: str
    episode: str
    instruction: str
    operation: str
    evolver: str
    outcome: str
    body: Body


class InstructionRatings(Row, table=True):
    __tablename__ = "instruction_ratings"
    session: str
    episode: str
    instruction: str
    rated: str
    judge: str
    body: Body


class Taggings(Row, table=True):
    __tablename__ = "taggings"
    session: str
    episode: str
    instruction: str
    tagger: str
    skill: str | None
    body: Body


class MethodSteps(Row, table=True):
    __tablename__ = "method_steps"
    session: str
    episode: str
    number: int
    body: Body


class Failures(Row, table=True):
    __tablename__ = "failures"
    session: str
    episode: str
    instruction: str
    stage: str
    kind: str
    model: str | None
    body: Body


class SetAsides(Row, table=True):
    __tablename__ = "set_asides"
    session: str
    episode: str
    instruction: str
    stage: str
    reason: str
    body: Body


class SftSamples(Row, table=True):
    __tablename__ = "sft_samples"
    session: str
    selection: str
    instruction: str
    skill: str | None
    grade: float | None
    body: Body


class PreferencePairs(Row, table=True):
    __tablename__ = "preference_pairs"
    session: str
    selection: str
    instruction: str
    skill: str | None
    margin: float
    decided_by: str
    body: Body


class LabelledSamples(Row, table=True):
    __tablename__ = "labelled_samples"
    session: str
    selection: str
    instruction: str
    skill: str | None
    label: bool
    body: Body


class SteppedSamples(Row, table=True):
    __tablename__ = "stepped_samples"
    session: str
    selection: str
    instruction: str
    skill: str | None
    body: Body


class Rejections(Row, table=True):
    __tablename__ = "rejections"
    session: str
    selection: str
    instruction: str
    target: str
    reason: str
    body: Body


METADATA = Row.metadata

for _indexed in METADATA.tables.values():
    if "session" in _indexed.c:
        # Each index costs a page in every commit: one by id alone is there only where no other begins with the session.
        for _column in sorted({"episode", "instruction"} & set(_indexed.c.keys())) or ["id"]:
            # With the id in it, or SQLite walks the whole session to save sorting a few rows.
            _parts = dict.fromkeys(("session", _column, "id"))
            Index(f"{_indexed.name}_by_{_column}", *(_indexed.c[part] for part in _parts))
