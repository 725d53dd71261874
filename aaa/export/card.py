"""`README.md`: a dataset card for Hugging Face's hub, made from the manifest alone.

Keys of its head: huggingface/hub-docs, datasetcard.md, and the hub's manual, "Data files configuration".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

import yaml
from pydantic import JsonValue

from aaa.export.manifest import CARD, MANIFEST, Composition, ExportEntry, Making, Manifest
from aaa.graphs import as_mermaid, teaching_graph
from aaa.text import code_fence, escaped
from aaa.types import FACTS, Terms

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10**7, "1M<n<10M"))
TAGS = {
    "PreferencePair": ("preference", "dpo"),
    "SftSample": ("sft",),
    "LabelledSample": ("kto",),
    "SteppedSample": ("process-supervision",),
}
"""Tags by the kind of row."""
SHOWN = 20
"""Values of a kind that a card lists, the most frequent first (ours)."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SPLIT = re.compile(r"(.+)-\d{5}-of-\d{5}\.\w+")


def card(manifest: Manifest) -> str:
    """The whole text."""
    head = yaml.safe_dump(_head(manifest), sort_keys=False, allow_unicode=True, width=10**6)
    names = " and ".join(dict.fromkeys(escaped(entry.made.session) for entry in manifest.exports.values()))
    lines = [f"---\n{head}---\n\n# {names}\n"]
    if any(entry.made.simulated for entry in manifest.exports.values()):
        lines.append("**Written by simulated models in a rehearsal: this is not training data.**\n")
    lines.append(
        "Text of language models, judged and selected by AAA (AI Align AI). "
        f"`{MANIFEST}` holds the hash of every file; `aaa verify` checks them.\n"
    )
    for name, entry in manifest.exports.items():
        lines += _about(name, entry)
    return ("\n".join([*lines, *_terms(manifest), *_limits(manifest)]) + "\n").encode("utf-8", "replace").decode()


def _head(manifest: Manifest) -> dict[str, JsonValue]:
    entries = manifest.exports.values()
    languages = sorted({one for entry in entries for one in entry.composition.languages if _LANGUAGE.fullmatch(one)})
    rows = sum(entry.rows for entry in entries)
    size = next((name for bound, name in SIZES if rows < bound), "n>10M")
    tags = dict.fromkeys(
        ["synthetic", "aaa", *(tag for entry in entries for tag in TAGS.get(entry.kind, ()))]
        + ["simulated"] * any(entry.made.simulated for entry in entries)
    )
    return {
        **({"language": [*languages]} if languages else {}),
        **_license(_all_terms(manifest)),
        "size_categories": [size],
        "task_categories": ["text-generation"],
        "tags": [*tags],
        "configs": [_config(name, entry) for name, entry in manifest.exports.items() if entry.rows],
    }


def _license(terms: Sequence[Terms]) -> dict[str, JsonValue]:
    """One license of the hub's own list by its name; anything else is `other`, and leads to the section on terms."""
    if len(terms) == 1 and terms[0].hub:
        return {"license": terms[0].name}
    if len(terms) == 1 and terms[0].source:
        return {"license": "other", "license_name": terms[0].name, "license_link": terms[0].source}
    if all(one.name == "unknown" for one in terms):
        return {"license": "unknown"}
    return {"license": "other", "license_name": "several-terms", "license_link": CARD}


def _config(name: str, entry: ExportEntry) -> JsonValue:
    """Which files are which split, in the words of the hub."""
    files: list[JsonValue] = []
    for file in entry.files:
        if file.rows:
            of_split = _SPLIT.fullmatch(PurePosixPath(file.path).name)
            split = of_split.group(1) if of_split else str(entry.made.options.get("split") or "train")
            files.append({"split": split, "path": file.path})
    return {"config_name": name, "data_files": files}


def _about(name: str, entry: ExportEntry) -> Iterator[str]:
    """One export: what it holds, how it was made, an example."""
    made = entry.made
    partial = " **The session is not finished: this is a part.**" if made.partial else ""
    yield f"## {escaped(name)}\n"
    yield f"{entry.rows:,} rows in the format `{entry.format}`, from selection `{made.selection}`.{partial}\n"
    if made.description:
        yield f"{escaped(made.description)}\n"
    yield "### How it was made\n"
    yield from _making(made)
    if entry.left_out:
        reasons = ", ".join(f"{number:,} {escaped(reason)}" for reason, number in entry.left_out.items())
        yield f"- Selected, but left out of this export: {reasons}"
    yield from _teaching(made)
    yield "\n### Composition\n"
    yield from _composition(entry.composition)
    text = json.dumps(entry.example, ensure_ascii=False, indent=2)
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
    fence = code_fence(shown)
    yield f"\n### Example\n\nThe first row; long texts are shortened.\n\n{fence}json\n{shown}\n{fence}\n"


