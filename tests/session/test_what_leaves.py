"""What never leaves, whatever is selected and in whatever format: personas, hints, unfit sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from aaa.export import FORMATS
from aaa.scenario import bundled_root
from aaa.session import ExportOptions, export
from aaa.store import Store
from aaa.types import Answer, Critique, PreferencePair, Session

ROLES = ("member", "student", "teacher", "critic", "judge")
SELECTIONS: dict[str, Any] = {
    "main": {"pairs": {}, "sft": {}, "labels": {}, "steps": {}},
    "wide": {
        "pairs": {"by": "score", "take": "all", "min_margin": 0},
        "sft": {"per_prompt": 9},
        "labels": {"by": "score"},
        "refusals": "as_rejected",
    },
    "open": {"pairs": {"min_margin": 0, "ties": "by_score", "min_gap": 0}, "sft": {"by": "score"}, "refusals": "allow"},
}


def marked_cards(folder: Path) -> None:
    """The cards that AAA brings, each with a word in its persona that nothing else holds."""
    (folder / "agents").mkdir()
    for role in ROLES:
        card = yaml.safe_load((bundled_root() / "agents" / f"{role}.yaml").read_text())
        card["persona"] = f"{card.get('persona', '')}\nZQ-PERSONA of the {role}.\n"
        (folder / "agents" / f"{role}.yaml").write_text(yaml.safe_dump(card))


async def test_no_persona_and_no_unfit_side_leaves_in_any_format(desk: Any) -> None:
    marked_cards(desk.folder)
    desk.scenario["stages"] = ["answer", "chat", "lesson", "grade", "battle", {"critique": {"of": "all"}}, "steps"]
    desk.scenario |= {"select": SELECTIONS, "export": []}
    await desk.run()
    made = 0
    with Store.open(desk.db) as store:
        session = "small"
        assert "ZQ-PERSONA" in str(store.get(Session, session)), "the cards are in use"
        hints = [one.change for row in store.rows(Critique) for one in row.suggestions if len(one.change) > 25]
        for selection in SELECTIONS:
            for name in FORMATS:
                if name == "trl-stepwise" and "steps" not in SELECTIONS[selection]:
                    continue
                to = desk.folder / "out" / f"{selection}-{name}"
                made += export(store, session, selection, name, to, ExportOptions(reasoning="inline")).made.rows
        for pair in store.rows(PreferencePair):
            sides = [store.get(Answer, id_) for id_ in (pair.chosen_answer, pair.rejected_answer)]
            chosen, rejected = (side for side in sides if side is not None)
            assert chosen.text.strip() != rejected.text.strip()
            assert chosen.finish_reason != "length"
            assert chosen.stands_alone is not False
            assert rejected.stands_alone is not False
            assert pair.selection == "open" or not chosen.refused
    assert made > 100
    assert hints
    for file in (desk.folder / "out").rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode(errors="replace")
            assert "ZQ-PERSONA" not in text, file
            assert "persona" not in text.lower(), file
            if file.name.endswith(
                ("preference", "ranking", "dpo")
            ):  # dialogues, in which a teacher speaks, are no pairs
                assert not [hint for hint in hints if hint in text], file
