"""The JSON Schema of scenario files in the form that users write, for editors and for naming known keys in errors."""

from __future__ import annotations

from typing import Any

from aaa.scenario.schema import Scenario
from aaa.scenario.stages import STAGE_KINDS

JsonObject = dict[str, Any]


def json_schema() -> JsonObject:
    """JSON Schema (draft 2020-12) of a scenario file.

    It differs from the data model where loading does something for the user: a model takes its name from its key, a
    stage is a word or `kind: {...}`, and a file may extend others, so that no key need be in it.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    definitions: JsonObject = schema["$defs"]
    _forget(definitions["Model"], "name")
    stages = {kind: definitions.pop(f"{kind.title()}Stage") for kind in STAGE_KINDS}
    for kind, stage in stages.items():
        definitions[kind] = _stage(kind, stage)
    schema["properties"]["stages"]["items"] = {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in STAGE_KINDS]}
    schema["properties"]["extends"] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "Scenario files, relative to this one, that this one is laid on.",
    }
    del schema["required"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "AAA scenario",
    }


def _forget(schema: JsonObject, *keys: str) -> None:
    """Take properties out of an object's schema."""
    for key in keys:
        del schema["properties"][key]
    schema["required"] = [key for key in schema.get("required", []) if key not in keys]


def _stage(kind: str, stage: JsonObject) -> JsonObject:
    """The ways to write a stage: `- kind`, `- kind: {...}` and `- {kind: kind, ...}`."""
    stage["required"] = []
    whole = {**stage, "required": ["kind"]}
    parameters = {**stage, "properties": {key: value for key, value in stage["properties"].items() if key != "kind"}}
    return {
        "anyOf": [
            {"const": kind},
            {
                "type": "object",
                "properties": {kind: {"anyOf": [parameters, {"type": "null"}]}},
                "required": [kind],
                "additionalProperties": False,
            },
            whole,
        ]
    }
