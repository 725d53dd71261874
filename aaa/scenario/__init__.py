"""What users write: scenarios, agent cards and prompt files, read, checked and explained."""

from aaa.scenario.auto import AutoFile, load_auto, load_method
from aaa.scenario.bundled import bundled_root, find_file
from aaa.scenario.cards import find_card, load_card
from aaa.scenario.editor_schema import json_schema
from aaa.scenario.json_lines import read_lines, read_rows
from aaa.scenario.load import load_scenario
from aaa.scenario.pair_rows import PairRow, read_pairs
from aaa.scenario.panel import PanelFile, check_jurors, load_panel
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
    ChooseBy,
    ChooseStage,
    ComparingStage,
    CritiqueStage,
    EvolveAnswerStage,
    GradeStage,
    JudgedStage,
    LessonStage,
    Procedure,
    SelfTeachStage,
    Stage,
    StageBase,
    Where,
)
from aaa.scenario.starter import init_project
from aaa.scenario.text_rows import Side, TextRow, read_texts, text_of

__all__ = [
    "STAGE_KINDS",
    "Allowance",
    "AnswerStage",
    "AutoFile",
    "BattleStage",
    "Budget",
    "CastGroup",
    "ChatStage",
    "ChooseBy",
    "ChooseStage",
    "ComparingStage",
    "CritiqueStage",
    "EvolveAnswerStage",
    "Export",
    "FailurePolicy",
    "GradeStage",
    "JudgedStage",
    "LessonStage",
    "OwnFamily",
    "PairRow",
    "PairRule",
    "PanelFile",
    "Procedure",
    "PromptRow",
    "Prompts",
    "Sampling",
    "Scenario",
    "Selection",
    "SelfTeachStage",
    "SftRule",
    "Side",
    "Stage",
    "StageBase",
    "TextRow",
    "Where",
    "bundled_root",
    "check_jurors",
    "check_references",
    "find_card",
    "find_file",
    "groups_of",
    "init_project",
    "json_schema",
    "load_auto",
    "load_card",
    "load_method",
    "load_panel",
    "load_scenario",
    "prompt_files",
    "read_lines",
    "read_pairs",
    "read_prompts",
    "read_rows",
    "read_texts",
    "text_of",
    "to_instruction",
]
