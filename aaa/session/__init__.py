"""A scenario as a session: resolved, validated, run over many prompts, selected, exported."""

from aaa.session.audit import SessionAudit, audit_session, session_games
from aaa.session.chosen import select_all
from aaa.session.exporting import Exported, ExportOptions, export
from aaa.session.gates import Gate
from aaa.session.records import records
from aaa.session.resolve import REHEARSAL, Resolved, resolve
from aaa.session.run import RunOptions, RunResult, run_session
from aaa.session.standings import Standings, Tally, standings
from aaa.session.validate import Meeting, Validation, validate

__all__ = [
    "REHEARSAL",
    "ExportOptions",
    "Exported",
    "Gate",
    "Meeting",
    "Resolved",
    "RunOptions",
    "RunResult",
    "SessionAudit",
    "Standings",
    "Tally",
    "Validation",
    "audit_session",
    "export",
    "records",
    "resolve",
    "run_session",
    "select_all",
    "session_games",
    "standings",
    "validate",
]
