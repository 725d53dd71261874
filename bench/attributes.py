"""How good the rules of `aaa analyse` are, against labels that others gave.

python bench/attributes.py [--wizardlm WizardLM_testset.jsonl] [--mt-bench question.jsonl] [--gsm8k FILE] [--humaneval
FILE]. Without files: AAA's own seeds and bench/short_texts.tsv. WizardLM's test set (github.com/nlpxucan/WizardLM,
CC BY-NC 4.0) is not part of AAA.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from aaa.curate.analysis import agreement
from aaa.curate.attributes import Labels, Rules, Taxonomies
from aaa.scenario import SAFETY, SKILLS, TASKS, load_taxonomy
from aaa.text import identified, language_of
from aaa.types import user

ROOT = Path(__file__).resolve().parent.parent
MT_BENCH = {
    "writing": {"writing", "reformulation", "text_editing", "planning", "advice"},
    "roleplay": {"roleplay"},
    "reasoning": {"logic", "word_problems", "classification"},
    "math": {"mathematics", "arithmetic", "word_problems"},
    "coding": {"code_writing", "code_fixing", "code_reading"},
    "extraction": {"extraction", "classification"},
    "stem": {"science", "computing", "mathematics"},
    "humanities": {"society", "business", "ethics", "law", "arts"},
}
"""Skills of AAA that MT-Bench's categories stand for (our reading)."""
WIZARDLM = {"Writting": "writing", "Common-Sense": "common_sense", "TruthfulQA": "truthful_qa"}
"""Names that are not the published ones in lower case with `_`."""
Labelled = tuple[str, Callable[[str | None], bool]]
"""A text, and whether a label is right for it."""


def rules(skills: str) -> Callable[[str], Labels]:
    read = Rules(Taxonomies(load_taxonomy(skills), load_taxonomy(TASKS), load_taxonomy(SAFETY)))
    return lambda text: read.labels((user(text),))


def among(right: set[str]) -> Callable[[str | None], bool]:
    return lambda label: label in right


def skills(name: str, rows: Iterable[Labelled], taxonomy: str = SKILLS) -> None:
    read, told, right, whole = rules(taxonomy), 0, 0, 0
    for text, fits in rows:
        label = read(text).skill
        whole += 1
        told += label is not None
        right += label is not None and fits(label)
    print(f"| skill ({taxonomy}), {name} | {whole} | {told / whole:.0%} | {right / max(1, told):.0%} |")


def difficulty(name: str, rows: Sequence[tuple[str, float]]) -> None:
    read, table = rules(SKILLS), dict[tuple[str, str], int]()
    for text, grade in rows:
        pair = (f"{grade:.0f}", read(text).of("difficulty") or "")
        table[pair] = table.get(pair, 0) + 1
    found = agreement("difficulty", "given", "rules", table)
    assert found is not None
    assert found.near is not None
    assert found.kappa is not None
    order = rank_correlation([grade for _, grade in rows], [read(text).difficulty or 0.0 for text, _ in rows])
    length = rank_correlation([grade for _, grade in rows], [float(len(text)) for text, _ in rows])
    print(
        f"difficulty, {name}: {found.rows} prompts, same {found.raw.value:.0%}, within a point {found.near.value:.0%}, "
        f"alpha {found.kappa.value:.2f} ({found.kappa.low:.2f} to {found.kappa.high:.2f}), rank "
        f"correlation {order:.2f} (of length alone {length:.2f})"
    )


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's."""
    a, b = ranks(one), ranks(other)
    mean = (len(a) - 1) / 2
    covered = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    return covered / (sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)) ** 0.5


def ranks(values: Sequence[float]) -> list[float]:
    """Equal values share their mean rank."""
    ordered = sorted(values)
    first = {value: ordered.index(value) for value in set(values)}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def languages() -> None:
    texts: dict[str, list[str]] = {}
    for line in (ROOT / "bench/short_texts.tsv").read_text("utf-8").splitlines()[1:]:
        language, _, text = line.partition("\t")
        texts.setdefault(language, []).append(text)
    print("\n| language | texts | told | right of told | told by common words | right of these |")
    print("|---|---|---|---|---|---|")
    for language, said in texts.items():
        cells = [language, str(len(said))]
        for rule in (identified, language_of):
            told = [one for one in map(rule, said) if one is not None]
            cells += [str(len(told)), str(sum(one == language for one in told))]
        print(f"| {' | '.join(cells)} |")


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--wizardlm", "--mt-bench", "--gsm8k", "--humaneval"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    print("| rule, prompts | prompts | told | right of told |\n|---|---|---|---|")
    seeds = [row for path in sorted((ROOT / "data/seeds").glob("*.jsonl")) for row in lines(path)]
    seeds = [row for row in seeds if "instruction" in row]
    english = [row for row in seeds if row["language"] == "en"]
    skills("AAA's seeds", ((str(row["instruction"]), among({str(row["skill"])})) for row in english))
    if given.wizardlm:
        tests = lines(given.wizardlm)
        named = [(str(row["Instruction"]), WIZARDLM.get(str(row["Skill"])) or slug(str(row["Skill"]))) for row in tests]
        skills("WizardLM's test set", ((text, among({name})) for text, name in named), "wizardlm-29")
    if given.mt_bench:
        rows = [(row["turns"], MT_BENCH[str(row["category"])]) for row in lines(given.mt_bench)]
        skills("MT-Bench, first turns", ((str(turns[0]), among(right)) for turns, right in rows))  # type: ignore[index]
    if given.gsm8k:
        skills("GSM8K", ((str(row["question"]), among({"word_problems"})) for row in lines(given.gsm8k)))
    if given.humaneval:
        skills("HumanEval", ((str(row["prompt"]), among({"code_writing"})) for row in lines(given.humaneval)))
    print()
    difficulty("AAA's seeds", [(str(row["instruction"]), float(str(row["difficulty"]))) for row in seeds])
    if given.wizardlm:
        difficulty("WizardLM's", [(str(row["Instruction"]), float(str(row["Difficulty"]))) for row in tests])
    languages()


def slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower())


if __name__ == "__main__":
    main()
