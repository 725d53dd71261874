"""The ledger of terms and its profiles: what is unknown never passes, and the entries are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import ScenarioError, UsageError
from aaa.scenario import Admission, bundled_root, load_ledger, load_scenario
from aaa.types import FACTS, TermsProfile

PROFILES = ("no-competing-use-restrictions", "commercial", "open-only")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def admission(name: str, **own: TermsProfile) -> Admission:
    return Admission.of(name, own, load_ledger())


def passes(name: str, *licenses: str) -> bool:
    return admission(name).against(licenses) is None


def test_every_entry_says_where_it_comes_from_and_when() -> None:
    entries = load_ledger().entries
    assert {"apache-2.0", "mit", "llama3.1", "gemma", "openai-terms", "anthropic-terms", "google-terms"} <= set(entries)
    for terms in entries.values():
        assert terms.title
        assert terms.source.startswith("https://")
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", terms.date)
        assert terms.checked == "" or terms.checked >= terms.date
    assert "no legal advice" in (bundled_root() / "data/terms.yaml").read_text(encoding="utf-8")


def test_profiles_ask_all_licenses_of_a_row() -> None:
    assert passes("open-only", "apache-2.0", "MIT")
    assert not passes("open-only", "apache-2.0", "llama3.1")
    assert passes("commercial", "openai-terms", "gemma")
    assert not passes("commercial", "openai-terms", "cc-by-nc-4.0")
    assert passes("no-competing-use-restrictions", "llama3.1", "cc-by-nc-4.0")
    for license_ in ("openai-terms", "anthropic-terms", "google-terms", "llama3"):
        assert not passes("no-competing-use-restrictions", "mit", license_)
    assert admission("open-only").against(["mit", "openai-terms"]) == (
        "terms:openai-terms",
        "profile open-only: `open` must be true, but is false",
    )


@given(st.text())
def test_what_has_no_entry_never_passes(license_: str) -> None:
    ledger = load_ledger()
    known = license_.lower() in ledger.entries
    for name in PROFILES:
        assert known or Admission.of(name, {}, ledger).against([license_]) is not None
    assert Admission.of("any", {}, ledger).against([license_]) is None


def test_a_row_without_a_license_is_unknown() -> None:
    assert passes("any")
    assert not any(passes(name) for name in PROFILES)
    assert not any(passes(name, "unknown") for name in PROFILES)


def test_profiles_of_ones_own() -> None:
    ours = admission("ours", ours=TermsProfile(attribution=False))
    assert (ours.against(["cc0-1.0"]), ours.against(["mit"]) is None, ours.against(["x"]) is None) == (
        None,
        False,
        False,
    )
    only = admission("ours", ours=TermsProfile(only=("MIT", "house"), never=("gemma",)))
    assert only.against(["mit", "house"]) is None
    assert only.against(["apache-2.0"]) == ("terms:apache-2.0", "profile ours: it is none of: MIT, house")
    assert admission("ours", ours=TermsProfile(never=("Gemma",))).against(["gemma"]) is not None
    with pytest.raises(UsageError, match="did you mean 'open-only'"):
        admission("open-onyl")


def test_the_working_folders_ledger_adds_and_replaces(folder: Path) -> None:
    (folder / "data/terms.yaml").write_text("house: {open: true}\nopenai-terms: {open: true, title: ours}\n")
    assert passes("open-only", "house", "openai-terms", "mit")
    assert load_ledger().of("openai-terms").commercial == "unknown"
    for text, message in (
        ("house: {opne: true}", r"terms.yaml:1: unknown key 'opne'.*did you mean 'open'"),
        ("house: {open: maybe}", "terms.yaml:1: "),
        ("house: yes", "terms.yaml:1: 'house' must be a mapping"),
    ):
        (folder / "data/terms.yaml").write_text(text)
        with pytest.raises(ScenarioError, match=message):
            load_ledger()


def test_a_scenario_names_profiles_that_exist(folder: Path) -> None:
    text = """\
name: s
models: {ant: {model: sim/ant, family: a, license: mit}, bee: {model: sim/bee, family: b, license: mit}}
cast: {members: {models: [ant, bee]}, judges: {models: [ant, bee]}}
prompts: {from: p.jsonl}
stages: [answer, battle]
profiles: {ours: {commercial: true}}
export: [{format: trl-sft, to: a.jsonl, terms: ours}, {format: trl-sft, to: b.jsonl, terms: open-only}]
"""
    (folder / "s.yaml").write_text(text)
    assert [export.terms for export in load_scenario([Path("s.yaml")]).export] == ["ours", "open-only"]
    (folder / "s.yaml").write_text(text.replace("terms: ours", "terms: mine"))
    with pytest.raises(ScenarioError, match=r"s\.yaml:7: export names the profile 'mine', which does not exist"):
        load_scenario([Path("s.yaml")])
    (folder / "s.yaml").write_text(text.replace("{ours:", "{any:"))
    with pytest.raises(ScenarioError, match="one of AAA's own"):
        load_scenario([Path("s.yaml")])
    assert set(FACTS) <= set(TermsProfile.model_fields)
