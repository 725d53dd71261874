"""Merging, `--set` paths and marks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import ScenarioError
from aaa.scenario.tree import Mark, Node, mark_of, merge, plain, put, real_path

keys = st.text("abc", min_size=1, max_size=2)
scalars = st.none() | st.booleans() | st.integers() | st.text("xyz", max_size=3)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=10
)
mappings = st.dictionaries(keys, values, max_size=4)


def tree(value: Any, file: str = "a") -> Node:
    if isinstance(value, dict):
        return Node({key: tree(item, file) for key, item in value.items()}, Mark(file))
    if isinstance(value, list):
        return Node([tree(item, file) for item in value], Mark(file))
    return Node(value, Mark(file))


def merged(*parts: Any) -> Any:
    root = tree(parts[0])
    for part in parts[1:]:
        root = merge(root, tree(part))
    return plain(root)


def leaves(value: Any) -> list[tuple[tuple[str, ...], Any]]:
    """Paths to all that is no mapping, and to empty mappings."""
    if isinstance(value, dict) and value:
        return [((key, *path), leaf) for key, item in value.items() for path, leaf in leaves(item)]
    return [((), value)]


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@given(values)
def test_plain_gives_back_what_went_in(value: Any) -> None:
    assert plain(tree(value)) == value


@given(mappings, mappings)
def test_all_of_the_later_file_holds(base: Any, over: Any) -> None:
    result = merged(base, over)
    for path, leaf in leaves(over):
        if leaf != {}:
            assert at(result, path) == leaf


@given(mappings, mappings)
def test_what_the_later_file_does_not_touch_stays(base: Any, over: Any) -> None:
    result = merged(base, over)
    for key in set(base) - set(over):
        assert result[key] == base[key]
    assert set(result) == set(base) | set(over)


@given(mappings)
def test_merging_with_itself_or_nothing_changes_nothing(value: Any) -> None:
    assert merged(value, value) == merged(value, {}) == merged({}, value) == value


def test_lists_are_replaced_and_mappings_merged() -> None:
    assert merged({"a": [1, 2], "b": {"c": 1, "d": 2}}, {"a": [3], "b": {"d": 4}}) == {"a": [3], "b": {"c": 1, "d": 4}}


@given(mappings, st.lists(keys, min_size=1, max_size=3), values)
def test_put_changes_its_place_only(base: Any, path: list[str], value: Any) -> None:
    root = tree(base)
    try:
        result = plain(put(root, path, tree(value, "--set")))
    except ScenarioError:
        blocked = [at(base, tuple(path[:n])) for n in range(1, len(path)) if _has(base, path[:n])]
        assert any(isinstance(found, list) or (found is not None and not isinstance(found, dict)) for found in blocked)
        return
    assert at(result, tuple(path)) == value
    assert plain(root) == base
    for key in set(base) - {path[0]}:
        assert result[key] == base[key]  # type: ignore[index,call-overload]


def _has(value: Any, path: list[str]) -> bool:
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def test_put_takes_an_index_and_a_name_with_dots() -> None:
    root = tree({"stages": [{"answer": None}], "models": {"gpt-4.1": {"rpm": 1}}})
    root = put(root, ["stages", "0", "answer", "models"], tree("members"))
    root = put(root, ["models", "gpt-4", "1", "rpm"], tree(5))
    assert plain(root) == {"stages": [{"answer": {"models": "members"}}], "models": {"gpt-4.1": {"rpm": 5}}}


@pytest.mark.parametrize("path", [["list", "2"], ["list", "-1"], ["list", "x"], ["word", "x"], ["word", "x", "y"]])
def test_put_refuses_ways_that_do_not_exist(path: list[str]) -> None:
    with pytest.raises(ScenarioError, match="--set it"):
        put(tree({"list": [1, 2], "word": "w"}), path, tree(1, "--set it"))


def test_a_mark_is_that_of_the_deepest_place_there_is() -> None:
    root = merge(tree({"a": {"b": 1, "c": [1, 2]}}, "first"), tree({"a": {"b": 2}}, "second"))
    assert mark_of(root, ("a", "b")).file == "second"
    assert mark_of(root, ("a", "c", 1, "nothing")).file == "first"
    assert real_path(root, ("a", "SomeUnion", "c", 1, 7)) == ("a", "c", 1)
