"""JSON in answers, and whether it keeps to a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aaa.errors import WorkError
from aaa.types import Check, Verifier

_FENCED = re.compile(r"^[ \t]*```[ \t]*(?:json)?[ \t]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL | re.IGNORECASE)


def check_document(verifier: Verifier, reference: str | None, text: str) -> Check | None:
    """Whether the answer's JSON keeps to the schema; None where the item has none. A `$ref` is never fetched.

    Raises `WorkError` where the schema itself is faulty.
    """
    from jsonschema import SchemaError  # heavy, as are the others: few items have a schema
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    schema: Any = verifier.json_schema
    if schema is None:
        if reference is None:
            return None
        schema = _schema(reference)
    try:
        kind = validator_for(schema)
        kind.check_schema(schema)
        validator = kind(schema, registry=Registry())
        said, value = next(_documents(text), (None, None))
        if said is None:
            return Check(passed=False, extracted=None, detail="no JSON in the answer")
        fault = next(validator.iter_errors(value), None)
    except (SchemaError, Unresolvable, re.error) as error:
        raise WorkError(f"The item's JSON schema cannot be used: {_first_line(error)}. Correct the item.") from error
    except RecursionError:
        return Check(passed=False, extracted=None, detail="the JSON is nested too deeply")
    if fault is None:
        return Check(passed=True, extracted=said)
    return Check(passed=False, extracted=said, detail=f"{fault.json_path}: {fault.message}"[:300])


def _schema(reference: str) -> Any:
    try:
        return json.loads(reference)
    except ValueError as error:
        raise WorkError(
            f"A json_schema verifier needs `json_schema`, or a schema as `reference`: {error}. Correct the item."
        ) from error


def _documents(text: str) -> Iterator[tuple[str, Any]]:
    """JSON values of an answer, the likeliest first: the last block, the whole, what lies between outer brackets."""
    between = (text[text.find(left) : text.rfind(right) + 1] for left, right in (("{", "}"), ("[", "]")))
    for said in (*reversed(_FENCED.findall(text)), text, *sorted(between, key=len, reverse=True)):
        try:
            yield said.strip(), json.loads(said)
        except ValueError:
            continue


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
