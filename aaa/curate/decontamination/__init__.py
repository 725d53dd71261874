"""Decontamination: no text of a benchmark in training data, neither word for word nor in other words."""

from aaa.curate.decontamination.benchmarks import (
    Benchmark,
    Decontamination,
    DecontaminationMethod,
    Flagged,
    by_words,
    held_out,
    suspects,
)
from aaa.curate.decontamination.semantic import NEIGHBOURS, Suspect, threshold_of

__all__ = [
    "NEIGHBOURS",
    "Benchmark",
    "Decontamination",
    "DecontaminationMethod",
    "Flagged",
    "Suspect",
    "by_words",
    "held_out",
    "suspects",
    "threshold_of",
]
