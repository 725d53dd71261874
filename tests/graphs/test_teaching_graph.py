"""The teaching graph: edges by skill, and what is written of it."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from aaa.graphs import as_dot, as_mermaid, as_svg, teachers_of, teaching_edges, teaching_graph, teaching_lines

EDGES = [("birch", "ash", "dates", 120.0), ("cedar", "ash", "dates", 180.0), ("ash", "birch", "logic", 90.0)]


def test_edges_by_skill() -> None:
    graph = teaching_graph(["ash", "birch", "cedar", "dahlia"], EDGES)
    assert teaching_edges(graph) == [EDGES[1], EDGES[0], EDGES[2]]
    assert teachers_of(graph, "ash", "dates") == ["cedar", "birch"]
    assert teachers_of(graph, "birch", "logic") == ["ash"]
    assert teachers_of(graph, "dahlia", "dates") == []


def test_dot_has_every_model_and_edge_and_escapes_names() -> None:
    text = as_dot(teaching_graph(['a"b', "lone"], [('a"b', "c", "dates", 12.4)]))
    assert text.splitlines() == [
        "digraph teaching {",
        '  "a\\"b";',
        '  "c";',
        '  "lone";',
        '  "a\\"b" -> "c" [label="dates 12"];',
        "}",
    ]
    assert as_dot(teaching_graph(["b", "a"], EDGES)) == as_dot(teaching_graph(["a", "b"], EDGES[::-1]))


def test_mermaid_has_every_model_and_edge_and_no_name_leaves_its_label() -> None:
    assert as_mermaid(teaching_graph(['a"]b', "lone"], [('a"]b', "c", "dates <b>", 12.4)])).splitlines() == [
        "graph LR",
        '  m0["a#34;#93;b"]',
        '  m1["c"]',
        '  m2["lone"]',
        '  m0 -->|"dates #60;b#62; 12"| m1',
    ]


def test_lines_of_text() -> None:
    graph = teaching_graph(["dahlia", "ash"], [*EDGES, ("cedar", "ash", "logic", 200.0)])
    assert list(teaching_lines(graph)) == [
        "ash -> birch: logic 90",
        "birch -> ash: dates 120",
        "cedar -> ash: logic 200, dates 180",
        "no lesson: dahlia",
    ]


NAMES = st.text(min_size=1, max_size=30)


@given(NAMES, NAMES, NAMES)
def test_a_picture_shows_any_names_and_stays_xml(one: str, other: str, skill: str) -> None:
    edges = [(one, other, skill, 12.4)] if one != other else []
    drawn = ElementTree.fromstring(as_svg(teaching_graph([one, other], edges)))
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    shown = {"".join(char if char.isprintable() else " " for char in text) for text in (one, other)}
    assert shown <= set(texts)
    assert len(texts) == len({one, other}) + len(edges)


def test_the_two_ways_between_models_lie_apart_and_a_picture_is_the_same_in_any_order() -> None:
    both = [("a", "b", "dates", 10.0), ("b", "a", "logic", 20.0)]
    drawn = as_svg(teaching_graph("ab", both))
    assert drawn == as_svg(teaching_graph("ba", both[::-1]))
    paths = [element.get("d") for element in ElementTree.fromstring(drawn).iter() if element.get("class") == "way"]
    assert len(set(paths)) == 2
    heights = {path.split("Q")[1].split()[1] for path in paths if path}
    assert len(heights) == 2, "bent to different sides"
