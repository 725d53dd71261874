"""What a set of prompts is made of, and how far those who say so agree."""

from aaa.curate.analysis.agreements import Agreement, agreement
from aaa.curate.analysis.analysing import CAP, STEERED, UNKNOWN, Analysis, AnalysisRule, analyse, suggested
from aaa.curate.analysis.described import Described, describe
from aaa.curate.analysis.page import page_of

__all__ = [
    "CAP",
    "STEERED",
    "UNKNOWN",
    "Agreement",
    "Analysis",
    "AnalysisRule",
    "Described",
    "agreement",
    "analyse",
    "describe",
    "page_of",
    "suggested",
]