def _making(made: Making) -> Iterator[str]:
    for name, model in made.models.items():
        which = ", ".join(filter(None, (model.identity, model.revision)))
        which = f" ({escaped(which)})" if which else ""
        yield (
            f"- Model {escaped(name)}: {escaped(model.model)}{which}, family {escaped(model.family)}, "
            f"terms {escaped(model.license)}"
        )
    for name, group in made.cast.items():
        by = f" by card {escaped(group.card)}" if group.card else ""
        yield f"- {escaped(name)}{by}: {escaped(', '.join(group.models))}"
    yield "- Stages: " + "; ".join(map(escaped, made.stages))
    verdicts = ", ".join(f"{number:,} {escaped(outcome)}" for outcome, number in made.verdicts.items())
    yield f"- Verdicts of the session: {verdicts or 'none'}"
    if made.step_verdicts:
        found = ", ".join(f"{number:,} {escaped(outcome)}" for outcome, number in made.step_verdicts.items())
        yield f"- Answers of the session read step by step: {found}"
    gates = ", ".join(f"{escaped(figure)} {escaped(bound)}" for figure, bound in made.gates.items())
    yield f"- Gates passed by its judging: {gates or 'none were asked for'}"
    if made.audit:
        yield "- Its judges, by their own games (`aaa audit`):"
        yield from (f"  - {escaped(name)}: {escaped(figure.words)}" for name, figure in made.audit.items())
    if made.rule:
        yield f"- Rules of the selection: {escaped(json.dumps(made.rule, ensure_ascii=False))}"
    options = ", ".join(f"{name}: {value}" for name, value in made.options.items() if value not in (None, False))
    yield f"- Options of the export: {escaped(options)}"
    yield f"- Cost of the whole session: ${made.usd:,.4f}, {made.calls:,} requests, {made.tokens:,} tokens"
    yield f"- Made with AAA {escaped(made.version)}, exported with {escaped(made.exported_with)}"
    yield f"- SHA-256 of the resolved scenario: {made.scenario}"


def _teaching(made: Making) -> Iterator[str]:
    """Who taught whom, drawn and in figures."""
    if not made.teaching:
        return
    yield "\n### Who taught whom\n"
    yield (
        "From who led a skill to who trailed it, with the gap in points of rating (400 stand for ten wins to one loss) "
        "as it was before the teaching.\n"
    )
    models = {name for edge in made.teaching for name in (edge.teacher, edge.student)}
    for stage, edges in groupby(made.teaching, key=lambda edge: edge.stage):
        own = list(edges)
        graph = teaching_graph(models, [(one.teacher, one.student, one.skill, one.points) for one in own])
        yield f"```mermaid\n{as_mermaid(graph)}```\n"
        yield _row(["skill", "teacher", "student", "gap", "95 % interval"])
        yield _row(["---", "---", "---", "---:", "---"])
        for one in own:
            span = "given" if one.low is None or one.high is None else f"{one.low:.0f} to {one.high:.0f}"
            yield _row([escaped(one.skill), escaped(one.teacher), escaped(one.student), f"{one.points:.0f}", span])
        yield f"\nAs stage {escaped(stage)} decided."


def _composition(found: Composition) -> Iterator[str]:
    for title, counts in (
        ("split", found.splits),
        ("skill", found.skills),
        ("difficulty", found.difficulties if set(found.difficulties) != {"unknown"} else {}),
        ("language", found.languages),
        ("producer", found.producers),
        ("terms", found.licenses),
        ("judge", found.judges),
    ):
        if counts:
            yield from _table(title, "rows", counts)
    for name, lengths in found.lengths.items():
        span = f"{lengths.mean:,} characters on average, from {lengths.shortest:,} to {lengths.longest:,}"
        sizes = ", ".join(f"{number:,} {escaped(size)}" for size, number in lengths.by_size.items())
        yield f"- Length of {name}: {span} ({sizes})"
    if found.chosen_longer is not None:
        yield f"- The chosen side is the longer one in {found.chosen_longer:.1%} of the pairs"


def _table(title: str, unit: str, counts: Mapping[str, int]) -> Iterator[str]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    yield f"| {title} | {unit} |\n|---|---:|"
    yield from (f"| {escaped(value)} | {number:,} |" for value, number in ranked[:SHOWN])
    if len(ranked) > SHOWN:
        yield f"| {len(ranked) - SHOWN:,} more | {sum(number for _, number in ranked[SHOWN:]):,} |"
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _all_terms(manifest: Manifest) -> list[Terms]:
    found = {terms.name: terms for entry in manifest.exports.values() for terms in entry.terms}
    return [found[name] for name in sorted(found)]


def _terms(manifest: Manifest) -> Iterator[str]:
    yield "## Terms\n"
    yield (
        "Every row carries the terms of all models whose text it contains. What they say is a short reading of public "
        "texts, **no legal advice**; read the sources. Terms of prompts that people wrote are not known here.\n"
    )
    yield _row(["terms", *(f"`{fact}`" for fact in FACTS), "source", "entry of", "checked"])
    yield _row(["---"] * (len(FACTS) + 4))
    for terms in _all_terms(manifest):
        facts = [str(getattr(terms, fact)).lower() for fact in FACTS]
        known = (terms.source or "none", terms.date, terms.checked or "never")
        yield _row([escaped(terms.name), *facts, *map(escaped, known)])
    yield from (f"\n- {escaped(terms.name)}: {escaped(terms.note)}" for terms in _all_terms(manifest) if terms.note)
    yield ""


def _limits(manifest: Manifest) -> Iterator[str]:
    yield "## Known limits\n"
    yield "- The texts are of language models: they may be wrong, biased or unsafe, whatever a judge made of them."
    yield "- Judges are language models too; `aaa audit` measures their biases, and no gate removes all of them."
    if any(entry.made.options.get("redact") for entry in manifest.exports.values()):
        yield "- Private data was looked for by its form: names and whatever has no form may have stayed."
    else:
        yield "- Private data was not taken out on export."
    yield "- Whether prompts of a benchmark are among them: see `aaa decontaminate`."
