"""A scenario as a session: resolved, validated, run over many prompts, selected, exported."""

from aaa.session.chosen import Exported, export, records, select_all
from aaa.session.resolve import REHEARSAL, Resolved, resolve
from aaa.session.run import RunOptions, RunResult, run_session
from aaa.session.standings import Standings, Tally, standings
from aaa.session.validate import Meeting, Validation, validate

__all__ = [
    "REHEARSAL",
    "Exported",
    "Meeting",
    "Resolved",
    "RunOptions",
    "RunResult",
    "Standings",
    "Tally",
    "Validation",
    "export",
    "records",
    "resolve",
    "run_session",
    "select_all",
    "standings",
    "validate",
]
