"""Terms in exports: rows stay out by the licenses of all whose text they contain, counted and listed."""

from __future__ import annotations

from pathlib import Path

from aaa.session import ExportOptions, export, validate
from aaa.store import Store
from aaa.types import PreferencePair


async def test_rows_stay_out_by_the_terms_of_all_their_producers(desk) -> None:
    desk.scenario["models"]["bee"]["license"] = "openai-terms"
    desk.scenario["export"][0]["terms"] = "no-competing-use-restrictions"
    result = await desk.run()
    with Store.open(desk.db) as store:
        pairs = list(store.rows(PreferencePair, session="small", selection="main"))
        barred = [pair.id for pair in pairs if "bee" in {producer.model for producer in pair.producers}]
        assert 0 < len(barred) < len(pairs)
        made = result.exports[0].made
        assert made.left_out.rows == {"terms:openai-terms": barred}
        assert [row["id"] for row in desk.rows()] == [pair.id for pair in pairs if pair.id not in barred]
        # Judges wrote no word of a row: their terms stand apart.
        assert any("bee" in row["judges"] for row in desk.rows())
        every = export(store, "small", "main", "trl-preference", Path("all.jsonl"))
        assert every.made.rows == len(pairs)


async def test_a_license_that_nobody_knows_passes_nothing_but_any(desk) -> None:
    desk.scenario["models"]["ant"].pop("license")
    desk.scenario["profiles"] = {"ours": {"never": ["apache-2.0"], "commercial": True}}
    await desk.run()
    with Store.open(desk.db) as store:
        for profile in ("open-only", "commercial", "no-competing-use-restrictions", "ours"):
            made = export(
                store, "small", "main", "trl-preference", Path(f"{profile}.jsonl"), ExportOptions(terms=profile)
            )
            assert not any("ant" in row["producers"] for row in desk.rows(f"{profile}.jsonl"))
            assert "terms:unknown" in made.made.left_out.counts()


def test_validation_says_beforehand_whose_text_stays_out(desk) -> None:
    desk.scenario["models"]["bee"]["license"] = "openai-terms"
    desk.scenario["export"][0]["terms"] = "open-only"
    assert validate(desk.resolve()).notes == (
        "rows with text of model 'bee' (openai-terms) stay out of exports: profile open-only: `open` must be true, but "
        "is false",
    )
