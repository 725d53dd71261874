"""What every type of AAA is: a frozen pydantic value, or a record, which is a value with a place in the store."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from aaa.types.descriptions import descriptions

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
"""Made once: `json.dumps` with options makes one each time, which for a short text costs as much as writing it."""


class Value(BaseModel):
    """A frozen value; unknown fields are refused, and so are numbers that JSON cannot write.

    The words under a field are its description in JSON Schema: editors show them to those who write scenarios.
    """

    # A process uses few of all types; each is built when it is first used, or when one that contains it is.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema with the descriptions of the fields."""
        schema = handler(core_schema)
        properties, words = handler.resolve_ref_schema(schema).get("properties", {}), descriptions(cls)
        for name, field in cls.model_fields.items():
            if words.get(name):
                properties.get(field.alias or name, {}).setdefault("description", words[name])
        return schema


class Record(Value):
    """A row of the store: its `id` follows from its logical position (see `row_id`)."""

    id: str


class SessionRecord(Record):
    """A row that belongs to one session."""

    session: str


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return _CANONICAL.encode(value)


def content_hash(value: object) -> str:
    """SHA-256 (hex, 64 characters) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def row_id(kind: str, *position: str | int) -> str:
    """The id of a row: a short name of its kind and 20 hex digits (80 bits) of the hash of its logical position.

    A position is made of names, places and indices only, never of time, counters of a run, or random numbers: the
    same scenario gives the same ids on every machine.
    """
    return f"{kind}-{content_hash([kind, *position])[:20]}"
