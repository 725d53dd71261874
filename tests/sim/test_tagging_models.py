"""Simulated taggers: they read the prompt alone, and err as declared."""

from __future__ import annotations

from math import sqrt

from sim_desk import PROMPTS, model, seeds

from aaa.curate.attributes import Labels, Taxonomies
from aaa.curate.tagging import TagForm
from aaa.scenario import SAFETY, SKILLS, TASKS, load_taxonomy
from aaa.sim import respond
from aaa.types import Model, Params, assistant, user

ALL = Taxonomies(load_taxonomy(SKILLS), load_taxonomy(TASKS), load_taxonomy(SAFETY))
BESIDE = 8
SEEDS = [one for one in seeds() if len(one.messages) == 1]


def asked(texts: list[str], taxonomies: Taxonomies = ALL) -> str:
    return PROMPTS.render(
        "tag_instructions",
        texts=texts,
        skills=taxonomies.skills.meanings if taxonomies.skills else None,
        tasks=taxonomies.tasks.meanings,
        safety=taxonomies.safety.meanings,
        fence="0f1e2d3c4b5a",
    ).text


def said(who: Model, texts: list[str], taxonomies: Taxonomies = ALL) -> dict[int, Labels] | None:
    words = respond(who, [user(asked(texts, taxonomies))], Params(max_tokens=4096)).text
    return TagForm(taxonomies, len(texts)).read(words)


def labelled(who: Model) -> list[tuple[str | None, Labels]]:
    found = []
    for at in range(0, len(SEEDS), BESIDE):
        part = SEEDS[at : at + BESIDE]
        labels = said(who, [one.text for one in part])
        assert labels is not None
        found += [(one.skill, labels[number]) for number, one in enumerate(part, 1)]
    return found


def test_a_faithful_tagger_knows_the_skills_of_the_seeds() -> None:
    found = labelled(model())
    assert sum(skill == labels.skill for skill, labels in found) >= 0.98 * len(found)


def test_labels_err_at_the_declared_rate_each_by_itself() -> None:
    right, wrong = labelled(model("elm")), labelled(model("elm", tag={"errors": 0.3}))
    margin = 3.3 * sqrt(0.3 * 0.7 / len(right))
    for name in ("skill", "task", "safety", "language", "difficulty"):
        changed = [getattr(a, name) != getattr(b, name) for (_, a), (_, b) in zip(right, wrong, strict=True)]
        allowed = margin + (0.12 if name == "difficulty" else 0.0)  # one that would leave the scale stays at its end
        assert abs(sum(changed) / len(changed) - 0.3) < allowed, name


def test_what_it_says_of_one_does_not_depend_on_what_stands_beside_it() -> None:
    who = model(tag={"errors": 0.5})
    texts = [one.text for one in SEEDS[:6]]
    together = said(who, texts)
    assert together is not None
    for number, text in enumerate(texts, 1):
        alone = said(who, [text])
        assert alone is not None
        assert alone[1] == together[number]


def test_it_chooses_among_the_options_of_the_prompt() -> None:
    other = Taxonomies(load_taxonomy("wizardlm-29"), ALL.tasks, ALL.safety)
    found = said(model(), ["Is it right and fair to read it?", "Discuss two books by one author."], other)
    assert found is not None
    assert [found[1].skill, found[2].skill] == ["ethics", "literature"]
    nothing = said(model(), ["Explain how photosynthesis works."], Taxonomies(None, ALL.tasks, ALL.safety))
    assert nothing is not None
    assert nothing[1].skill is None


def test_replies_can_be_faulty_and_are_better_when_asked_again() -> None:
    texts = [one.text for one in SEEDS[:8]]
    babbling, skipping = model(tag={"malformed": 1.0}), model(tag={"skips": 0.4})
    assert said(babbling, texts) is None
    words = respond(skipping, [user(asked(texts))], Params(max_tokens=4096)).text
    assert 0 < len(TagForm(ALL, 8).partly(words)) < 8
    again = [user(asked(texts)), assistant(words), user("I could not read your reply. Please answer once more.")]
    second = respond(skipping, again, Params(max_tokens=4096)).text
    assert TagForm(ALL, 8).partly(second).keys() != TagForm(ALL, 8).partly(words).keys()


def test_older_natures_keep_their_luck() -> None:
    assert model("oak", judge={"accuracy": 0.8}).identity == model("oak", judge={"accuracy": 0.8}, tag={}).identity
    assert model("oak").identity != model("oak", tag={"errors": 0.1}).identity
