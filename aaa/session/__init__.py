"""A scenario as a session: resolved, validated, run over many prompts, selected, exported."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.session.audit import SessionAudit, audit_session, session_games
    from aaa.session.chosen import select_all
    from aaa.session.exporting import Exported, ExportOptions, export
    from aaa.session.findings import Standings, Tally, standings
    from aaa.session.gates import Gate
    from aaa.session.item_records import records
    from aaa.session.lessons import Lessons, lessons_of
    from aaa.session.resolved import Resolved, resolve
    from aaa.session.run import RunOptions, RunResult, run_session
    from aaa.session.teaching import Learned, TaughtSlice, learned_by, slices_of, taught, what_was_learned
    from aaa.session.teaching_report import teaching_page
    from aaa.session.transcripts import Transcripts, transcripts_of
    from aaa.session.validation import Meeting, Validation, validate
    from aaa.session.votes import votes_of, votes_on
    from aaa.sim import REHEARSAL
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "REHEARSAL",
    "ExportOptions",
    "Exported",
    "Gate",
    "Learned",
    "Lessons",
    "Meeting",
    "Resolved",
    "RunOptions",
    "RunResult",
    "SessionAudit",
    "Standings",
    "Tally",
    "TaughtSlice",
    "Transcripts",
    "Validation",
    "audit_session",
    "export",
    "learned_by",
    "lessons_of",
    "records",
    "resolve",
    "run_session",
    "select_all",
    "session_games",
    "slices_of",
    "standings",
    "taught",
    "teaching_page",
    "transcripts_of",
    "validate",
    "votes_of",
    "votes_on",
    "what_was_learned",
]
