"""Axolotl's files, each with a YAML beside it that trains on it as it is.

`chat_template.default` is the one way to pairs that its manual and its code agree on: it compares the last turn alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from aaa.export.entry import PAIRS, SFT, Entry, Fault, Row
from aaa.export.form import Format
from aaa.export.messages import single, spoken
from aaa.export.rules import conversation, differ, only, system_first
from aaa.types import PreferencePair, SftSample

SOURCE = "Axolotl, docs/dataset-formats and src/axolotl/prompt_strategies/{chat_template,dpo/chat_template}.py, 067b021"
_ROLES = ("system", "user", "assistant")


def _chat(entry: Entry) -> Iterator[Row]:
    sample = entry.sample
    assert isinstance(sample, SftSample)
    completion = spoken(sample.completion)
    for turn in completion[: sample.unlearnt]:
        turn["train"] = False
    yield {"messages": [*spoken(sample.prompt), *completion]}


def _dpo(entry: Entry) -> Iterator[Row]:
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    yield {
        "messages": spoken(pair.prompt),
        "chosen": spoken([single(pair.chosen)])[0],
        "rejected": spoken([single(pair.rejected)])[0],
    }


def _check_chat(row: Row) -> Iterator[Fault]:
    yield from only(row, "messages")
    yield from conversation(row.get("messages"), "messages", roles=_ROLES, ends=("assistant",))
    yield from system_first(row.get("messages"))


def _check_dpo(row: Row) -> Iterator[Fault]:
    yield from only(row, "messages", "chosen", "rejected")
    yield from conversation(row.get("messages"), "messages", roles=_ROLES, ends=("user",))
    yield from system_first(row.get("messages"))
    for side in ("chosen", "rejected"):
        yield from conversation([row.get(side)], side, roles=("assistant",))
    yield from differ([row.get("chosen")], [row.get("rejected")])


_HEAD = """\
# Set the model; the rest reads {name} as it is.
base_model: Qwen/Qwen2.5-7B-Instruct
chat_template: tokenizer_default
"""
_PROPERTIES = """\
    message_property_mappings:
      role: role
      content: content
    roles:
      system: [system]
      user: [user]
      assistant: [assistant]
"""
_TAIL = """\
output_dir: ./out
sequence_len: 4096
micro_batch_size: 1
gradient_accumulation_steps: 8
num_epochs: 1
learning_rate: {rate}
optimizer: adamw_torch
lr_scheduler: cosine
bf16: auto
gradient_checkpointing: true
"""


def _chat_yaml(path: Path, used: frozenset[str]) -> Iterable[tuple[Path, str]]:
    """Losses on the assistant's turns and their ends alone, but for those with `train: false`."""
    data = f"""\
datasets:
  - path: {json.dumps(path.name)}
    ds_type: json
    type: chat_template
    field_messages: messages
{_PROPERTIES}    roles_to_train: [assistant]
    message_field_training: train
    train_on_eos: turn
"""
    yield _beside(path), _HEAD.format(name=path.name) + data + _TAIL.format(rate="1e-5")


def _dpo_yaml(path: Path, used: frozenset[str]) -> Iterable[tuple[Path, str]]:
    data = f"""\
rl: dpo
datasets:
  - path: {json.dumps(path.name)}
    ds_type: json
    split: train
    type: chat_template.default
    field_messages: messages
    field_chosen: chosen
    field_rejected: rejected
{_PROPERTIES}"""
    yield _beside(path), _HEAD.format(name=path.name) + data + _TAIL.format(rate="5e-7")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}.axolotl.yaml")


FORMATS: dict[str, Format] = {
    "axolotl-chat": Format(SFT, _chat, _check_chat, SOURCE, beside=_chat_yaml),
    "axolotl-dpo": Format(PAIRS, _dpo, _check_dpo, SOURCE, beside=_dpo_yaml),
}
