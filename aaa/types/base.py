"""What every type of AAA is: a frozen pydantic value, or a record, which is a value with a place in the store."""

from __future__ import annotations

import hashlib
import json
import math

import orjson
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticSerializationError

from aaa.types.descriptions import descriptions

_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
"""Made once: `json.dumps` with options makes one each time, which for a short text costs as much as writing it."""
_LISTS = (list, tuple)
_NESTED = (dict, list, tuple)


class Value(BaseModel):
    """A frozen value; unknown fields are refused, and so are numbers that JSON cannot write.

    The words under a field are its description in JSON Schema: editors show them to those who write scenarios.
    """

    # A process uses few of all types; each is built when it is first used, or when one that contains it is.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        ser_json_inf_nan="constants",  # so that they can be seen, and refused
        defer_build=True,
    )

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


def value_json(value: Value) -> str:
    r"""JSON of a value without spaces, its fields in the order of the class, lone surrogates as `\ud800`.

    Raises `ValueError` where JSON cannot hold it (NaN, infinity).
    """
    try:
        text = value.__pydantic_serializer__.to_json(value).decode()
    except PydanticSerializationError:  # a lone surrogate, which no UTF-8 holds
        text = ""
    if not text or "NaN" in text or "Infinity" in text:  # words of a text, perhaps: the slower encoder can tell
        text = escape_surrogates(_COMPACT.encode(value.model_dump()))
    return text


def escape_surrogates(text: str) -> str:
    r"""Lone surrogates as `\ud800`, which JSON reads back as they were."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return _canonical(value).decode()


def content_hash(value: object) -> str:
    """SHA-256 (hex, 64 characters) of the canonical JSON of `value`."""
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: object) -> bytes:
    """Raises `ValueError` for NaN and infinity.

    What orjson does not take (lone surrogates, large integers, keys that are no text) goes to the slower encoder, which
    escapes more: no two values have the same text, whichever wrote it.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return _CANONICAL.encode(value).encode()
    if b"null" in text:  # which orjson writes for numbers that JSON lacks, too
        _refuse_infinite(value)
    return text


def _refuse_infinite(value: object) -> None:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, _LISTS) else (value,)
    for part in parts:
        if isinstance(part, float):
            if not math.isfinite(part):
                raise ValueError(f"JSON has no number {part}")
        elif isinstance(part, _NESTED):
            _refuse_infinite(part)


def row_id(kind: str, *position: str | int) -> str:
    """The id of a row: a short name of its kind and 20 hex digits (80 bits) of the hash of its logical position.

    A position is made of names, places and indices only, never of time, counters of a run, or random numbers: the
    same scenario gives the same ids on every machine.
    """
    return f"{kind}-{content_hash([kind, *position])[:20]}"
