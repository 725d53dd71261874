"""Which type each table holds, and which types an episode or a selection makes."""

from collections.abc import Mapping

from sqlalchemy import Table

from aaa.store import tables
from aaa.types import (
    Answer,
    AnswerEvolution,
    Attempt,
    Batch,
    Call,
    CallUse,
    Critique,
    Decision,
    Episode,
    Evolution,
    Failure,
    Instruction,
    InstructionRating,
    Judgment,
    LabelledSample,
    MethodStep,
    PreferencePair,
    Record,
    Rejection,
    Session,
    SetAside,
    SftSample,
    SteppedSample,
    StepVerdict,
    Tagging,
    Verdict,
)


def _table(row: type[tables.Row]) -> Table:
    return tables.METADATA.tables[str(row.__tablename__)]


TABLES: Mapping[type[Record], Table] = {
    Session: _table(tables.Sessions),
    Instruction: _table(tables.Instructions),
    Episode: _table(tables.Episodes),
    Decision: _table(tables.Decisions),
    Call: _table(tables.Calls),
    CallUse: _table(tables.CallUses),
    Attempt: _table(tables.Attempts),
    Batch: _table(tables.Batches),
    Answer: _table(tables.Answers),
    Judgment: _table(tables.Judgments),
    Verdict: _table(tables.Verdicts),
    StepVerdict: _table(tables.StepVerdicts),
    Critique: _table(tables.Critiques),
    AnswerEvolution: _table(tables.AnswerEvolutions),
    Evolution: _table(tables.Evolutions),
    InstructionRating: _table(tables.InstructionRatings),
    Tagging: _table(tables.Taggings),
    MethodStep: _table(tables.MethodSteps),
    Failure: _table(tables.Failures),
    SetAside: _table(tables.SetAsides),
    SftSample: _table(tables.SftSamples),
    PreferencePair: _table(tables.PreferencePairs),
    LabelledSample: _table(tables.LabelledSamples),
    SteppedSample: _table(tables.SteppedSamples),
    Rejection: _table(tables.Rejections),
}

OF_EPISODE = (
    Instruction,
    SetAside,
    Answer,
    Judgment,
    Verdict,
    StepVerdict,
    Critique,
    AnswerEvolution,
    Evolution,
    InstructionRating,
    Tagging,
    MethodStep,
    Failure,
)
"""What an episode makes, replaced whole when it runs again."""

OF_SELECTION = (SftSample, PreferencePair, LabelledSample, SteppedSample, Rejection)
"""What a selection makes, replaced whole when it is made again."""
