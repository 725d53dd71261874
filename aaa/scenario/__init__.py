"""What users write: scenarios, agent cards and prompt files, read, checked and explained."""

from aaa.scenario.bundled import bundled_root, find_file
from aaa.scenario.cards import find_card, load_card
from aaa.scenario.editor_schema import json_schema
from aaa.scenario.load import load_scenario
from aaa.scenario.references import check_references, groups_of
from aaa.scenario.rows import PromptRow, prompt_files, read_prompts, to_instruction
from aaa.scenario.schema import (
    Allowance,
    Budget,
    CastGroup,
    Export,
    FailurePolicy,
    OwnFamily,
    PairRule,
    Prompts,
    Sampling,
    Scenario,
    Selection,
    SftRule,
)
from aaa.scenario.stages import (
    STAGE_KINDS,
    AnswerStage,
    BattleStage,
    ChatStage,
    CritiqueStage,
    GradeStage,
    JudgedStage,
    Stage,
    StageBase,
    Where,
)
from aaa.scenario.starter import init_project

__all__ = [
    "STAGE_KINDS",
    "Allowance",
    "AnswerStage",
    "BattleStage",
    "Budget",
    "CastGroup",
    "ChatStage",
    "CritiqueStage",
    "Export",
    "FailurePolicy",
    "GradeStage",
    "JudgedStage",
    "OwnFamily",
    "PairRule",
    "PromptRow",
    "Prompts",
    "Sampling",
    "Scenario",
    "Selection",
    "SftRule",
    "Stage",
    "StageBase",
    "Where",
    "bundled_root",
    "check_references",
    "find_card",
    "find_file",
    "groups_of",
    "init_project",
    "json_schema",
    "load_card",
    "load_scenario",
    "prompt_files",
    "read_prompts",
    "to_instruction",
]
