"""What readings of steps say of those who read."""

from __future__ import annotations

import random

import pytest

from aaa.rate.step_audit import StepRead, audit_steps

READS = [
    StepRead("p1", "a1", "x", 1, passed=False),
    StepRead("p1", "a1", "y", None, passed=False),
    StepRead("p1", "a2", "x", None, passed=True),
    StepRead("p1", "a2", "y", None, passed=True),
    StepRead("p2", "a3", "x", 0, passed=True),
    StepRead("p2", "a3", "y", None, passed=None, failure="parse_failed"),
    StepRead("p3", "a4", "z", None, passed=None),
]


def test_each_figure_counts_what_it_says() -> None:
    found = audit_steps(READS)
    assert list(found) == ["x", "y", "z"]
    values = {
        name: {figure: None if one is None else (one.value, one.n) for figure, one in audit.figures.items()}
        for name, audit in found.items()
    }
    assert values["x"] == {
        "agreement": (pytest.approx(1 / 2), 2),
        "refuted": (0.0, 1),
        "alarms": (pytest.approx(1 / 2), 2),
        "unreadable": (0.0, 3),
    }
    assert values["y"] == {
        "agreement": (pytest.approx(1 / 2), 2),
        "refuted": (1.0, 1),
        "alarms": (0.0, 1),
        "unreadable": (pytest.approx(1 / 3), 3),
    }
    assert values["z"] == {"agreement": None, "refuted": None, "alarms": None, "unreadable": (0.0, 1)}
    assert [audit.readings for audit in found.values()] == [3, 2, 1]
    assert audit_steps(READS[::-1]) == found
    assert audit_steps([]) == {}


def test_planted_rates_are_found() -> None:
    luck = random.Random(3)
    reads = []
    for number in range(400):
        wrong = number % 2 == 0
        for judge, rate in (("good", 0.05), ("poor", 0.3)):
            right = 2 if wrong else None
            said = right if luck.random() >= rate else (None if wrong else 2)
            reads.append(StepRead(f"p{number}", f"a{number}", judge, said, passed=not wrong))
    found = audit_steps(reads)
    for judge, rate in (("good", 0.05), ("poor", 0.3)):
        for figure in ("refuted", "alarms"):
            estimate = found[judge].figures[figure]
            assert estimate is not None
            assert estimate.low < rate < estimate.high
