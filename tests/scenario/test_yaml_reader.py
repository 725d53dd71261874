"""YAML of people who may err, or mean ill."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.errors import ScenarioError
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import MAX_BYTES, parse_yaml, read_yaml


def data(text: str) -> object:
    return plain(parse_yaml(text, file="some.yaml"))


def refused(text: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(text, file="some.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("007", "007"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1e-3", 0.001),
        ("-.5", -0.5),
        ("2026-08-01", "2026-08-01"),
        (".inf", ".inf"),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("<<", "<<"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    found = data(f"key: {written}")
    assert found == {"key": meant}
    assert type(found["key"]) is type(meant)  # type: ignore[index]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\u2028\u2029")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_-", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_json_is_read_as_json(value: object) -> None:
    assert data(json.dumps({"key": value})) == {"key": value}


@given(st.text(max_size=200))
def test_any_text_is_data_or_a_scenario_error(text: str) -> None:
    with contextlib.suppress(ScenarioError):
        json.dumps(data(text), allow_nan=False)


def test_keys_are_text() -> None:
    assert data("404: a\nno: b\n2026-01-01: c") == {"404": "a", "no": "b", "2026-01-01": "c"}


def test_lines_are_kept() -> None:
    root = parse_yaml("a: 1\nb:\n  c:\n    - x\n    - y\n", file="some.yaml")
    assert isinstance(root.content, dict)
    b = root.content["b"]
    assert b.mark.line == 2
    assert isinstance(b.content, dict)
    c = b.content["c"]
    assert c.mark.line == 3
    assert isinstance(c.content, list)
    assert [item.mark.line for item in c.content] == [4, 5]


def test_anchors_and_merge_keys() -> None:
    text = "base: &base {x: 1, y: 2}\nmore: &more {y: 3, z: 4}\nboth: {<<: [*base, *more], x: 9}\nsame: *base\n"
    assert data(text) == {
        "base": {"x": 1, "y": 2},
        "more": {"y": 3, "z": 4},
        "both": {"x": 9, "y": 2, "z": 4},
        "same": {"x": 1, "y": 2},
    }


def test_duplicate_key() -> None:
    error = refused("a: 1\nb: 2\na: 3\n")
    assert error.line == 3
    assert "'a' stands twice" in str(error)


def test_bomb_of_aliases() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "expands to more than" in str(refused("\n".join(lines)))


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a\n  <<: *a\n", "[" * 5000, "{a: " * 5000])
def test_endless_nesting(text: str) -> None:
    assert "nested more than" in str(refused(text))


@pytest.mark.parametrize("text", ["a: 1\n" * 200_000, "[" + "a," * 500_000 + "]", "!" * 10**6, "a: *" + "b" * 10**6])
def test_a_megabyte_of_nonsense_is_refused_briefly(text: str) -> None:
    assert len(str(refused(text))) < 300


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [id]", "a: !mine {b: 1}", "a: !!binary aGk=", "a: !!int x", "a: 1e999"]
)
def test_tags_that_build_objects_and_false_numbers(text: str) -> None:
    assert refused(text).line == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n\tb: 1\n", "indent with spaces"),
        ("a: [1, 2", "is not YAML"),
        ('a: "\\ud83d"', "half a character"),
        ("a: 1\n---\nb: 2\n", "single document"),
        ("? [a, b]\n: 1\n", "single word"),
        ("a: \x07", "is not YAML"),
        ("*nobody", "is not YAML"),
        ("a: {<<: 3}", "needs a mapping"),
    ],
)
def test_faults_are_explained(text: str, words: str) -> None:
    assert words in str(refused(text))


@pytest.mark.parametrize(
    ("text", "found"), [("", "nothing"), ("- a\n- b\n", "a list"), ("just words", "a single value")]
)
def test_a_file_must_hold_a_mapping(tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=f"but holds {found}"):
        read_yaml(file)


def test_ten_megabytes_of_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"nonsense: [ {" * 800_000)
    with pytest.raises(ScenarioError, match=f"at most {MAX_BYTES:,}") as caught:
        read_yaml(file)
    assert len(str(caught.value)) < 300


def test_not_a_text_file(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"name: \xff\xfe")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_yaml(file)
    with pytest.raises(ScenarioError, match="not a file"):
        read_yaml(tmp_path)
