"""LLaMA-Factory's and Axolotl's own code reads what was exported: their parsers and converters, without a GPU.

Helpers that would bring in PyTorch (logging among processes, a schema of settings) are stood in for: the code that
reads data needs none. `pip install --no-deps llamafactory axolotl addict colorama datasets transformers`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from export_examples import labelled, of_kind, sample, written

from aaa.types import assistant, system, user

datasets = pytest.importorskip("datasets", reason="install the extra `consumers`")

TEXTS = ("plain", "é 漢 😀\u2028x\r\ny", "<s>[INST] {{ user }} </s> USER", '"quoted", \\u0000 \\', "a\n\n\tb")
DIALOGUE = (assistant("Which?"), user("2 and 2."), assistant("4"))


class Told:
    """Stands in for a logger, and keeps what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        def tell(message: object, *_: object, **__: object) -> None:
            if name.startswith(("warn", "error")):
                self.warnings.append(str(message))

        return tell


def bare(monkeypatch: pytest.MonkeyPatch, package: str, *parts: str) -> None:
    """A package and these of its parts without what their `__init__` would import."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{package} is not installed")
    root = Path(spec.submodule_search_locations[0])
    for name in (package, *(f"{package}.{part}" for part in parts)):
        module = ModuleType(name)
        module.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        monkeypatch.setitem(sys.modules, name, module)


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **attributes: Any) -> None:
    module = ModuleType(name)
    module.__dict__.update(attributes)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "hf"))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name.startswith(("llamafactory", "axolotl")):
            del sys.modules[name]


def load(path: Path) -> Any:
    return datasets.load_dataset("json", data_files=str(path), split="train")


class TestLlamaFactory:
    @pytest.fixture
    def told(self, monkeypatch: pytest.MonkeyPatch) -> Told:
        told = Told()
        bare(monkeypatch, "llamafactory", "data", "extras")
        stand_in(monkeypatch, "llamafactory.extras.logging", get_logger=lambda _: told)
        sys.modules["llamafactory.extras"].logging = sys.modules["llamafactory.extras.logging"]  # type: ignore[attr-defined]
        stand_in(monkeypatch, "llamafactory.extras.constants", DATA_CONFIG="dataset_info.json")
        never = {"use_modelscope": lambda: False, "use_openmind": lambda: False}
        stand_in(monkeypatch, "llamafactory.extras.misc", **never)
        return told

    def read(self, folder: Path, name: str) -> list[dict[str, Any]]:
        """The rows as LLaMA-Factory finds them by `dataset_info.json` and converts them."""
        parser = importlib.import_module("llamafactory.data.parser")
        converter = importlib.import_module("llamafactory.data.converter")
        (found,) = parser.get_dataset_list([name], str(folder))
        convert = converter.get_dataset_converter(found.formatting, found, None)
        return [convert(row) for row in load(folder / found.dataset_name)]

    @pytest.mark.parametrize(
        "name", ["llamafactory-alpaca", "llamafactory-sharegpt", "llamafactory-ranking", "llamafactory-kto"]
    )
    @pytest.mark.parametrize("suffix", ["json", "jsonl"])
    def test_every_row_arrives(self, tmp_path: Path, told: Told, name: str, suffix: str) -> None:
        rows = [
            of_kind(name, f"row-{at}", prompt=(system("Be brief."), user(text)) if at % 2 else (user(text),))
            for at, text in enumerate(TEXTS)
        ]
        made = written(tmp_path / f"set.{suffix}", name, *rows)
        found = self.read(tmp_path, "set")
        assert len(found) == made.rows == len(TEXTS)
        assert told.warnings == []
        for row in found:
            assert row["_prompt"][-1]["content"] in TEXTS
            assert (row["_system"] or "") in ("", "Be brief.")
            answers = [turn["content"] for turn in row["_response"]]
            assert answers == {
                "llamafactory-ranking": ["4", "5"],
                "llamafactory-kto": ["4", ""],
            }.get(name, ["4"])
        assert [row["_prompt"][-1]["content"] for row in found] == list(TEXTS)
        assert [bool(row["_system"]) for row in found] == [False, True, False, True, False]

    def test_conversations_and_bad_labels(self, tmp_path: Path, told: Told) -> None:
        rows = [sample("a", completion=DIALOGUE), sample("b", prompt=(user("Hi"), assistant("Yes?"), user("2 + 2?")))]
        for name, at in (("llamafactory-sharegpt", "talk"), ("llamafactory-alpaca", "alpaca")):
            written(tmp_path / f"{at}.json", name, *rows)
            first, second = self.read(tmp_path, at)
            assert [turn["content"] for turn in first["_prompt"]] == ["What is 2 + 2?", "Which?", "2 and 2."]
            assert [turn["content"] for turn in second["_prompt"]] == ["Hi", "Yes?", "2 + 2?"]
            assert first["_response"] == second["_response"] == [{"role": "assistant", "content": "4"}]
        written(tmp_path / "kto.json", "llamafactory-kto", labelled("a", label=False), labelled("b"))
        bad, good = self.read(tmp_path, "kto")
        assert [turn["content"] for turn in bad["_response"]] == ["", "4"]
        assert [turn["content"] for turn in good["_response"]] == ["4", ""]
        assert told.warnings == []


CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


class TestAxolotl:
    @pytest.fixture(autouse=True)
    def _installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bare(monkeypatch, "axolotl", "utils", "utils.schemas", "prompt_strategies", "prompt_strategies.dpo")
        stand_in(monkeypatch, "axolotl.utils.distributed", is_main_process=lambda: True)
        stand_in(monkeypatch, "axolotl.utils.schemas.datasets", DatasetConfig=dict)

    @pytest.fixture
    def tokenizer(self) -> Any:
        tokenizers = pytest.importorskip("tokenizers")
        transformers = pytest.importorskip("transformers")
        letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
        made = tokenizers.Tokenizer(tokenizers.models.BPE({letter: at for at, letter in enumerate(letters)}, []))
        made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = tokenizers.decoders.ByteLevel()
        made.add_special_tokens(["<|im_start|>", "<|im_end|>"])
        return transformers.PreTrainedTokenizerFast(
            tokenizer_object=made, eos_token="<|im_end|>", chat_template=CHATML, clean_up_tokenization_spaces=False
        )

    def settings(self, path: Path) -> Any:
        addict = pytest.importorskip("addict")
        written = yaml.safe_load(path.with_name(f"{path.stem}.axolotl.yaml").read_text())
        return addict.Dict({"tokenizer_use_mistral_common": False, **written})

    def rows(self, name: str) -> list[Any]:
        return [
            of_kind(name, f"row-{at}", prompt=(system("Be brief."), user(text)) if at % 2 else (user(text),))
            for at, text in enumerate(TEXTS)
        ]

    def test_pairs(self, tmp_path: Path, tokenizer: Any) -> None:
        path = tmp_path / "pairs.jsonl"
        written(path, "axolotl-dpo", *self.rows("axolotl-dpo"))
        module = importlib.import_module("axolotl.prompt_strategies.dpo.chat_template")
        settings = self.settings(path)
        assert settings.datasets[0].type == "chat_template.default"
        transform, _ = module.default(settings)
        found = [transform(row, tokenizer=tokenizer) for row in load(path)]
        assert [(row["chosen"], row["rejected"]) for row in found] == [("4<|im_end|>", "5<|im_end|>")] * len(TEXTS)
        for at, (row, text) in enumerate(zip(found, TEXTS, strict=True)):
            told = "<|im_start|>system\nBe brief.<|im_end|>\n" if at % 2 else ""
            assert row["prompt"] == f"{told}<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"

    def test_samples_train_on_what_the_assistant_says(self, tmp_path: Path, tokenizer: Any) -> None:
        path = tmp_path / "chat.jsonl"
        written(path, "axolotl-chat", *self.rows("axolotl-chat"), sample("s", completion=DIALOGUE))
        module = importlib.import_module("axolotl.prompt_strategies.chat_template")
        settings = self.settings(path)
        strategy = module.load(tokenizer, settings, settings.datasets[0])
        trained = []
        for row in load(path):
            made = strategy.tokenize_prompt(row)
            assert len(made["input_ids"]) == len(made["labels"])
            trained.append(tokenizer.decode([token for token in made["labels"] if token != -100]))
        assert trained == ["4<|im_end|>"] * len(TEXTS) + ["Which?<|im_end|>4<|im_end|>"]

    def test_each_step_has_its_label_at_its_end(self, tmp_path: Path, tokenizer: Any) -> None:
        path = tmp_path / "steps.jsonl"
        steps = [("2 + 2 = 4.", "So 4\n- é 漢"), ("2 + 2 = 5.",)]
        labels = [(True, True), (False,)]
        rows = [
            of_kind("trl-stepwise", f"row-{at}", prompt=(user(text),), steps=steps[at % 2], labels=labels[at % 2])
            for at, text in enumerate(TEXTS)
        ]
        written(path, "trl-stepwise", *rows)
        module = importlib.import_module("axolotl.prompt_strategies.stepwise_supervised")
        strategy = module.StepwiseSupervisedPromptTokenizingStrategy(tokenizer)
        for at, row in enumerate(load(path)):
            made = strategy.tokenize_prompt(row)
            places = [place for place, label in enumerate(made["labels"]) if label != -100]
            assert [made["labels"][place] for place in places] == [int(label) for label in labels[at % 2]]
            begin = len(tokenizer(TEXTS[at], add_special_tokens=False)["input_ids"])
            for place, step in zip(places, steps[at % 2], strict=True):
                assert tokenizer.decode(made["input_ids"][begin : place + 1]) == f"{step}\n"
                begin = place + 1
            assert begin == len(made["input_ids"])
