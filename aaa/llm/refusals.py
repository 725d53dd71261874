"""What a server would refuse again for every other prompt: learnt once, not two thousand times."""

from __future__ import annotations

import re

from aaa.errors import CallError
from aaa.llm.faults import ACCOUNT, again_for_another
from aaa.llm.port import Ask
from aaa.llm.wire import arguments


class Refusals:
    """Models that their account refuses, and parameters that a model refuses.

    Only what has never worked in this run counts: a single odd reply of a proxy must not end a night's work.
    """

    def __init__(self) -> None:
        self._worked: set[str] = set()
        self._errors: dict[str, CallError] = {}

    def check(self, ask: Ask) -> None:
        """Raise the `CallError` that the server gave for this model, or for it with these parameters."""
        if not self._errors:
            return
        for place in _places(ask):
            if (error := self._errors.get(place)) is not None:
                raise again_for_another(error)

    def learn(self, ask: Ask, error: CallError | None) -> None:
        """Take note of how an attempt ended."""
        model, asked = _places(ask)
        if error is None:
            self._worked |= {model, asked}
            return
        place = model if error.kind in ACCOUNT else asked
        if place not in self._worked and (error.kind in ACCOUNT or _names_parameter(ask, error)):
            self._errors[place] = error


def _places(ask: Ask) -> tuple[str, str]:
    """The model, at this one of its places; and the same with all that is asked of it beside the messages."""
    model = ask.model
    where = f"{model.name} {model.model} {model.api_base} {model.api_key_env}"
    return where, f"{where} {ask.params.model_dump_json()} {len(ask.tools)} {ask.response_format is not None}"


def _names_parameter(ask: Ask, error: CallError) -> bool:
    """Whether a server complains of a parameter that was sent: in quotes, or as the subject of what it says."""
    if error.kind != "invalid":
        return False
    sent = {*arguments(ask), *ask.params.extra_body} - {"messages", "input"}
    names = "|".join(map(re.escape, sorted(sent)))
    complaint = rf"""['"`](?:{names})['"`]|\b(?:{names})(?:: | is | does | must )|supplied: (?:{names})\b"""
    return re.search(complaint, error.raw or "") is not None
