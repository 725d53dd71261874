"""Lists that may be written as a single word."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema


def _one_or_more(value: Any) -> Any:
    """`skill: arithmetic` means `skill: [arithmetic]`."""
    return [value] if isinstance(value, str) else value


OneOrMore = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""A list of words; a single word stands for a list of one."""
