"""The teaching graph: edges by skill, and what is written of it."""

from __future__ import annotations

from aaa.graphs import as_dot, teachers_of, teaching_edges, teaching_graph

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
