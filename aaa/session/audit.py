"""The games of a session as an audit reads them, and what its judging cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aaa.curate import ItemRecord
from aaa.judge.rules import RuleAudit, audit_rules
from aaa.rate.audit import Audit, Report, audit, over_all
from aaa.rate.game_files import Contest, read_gold
from aaa.rate.games import PlayedGame, Side, with_truth
from aaa.rate.reliability import Reliability, reliability
from aaa.rate.step_audit import StepAudit, StepRead, audit_steps
from aaa.session.item_records import records
from aaa.session.step_reads import step_reads
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, Failure, Game, Judgment, Session, Verdict, episode_id, panel_stage


@dataclass(frozen=True)
class SessionAudit:
    """How far the jurors of a session can be trusted, and what their verdicts cost."""

    report: Report
    rules: Sequence[RuleAudit]
    usd_per_verdict: Mapping[str, float | None]
    """By juror: what its games of a match cost on average; None where a price is unknown."""
    reliability: Reliability | None
    """How far each juror is to be believed; None where nothing tells."""
    steps: Mapping[str, StepAudit] = field(default_factory=dict)
    """By juror: what its readings of answers step by step say."""

    @classmethod
    def of(cls, games: Sequence[PlayedGame], usd_per_verdict: Mapping[str, float | None]) -> SessionAudit:
        """All that the games say."""
        return cls(audit(games), audit_rules(games), usd_per_verdict, reliability(games))


def audit_session(
    store: Store,
    session: Session,
    *,
    panel: str | None = None,
    gold: Path | None = None,
    truths: Mapping[str, str] | None = None,
) -> SessionAudit:
    """Audit the pairwise games and the readings of steps of the session's stages, or of a panel (see `records`).

    The better side of a match is what its verifier says, unless the labels of the file `gold`, or `truths` (match to
    side), say something else. Raises `UsageError` for labels that cannot be read.
    """
    games: list[PlayedGame] = []
    contests: list[Contest] = []
    steps: list[StepRead] = []
    failed = _failed(store, session)
    for record in records(store, session.id, list(session.stages), panel):
        games += _games(store, record, failed)
        contests += _contests(record) if gold is not None else ()
        steps += step_reads(store, record, failed)
    known = {**(truths or {}), **(read_gold(gold, contests) if gold is not None else {})}
    games = with_truth(games, known)
    found = SessionAudit.of(games, _costs(store, session, games, panel))
    return replace(found, steps=audit_steps(steps))


def session_games(store: Store, session: Session, panel: str | None = None) -> Iterator[PlayedGame]:
    """The games that `audit_session` reads, one prompt after the other."""
    failed = _failed(store, session)
    for record in records(store, session.id, list(session.stages), panel):
        yield from _games(store, record, failed)


@dataclass(frozen=True)
class Audits:
    """What the games of each panel tell of all its jurors; read and audited when first asked for, and once."""

    store: Store
    session: Session
    _known: dict[str | None, Audit] = field(default_factory=dict)

    def of(self, panel: str | None) -> Audit:
        """Those of the session's stages, or of a panel (see `records`)."""
        if panel not in self._known:
            self._known[panel] = over_all(session_games(self.store, self.session, panel))
        return self._known[panel]


def _failed(store: Store, session: Session) -> Collection[str]:
    """Episodes in which something failed: few, so that not every instruction need be asked for its failures."""
    return store.counts(Failure, "episode", session=session.id).keys()


def _games(store: Store, record: ItemRecord, failed: Collection[str]) -> Iterator[PlayedGame]:
    verdicts = {verdict.match: verdict for verdict in record.verdicts}
    truths = {match: _truth(verdict) for match, verdict in verdicts.items()}
    for judgment in sorted(record.judgments, key=_by_number):
        if isinstance(judgment.reading, Game):
            yield _played(record, judgment, judgment.reading, truths.get(judgment.reading.match))
    episodes = {verdict.episode for verdict in record.verdicts}
    if episodes.isdisjoint(failed):
        return
    for failure in store.by_instruction(Failure, record.instruction.session, record.instruction.id):
        match, _, rest = failure.step.partition("/")
        if failure.role == "judge" and failure.episode in episodes and match in verdicts:
            yield _unread(record, verdicts[match], failure, judge=rest.partition("/")[0])


def _by_number(judgment: Judgment) -> int:
    """Each juror's first game before its second."""
    return judgment.reading.number if isinstance(judgment.reading, Game) else 0


def _truth(verdict: Verdict) -> str | None:
    """What a verifier says of a match."""
    if verdict.decided_by != "verifier":
        return None
    return verdict.winner or "tie"


def _played(record: ItemRecord, judgment: Judgment, game: Game, truth: str | None) -> PlayedGame:
    first, second = record.by_id[game.first], record.by_id[game.second]
    return PlayedGame(
        item=record.instruction.id,
        match=game.match,
        judge=judgment.judge,
        first=first.id,
        second=second.id,
        winner=game.winner,
        first_length=_length(first),
        second_length=_length(second),
        category=record.instruction.skill,
        own=_own(judgment.family, first, second),
        truth=truth,
    )


def _unread(record: ItemRecord, verdict: Verdict, failure: Failure, judge: str) -> PlayedGame:
    """A game without a verdict; nothing says who sat where, and nothing asks."""
    return PlayedGame(
        item=record.instruction.id,
        match=verdict.match,
        judge=judge,
        first=verdict.left,
        second=verdict.right,
        winner=None,
        failure=failure.kind,
        category=record.instruction.skill,
        truth=_truth(verdict),
    )


def _length(answer: Answer) -> int:
    """Characters of what the jurors were shown."""
    return sum(len(message.text) for message in answer.messages)


def _own(family: str, first: Answer, second: Answer) -> Side | None:
    kin = (family in first.families, family in second.families)
    return None if kin[0] == kin[1] else "first" if kin[0] else "second"


def _contests(record: ItemRecord) -> Iterator[Contest]:
    """The matches as labels may call them: sides by id, or by member where two members met."""
    questions = frozenset({record.instruction.id, record.instruction.source_id})
    for verdict in record.verdicts:
        left, right = record.by_id[verdict.left], record.by_id[verdict.right]
        sides = {left.id: left.id, right.id: right.id}
        if left.member != right.member:
            sides |= {left.member: left.id, right.member: right.id}
        yield Contest(verdict.match, questions, sides)


def _costs(store: Store, session: Session, games: Sequence[PlayedGame], panel: str | None) -> dict[str, float | None]:
    """What each juror's games of a match cost, whoever paid for the calls."""
    episodes = _episodes(session, {game.item for game in games}, panel)
    matches: dict[str, set[str]] = defaultdict(set)
    for game in games:
        matches[game.judge].add(game.match)
    spent: dict[str, list[float | None]] = {judge: [] for judge in matches}
    played = {(game.match, game.judge) for game in games}
    for use in store.rows(CallUse, session=session.id):
        match, _, rest = use.step.partition("/")
        judge = rest.partition("/")[0]
        if use.episode in episodes and (match, judge) in played and (call := store.get(Call, use.call)) is not None:
            spent[judge].append(call.usd)
    return {
        judge: None if None in paid else sum(usd or 0.0 for usd in paid) / len(matches[judge])
        for judge, paid in sorted(spent.items())
    }


def _episodes(session: Session, items: set[str], panel: str | None) -> set[str]:
    stages = [*session.stages] if panel is None else [*session.stages, panel_stage(panel)]
    return {episode_id(session.id, stage, item) for stage in stages for item in items}
