"""Decontamination: no text of a benchmark in training data, neither word for word nor in other words."""

from aaa.curate.decontamination.held_out import (
    Benchmark,
    Decontamination,
    DecontaminationMethod,
    Flagged,
    held_out,
)
from aaa.curate.decontamination.semantic import THRESHOLDS

__all__ = [
    "THRESHOLDS",
    "Benchmark",
    "Decontamination",
    "DecontaminationMethod",
    "Flagged",
    "held_out",
]
