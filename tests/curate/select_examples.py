"""Answers for tests of selections."""

from typing import Any

from aaa.types import Answer, Instruction, Producer, TextStyle, assistant


def answer_to(instruction: Instruction, name: str, text: str, **changes: Any) -> Answer:
    """An answer of the model that bears its name; `changes` are fields of it."""
    fields: dict[str, Any] = {
        "id": name,
        "session": "s",
        "episode": "e",
        "instruction": "i",
        "member": f"model-{name}",
        "prompt": instruction.prompt,
        "messages": (assistant(text),),
        "producers": (Producer(model=f"model-{name}", family="f", license="mit"),),
        "style": TextStyle(words=len(text.split())),
        "calls": (f"call-{name}",),
    }
    return Answer.model_validate({**fields, **changes})
