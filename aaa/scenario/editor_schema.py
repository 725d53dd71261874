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
    schema: JsonObject = _untitled(Scenario.model_json_schema(by_alias=True))
    definitions = schema["$defs"]
    _forget(definitions["Model"], "name")
    for kind in STAGE_KINDS:
        definitions[kind] = _stage(kind, definitions[_model_of(kind)])
    schema["properties"]["stages"]["items"] = {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in STAGE_KINDS]}
    schema["properties"]["extends"] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "Scenario files, relative to this one, that this one is laid on.",
    }
    del schema["required"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "AAA scenario", **schema}


def _untitled(schema: Any) -> Any:
    """The schema without the titles that pydantic makes of field names."""
    if isinstance(schema, dict):
        return {k: _untitled(v) for k, v in schema.items() if k != "title" or not isinstance(v, str)}
    return [_untitled(item) for item in schema] if isinstance(schema, list) else schema


def _forget(schema: JsonObject, *keys: str) -> None:
    """Take properties out of an object's schema."""
    for key in keys:
        del schema["properties"][key]
    schema["required"] = [key for key in schema.get("required", []) if key not in keys]


def _model_of(kind: str) -> str:
    """Name of the model of a stage's parameters."""
    return f"{kind.title().replace('_', '')}Stage"


def _stage(kind: str, parameters: JsonObject) -> JsonObject:
    """The ways to write a stage: `- kind`, `- kind: {...}` and `- {kind: kind, ...}`; its name may be left out."""
    parameters["required"] = []
    reference = {"$ref": f"#/$defs/{_model_of(kind)}"}
    nested = {
        "type": "object",
        "properties": {kind: {"anyOf": [reference, {"type": "null"}]}},
        "required": [kind],
        "additionalProperties": False,
    }
    return {"anyOf": [{"const": kind}, nested, {"allOf": [reference], "required": ["kind"]}]}
