"""Cards and manifests of exports: whole, the same each time, safe to read, and verified again."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from sqlalchemy import event
from sqlalchemy.engine import Engine

from aaa.errors import ExportError, UsageError
from aaa.export.manifest import read_manifest
from aaa.export.verifying import verify_folder
from aaa.session import ExportOptions, audit_session, export
from aaa.store import Store
from aaa.types import Session

CARD = ExportOptions(card=True)


def head(folder: Path) -> dict:
    return yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])


async def test_exports_of_one_folder_share_a_card(desk) -> None:
    for spec in desk.scenario["export"]:
        spec |= {"to": f"out/{spec['to']}", "card": True}
    await desk.run()
    out = desk.folder / "out"
    manifest = read_manifest(out)
    assert sorted(manifest.exports) == ["pairs", "sft"]
    pairs = manifest.exports["pairs"]
    rows = desk.rows("out/pairs.jsonl")
    (file,) = pairs.files
    assert (file.path, file.rows, pairs.rows) == ("pairs.jsonl", len(rows), len(rows))
    assert file.sha256 == hashlib.sha256((out / "pairs.jsonl").read_bytes()).hexdigest()
    found = pairs.composition
    for name in {name for row in rows for name in row["producers"]}:
        assert found.producers[name] == sum(name in row["producers"] for row in rows)
    longer = sum(len(row["chosen"][0]["content"]) > len(row["rejected"][0]["content"]) for row in rows)
    assert found.chosen_longer == round(longer / len(rows), 4)
    assert sum(found.lengths["chosen"].by_size.values()) == len(rows)
    assert sum(found.splits.values()) == len(rows)
    assert [terms.name for terms in pairs.terms] == sorted(found.licenses)
    assert head(out)["configs"] == [
        {"config_name": "pairs", "data_files": [{"split": "train", "path": "pairs.jsonl"}]},
        {"config_name": "sft", "data_files": [{"split": "train", "path": "sft.jsonl"}]},
    ]
    assert head(out)["size_categories"] == ["n<1K"]
    assert {"synthetic", "dpo", "sft", "simulated"} <= set(head(out)["tags"])
    verified = verify_folder(out)
    assert (verified.findings, verified.notes, verified.files) == ((), (), 2)


async def test_the_games_behind_gates_and_cards_are_read_once_a_run(desk) -> None:
    """Selections and exports without a card or a gate do not ask for games; two of either ask as often as one."""
    read: Counter[str] = Counter()

    def watch(_connection, _cursor, statement, *_) -> None:
        read["judgments"] += "FROM judgments" in " ".join(statement.split())

    async def queries(**keys: object) -> int:
        for spec in desk.scenario["export"]:
            spec |= {"to": f"out/{Path(spec['to']).name}", "card": False} | keys
        read.clear()
        await desk.run()
        return read["judgments"]

    await desk.run()
    event.listen(Engine, "before_cursor_execute", watch)
    try:
        plain = await queries()
        carded = await queries(card=True)
        desk.scenario["gates"] = {"flip_rate": "< 1"}
        gated = await queries(card=True)
        desk.scenario["export"] = desk.scenario["export"][:1]
        single = await queries(card=True)
    finally:
        event.remove(Engine, "before_cursor_execute", watch)
    assert plain < carded == gated == single


async def test_the_same_store_gives_the_same_bytes_and_a_gone_file_leaves_the_card(desk) -> None:
    await desk.run()
    with Store.open(desk.db) as store:
        for folder in ("one", "two"):
            export(store, "small", "main", "trl-preference", Path(folder, "a.jsonl"), CARD)
            export(store, "small", "main", "llamafactory-sharegpt", Path(folder, "b.json"), CARD)
        for name in ("README.md", "manifest.json"):
            assert (desk.folder / "one" / name).read_bytes() == (desk.folder / "two" / name).read_bytes()
        # The second entry in `dataset_info.json` changes a file that the first export shares.
        export(store, "small", "main", "llamafactory-ranking", Path("one/c.json"), CARD)
        assert verify_folder(Path("one")).good
        (desk.folder / "one/a.jsonl").unlink()
        export(store, "small", "main", "trl-sft", Path("one/d.jsonl"), CARD)
        assert sorted(read_manifest(Path("one")).exports) == ["b", "c", "d"]


async def test_licenses_in_the_head(desk) -> None:
    def licenses(*names: str) -> dict:
        for model, name in zip(("ant", "bee", "cat", "dog"), names * 4, strict=False):
            desk.scenario["models"][model]["license"] = name
        return desk.scenario

    found = []
    for names in (("mit",), ("openai-terms",), ("unknown",), ("mit", "gemma")):
        licenses(*names)
        await desk.run()
        with Store.open(desk.db) as store:
            export(store, "small", "main", "trl-preference", Path("out/a.jsonl"), CARD)
        found.append({key: value for key, value in head(Path("out")).items() if key.startswith("license")})
    assert found == [
        {"license": "mit"},
        {"license": "other", "license_name": "openai-terms", "license_link": "https://openai.com/policies/"},
        {"license": "unknown"},
        {"license": "other", "license_name": "several-terms", "license_link": "README.md"},
    ]


async def test_hostile_words_stay_words(desk) -> None:
    evil = "x | <script>alert(1)</script> [a](http://evil) `b`\n# Heading\n---"
    desk.prompts[3] |= {"skill": evil, "instruction": "Tips? ```\n``````\n# no heading \u202e\x9b"}
    desk.scenario["description"] = evil
    desk.scenario["models"]["bee"]["license"] = evil
    await desk.run()
    with Store.open(desk.db) as store:
        made = export(store, "small", "main", "trl-preference", Path("out/a.jsonl"), CARD)
    assert made.made.rows
    text = (desk.folder / "out/README.md").read_text()
    fence = re.search("^(`{3,})json$", text, flags=re.MULTILINE)
    assert fence
    before, example, after = text.split(fence[1])
    assert json.loads(example.removeprefix("json"))["id"]
    text = before + after
    assert "\\<script" in text
    assert "<script" not in text.replace("\\<script", "")
    assert "](http" not in text.replace("\\](http", "")
    assert not any(line.startswith(("# Heading", "# no")) for line in text.splitlines())
    assert "\u202e" not in text
    assert "\x9b" not in text
    assert verify_folder(Path("out")).notes == ()
    assert head(Path("out"))["license_link"] == "README.md"


async def test_verification_finds_what_was_changed(desk) -> None:
    await desk.run()
    out = Path("out")
    with Store.open(desk.db) as store:
        export(store, "small", "main", "trl-preference", out / "a.jsonl", CARD)
    lines = (out / "a.jsonl").read_text().splitlines(keepends=True)

    def findings(text: str) -> str:
        (out / "a.jsonl").write_text(text)
        return "\n".join(verify_folder(out).findings)

    assert findings("".join(lines)) == ""
    assert "its content is not" in findings("".join(lines[1:] + lines[:1]))
    assert f"{len(lines) - 1:,} are there" in findings("".join(lines[1:]))
    row = json.loads(lines[0])
    bad = json.dumps(row | {"rejected": row["chosen"]}) + "\n"
    assert "[equal_sides]" in findings("".join([bad, *lines[1:]]))
    assert "no JSON" in findings("".join(["{\n", *lines[1:]]))
    (out / "a.jsonl").unlink()
    assert verify_folder(out).findings == ("a.jsonl: is missing",)
    assert findings("".join(lines)) == ""
    (out / "README.md").write_text("mine")
    assert verify_folder(out).good
    assert "edited" in verify_folder(out).notes[0]


async def test_a_manifest_leads_nowhere_else_and_a_readme_of_others_stays(desk) -> None:
    await desk.run()
    with Store.open(desk.db) as store:
        readme, manifest = desk.folder / "README.md", desk.folder / "out/manifest.json"
        readme.write_text("mine")
        with pytest.raises(ExportError, match=r"README\.md was not written by an export"):
            export(store, "small", "main", "trl-preference", Path("a.jsonl"), CARD)
        assert (readme.read_text(), (desk.folder / "a.jsonl").exists()) == ("mine", False)
        export(store, "small", "main", "trl-preference", Path("out/a.jsonl"), CARD)
        good = manifest.read_text()
        for path in ("../README.md", str(readme), ""):
            manifest.write_text(good.replace('"a.jsonl"', json.dumps(path)))
            with pytest.raises(UsageError, match="outside of the folder"):
                verify_folder(Path("out"))
        manifest.write_text("{}}")
        with pytest.raises(UsageError, match=r"no manifest of AAA's"):
            verify_folder(Path("out"))
    with pytest.raises(UsageError, match=r"aaa export --card"):
        verify_folder(Path())


async def test_a_folder_for_the_hub_loads_by_its_card(desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets", reason="install the extra `consumers`")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "hf"))
    await desk.run()
    with Store.open(desk.db) as store:
        made = export(store, "small", "main", "hf-preference", Path("hub"), ExportOptions(test_share=0.3))
        export(store, "small", "main", "ultrafeedback", Path("uf"))
        export(store, "small", "main", "trl-preference", Path("files/pairs.jsonl"), CARD)
        export(store, "small", "main", "trl-sft", Path("files/sft.jsonl"), CARD)
    hub = datasets.load_dataset("hub")
    assert {split: len(rows) for split, rows in hub.items()} == read_manifest(Path("hub")).exports[
        "default"
    ].composition.splits
    assert sum(map(len, hub.values())) == made.made.rows
    assert set(datasets.load_dataset("uf")) >= {"train_prefs", "train_sft", "train_gen"}
    assert len(datasets.load_dataset("files", "sft", split="train")) == len(desk.rows("files/sft.jsonl"))
    assert all(verify_folder(Path(folder)).good for folder in ("hub", "uf", "files"))
    (Path("hub/data") / "train-extra.parquet").write_bytes(b"x")
    assert "is in no export" in verify_folder(Path("hub")).findings[0]


async def test_parameters_of_a_server_stay_out(desk) -> None:
    desk.scenario["models"]["ant"]["params"] = {"extra_body": {"secret": "s3cr3t"}}
    await desk.run()
    with Store.open(desk.db) as store:
        export(store, "small", "main", "trl-preference", Path("out/a.jsonl"), CARD)
    for file in (desk.folder / "out").iterdir():
        assert "s3cr3t" not in file.read_text()


async def test_a_card_tells_how_hard_the_prompts_are_and_how_the_judges_judged(desk) -> None:
    for number, prompt in enumerate(desk.prompts[:3]):
        prompt["difficulty"] = 2.2 + number
    desk.scenario["gates"] = {"parse_failure_rate": "< 0.5"}
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        told = audit_session(store, session).report.everyone
        export(store, "small", "main", "trl-preference", Path("out/a.jsonl"), CARD)
    entry = read_manifest(Path("out")).exports["a"]
    assert sum(entry.composition.difficulties.values()) == entry.rows
    assert set(entry.composition.difficulties) <= {"2", "3", "4", "unknown"}
    known = {name: figure for name, figure in told.figures.items() if figure is not None}
    assert {name: figure.value for name, figure in entry.made.audit.items()} == {
        name: round(figure.value, 4) for name, figure in known.items()
    }
    text = (desk.folder / "out/README.md").read_text()
    assert "| difficulty | rows |" in text
    assert "changed their outcome with the seats" in text
    assert "Gates passed by its judging: parse\\_failure\\_rate \\< 0.5" in text
    assert "Cost of the whole session: $" in text
