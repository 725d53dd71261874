"""Keys taken out of anything that is shown or stored."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

REDACTED = "[redacted]"
RAW_LIMIT = 2_000
"""Characters kept of what a server sent (ours)."""

_SECRET_NAME = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)S?$", re.IGNORECASE)
_SHORTEST_SECRET = 8
"""Shorter values are words like `none` or `dummy`, which must not be torn out of ordinary text."""
_SHAPES = re.compile(
    r"(?i:(?<=bearer )|(?<=[?&]key=)|(?<=api-key: ))(?=[^\s\"',&}]*[\d._-])[^\s\"',&}]{8,}"
    r"|\b(?:sk|pk|rk|gsk|xai|hf|nvapi|AIza|AKIA)[-_A-Za-z0-9]{16,}"
)


def redact(text: str, environ: Mapping[str, str] | None = None) -> str:
    """`text` without the values of the environment's secrets and without anything that has the shape of a key."""
    values = {
        value
        for name, value in (os.environ if environ is None else environ).items()
        if len(value) >= _SHORTEST_SECRET and _SECRET_NAME.search(name)
    }
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, REDACTED)
    return _SHAPES.sub(REDACTED, text)


def raw(text: str) -> str:
    """What a server sent, redacted, then cut: a key must not survive because the cut went through it."""
    text = redact(text)
    return text if len(text) <= RAW_LIMIT else text[:RAW_LIMIT] + "…"
