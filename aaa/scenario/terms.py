"""The ledger of terms, and the profiles by which an export sorts rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from aaa.errors import ScenarioError, UsageError
from aaa.scenario.bundled import bundled_root
from aaa.scenario.problems import report, suggest, validation_problems
from aaa.scenario.tree import Node, plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import FACTS, Terms, TermsProfile

LEDGER = Path("data") / "terms.yaml"
"""Where the ledger lies: AAA's own, and beside or instead of its entries those of the working folder."""
ANY = "any"
PROFILES: Mapping[str, TermsProfile] = MappingProxyType(
    {
        ANY: TermsProfile(),
        "no-competing-use-restrictions": TermsProfile(restricts_competing_models=False),
        "commercial": TermsProfile(commercial=True),
        "open-only": TermsProfile(open=True),
    }
)
"""Profiles that every scenario has."""


@dataclass(frozen=True)
class Ledger:
    """Terms by name."""

    entries: Mapping[str, Terms]

    def of(self, license_: str) -> Terms:
        """The terms of this name, whatever its capitals; where there is no entry, all about them is unknown."""
        found = self.entries.get(license_) or self.entries.get(license_.lower())
        return found if found is not None else Terms(name=license_)


def load_ledger() -> Ledger:
    """AAA's ledger with the entries of the working folder. Raises `ScenarioError` for a file that is no ledger."""
    files = dict.fromkeys(path.resolve() for path in (bundled_root() / LEDGER, Path.cwd() / LEDGER))
    return Ledger({terms.name: terms for file in files if file.is_file() for terms in _read(file)})


def _read(file: Path) -> Iterable[Terms]:
    root = read_yaml(file)
    assert isinstance(root.content, dict)
    return [_entry(name.lower(), node) for name, node in root.content.items()]


def _entry(name: str, node: Node) -> Terms:
    data = plain(node)
    if not isinstance(data, dict):
        raise ScenarioError(f"{name!r} must be a mapping", file=node.mark.file, line=node.mark.line)
    try:
        return Terms.model_validate({**data, "name": name})
    except ValidationError as error:
        raise report(validation_problems(error, node, Terms.model_json_schema()), node) from error


@dataclass(frozen=True)
class Admission:
    """A profile with the ledger that it is applied to."""

    name: str
    profile: TermsProfile
    ledger: Ledger

    @classmethod
    def of(cls, name: str, own: Mapping[str, TermsProfile], ledger: Ledger) -> Admission:
        """The profile of this name. Raises `UsageError` where there is none."""
        known = profiles(own)
        if name not in known:
            raise UsageError(f"There is no profile of terms {name!r}{suggest(name, known)}.")
        return cls(name, known[name], ledger)

    def against(self, licenses: Iterable[str]) -> tuple[str, str] | None:
        """Why a row with text under these licenses stays out, as one word and a detail; None where it may pass.

        A row that names no license at all counts as `unknown`.
        """
        for license_ in tuple(licenses) or ("unknown",):
            said = self._against(license_)
            if said is not None:
                return f"terms:{license_}", f"profile {self.name}: {said}"
        return None

    def _against(self, license_: str) -> str | None:
        profile, terms = self.profile, self.ledger.of(license_)
        if terms.name in map(str.lower, profile.never):
            return "it is among those never to pass"
        if profile.only and terms.name.lower() not in map(str.lower, profile.only):
            return f"it is none of: {', '.join(profile.only)}"
        for fact in FACTS:
            asked, found = getattr(profile, fact), getattr(terms, fact)
            if asked is not None and found != asked:
                return f"`{fact}` must be {_word(asked)}, but is {_word(found)}"
        return None


def _word(value: bool | str) -> str:
    return value if isinstance(value, str) else str(value).lower()


def profiles(own: Mapping[str, TermsProfile]) -> dict[str, TermsProfile]:
    """All profiles that a scenario has, by name."""
    return {**PROFILES, **own}
