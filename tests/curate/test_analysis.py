"""An analysis: who says what, how far they agree, what is suggested; and the page that shows it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from aaa.curate.analysis import AnalysisRule, agreement, analyse, page_of
from aaa.curate.analysis.described import Described
from aaa.curate.attributes import GIVEN, RULES, Labels
from aaa.export import html
from aaa.rate.coefficients import cohen_kappa, krippendorff_alpha

HOSTILE = '<script>alert(1)</script> & "quoted" </svg> \x1b[2J \u202e \ud800'


def prompt(at: int, text: str = "", **said: Labels) -> Described:
    return Described(f"p{at}", text or f"text number {at} of its own kind", 1, 5, said)


def test_attributes_are_settled_by_the_first_source_and_counted() -> None:
    rows = [
        prompt(1, given=Labels(skill="logic"), eve=Labels(skill="writing", difficulty=3.0), rules=Labels(skill="x")),
        prompt(2, given=Labels(), eve=Labels(), rules=Labels(skill="logic", difficulty=7.0)),
        prompt(3, given=Labels(), eve=Labels(), rules=Labels()),
    ]
    found, settled = analyse(rows)
    assert found.attributes["skill"] == {"logic": 2, "unknown": 1}
    assert found.by["skill"] == {"given": 1, "rules": 1, "unknown": 1}
    assert found.attributes["difficulty"] == {"3": 1, "7": 1, "unknown": 1}
    assert settled["p1"].labels.difficulty == 3.0
    assert found.weights["skill"] == {"logic": 1.0}
    document = found.document()
    assert document["skill"] == {"logic": 2, "unknown": 1}
    assert {one["attribute"] for one in document["agreement"]} == {"skill", "difficulty"} - {"difficulty"}


def test_agreement_is_that_of_the_coefficients_of_ratings() -> None:
    pairs = [("a", "a")] * 30 + [("a", "b")] * 5 + [("b", "b")] * 20 + [("b", "c")] * 5
    table = {pair: pairs.count(pair) for pair in pairs}
    found = agreement("skill", "one", "other", table)
    assert found is not None
    assert found.kappa is not None
    assert (found.rows, found.raw.value) == (60, 50 / 60)
    assert found.kappa.value == pytest.approx(cohen_kappa(*zip(*pairs, strict=True)))
    assert found.raw.low < found.raw.value < found.raw.high
    assert found.kappa.low < found.kappa.value < found.kappa.high
    assert found.kappa.high - found.kappa.low < 0.35
    points = [("3", "3")] * 10 + [("3", "4")] * 10 + [("8", "8")] * 10 + [("9", "6")] * 5
    hard = agreement("difficulty", "one", "other", {pair: points.count(pair) for pair in points})
    assert hard is not None
    assert hard.kappa is not None
    assert hard.near is not None
    units = [[float(a), float(b)] for a, b in points]
    assert hard.kappa.value == pytest.approx(krippendorff_alpha(units, "interval"))
    assert hard.near.value == 30 / 35
    assert agreement("skill", "one", "other", {}) is None
    same = agreement("skill", "one", "other", {("a", "a"): 9})
    assert same is not None
    assert same.kappa is None
    assert same.raw.low < 1.0


def test_two_sources_are_compared_where_both_speak_and_differences_are_named() -> None:
    rows = [
        prompt(at, given=Labels(), eve=Labels(skill="a"), rules=Labels(skill="b" if at < 4 else "a")) for at in range(9)
    ]
    rows.append(prompt(9, given=Labels(), eve=Labels(skill="a"), rules=Labels()))
    found, _ = analyse(rows)
    (one,) = found.agreement
    assert (one.one, one.other, one.rows, one.raw.value) == ("eve", RULES, 9, 5 / 9)
    assert found.confusions["skill", "eve", RULES] == [("a", "b", 4)]


def test_open_tags_can_stand_for_skills() -> None:
    rows = [
        prompt(1, given=Labels(), eve=Labels(tags=("Poems", "Love"))),
        prompt(2, given=Labels(), eve=Labels(tags=("LOVE!", "poem"))),
        prompt(3, given=Labels(skill="mine"), eve=Labels(tags=("poem", "love"))),
        prompt(4, given=Labels(), eve=Labels()),
    ]
    found, settled = analyse(rows, AnalysisRule(open_skills=True, pool=("Poems", "loves", "cat", "dogs")))
    assert found.attributes["skill"] == {"love": 2, "mine": 1, "unknown": 1}
    assert settled["p2"].labels.tags == ("love", "poem")
    assert (found.tags.different, found.tags.per_row, found.tags.coverage) == (2, 2.0, 0.5)
    assert found.frequent == {"love": 3, "poem": 3}


def test_rare_tags_that_a_row_brings_are_not_replaced_by_a_taggers() -> None:
    rows = [prompt(at, given=Labels(tags=("mine",) if at == 0 else ()), eve=Labels(tags=("poem",))) for at in range(3)]
    _, settled = analyse(rows)
    assert (settled["p0"].labels.tags, settled["p0"].by["tags"]) == ((), "given")
    assert settled["p1"].labels.tags == ("poem",)


def test_lengths_and_near_duplicates() -> None:
    text = "tell me in a few words why the sea is salt and the lake is not at all salt"
    rows = [prompt(1, text), prompt(2, text.upper()), prompt(3, "something else altogether that is unlike the others")]
    found, _ = analyse(rows)
    assert found.near_duplicates == pytest.approx(1 / 3)
    assert found.words["50%"] == 5
    nothing, settled = analyse([])
    assert (nothing.rows, nothing.near_duplicates, settled) == (0, 0.0, {})
    assert "0 prompts" in html(page_of(nothing, "empty"))


class Reader(HTMLParser):
    """Tags in their order of opening, and that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_holds_strangers_text_as_text_and_loads_nothing() -> None:
    said = {
        GIVEN: Labels(skill=HOSTILE, difficulty=3.0, tags=(HOSTILE, "poem")),
        "eve": Labels(skill="b", difficulty=4.0),
    }
    text = html(page_of(analyse([prompt(at, **said) for at in range(50)])[0], HOSTILE, warning="REHEARSAL"))
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    assert not {"script", "img", "link", "iframe", "a", "foreignobject"} & set(reader.seen)
    assert not re.search(r"(?:https?:|src=|href=|url\(|@import|\bon\w+=)", text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not re.search("[\x1b\u202e\ud800]", text)
    assert "REHEARSAL" in text
    charts = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(charts) == 7
    for chart in charts:
        root = ElementTree.fromstring(chart)
        width = float(root.attrib["width"])
        for bar in root.iter("rect"):
            assert 0 < float(bar.attrib["x"]) + float(bar.attrib["width"]) <= width
    assert text == html(page_of(analyse([prompt(at, **said) for at in range(50)])[0], HOSTILE, warning="REHEARSAL"))


def test_a_chart_says_what_it_leaves_out() -> None:
    rows = [prompt(at, given=Labels(skill=f"skill-{at:03}")) for at in range(60)]
    text = html(page_of(analyse(rows)[0], "many"))
    assert "20 more with 20 prompts together are not shown" in text
