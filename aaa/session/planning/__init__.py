"""What a session would take, and what it took: forecast by rehearsal, journal and probe."""

from aaa.session.planning.actuals import Actual, actual
from aaa.session.planning.forecast import Duration, Forecast, Line, Probe, Rows, Total, WorstCase
from aaa.session.planning.made import UNFINISHED, MadeCall, made_calls
from aaa.session.planning.planner import REHEARSED, PlanOptions, kept_forecast, plan
from aaa.session.planning.ranges import Range

__all__ = [
    "REHEARSED",
    "UNFINISHED",
    "Actual",
    "Duration",
    "Forecast",
    "Line",
    "MadeCall",
    "PlanOptions",
    "Probe",
    "Range",
    "Rows",
    "Total",
    "WorstCase",
    "actual",
    "kept_forecast",
    "made_calls",
    "plan",
]
