"""Simulated models by name, the merging of declared profiles, and twins of real models for a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from aaa.errors import UsageError
from aaa.sim.chance import Chance
from aaa.types import Model, SimEvolver, SimJudge, SimProfile

DEFAULT: Final = "default"
REHEARSAL: Final = "REHEARSAL: simulated models, not training data"
"""What stands above all that is shown of such models."""

PROFILES: Final[Mapping[str, SimProfile]] = MappingProxyType(
    {
        DEFAULT: SimProfile(),
        # Reliable with figures, short of words.
        "maple": SimProfile(
            skills={"arithmetic": 0.95, "word_problems": 0.9, "units": 0.92, "writing": 0.45, "advice": 0.5},
            default_skill=0.75,
            verbosity=0.15,
            judge=SimJudge(accuracy=0.9, position_bias=0.05),
        ),
        # Writes well and long, reckons badly; likes what is long.
        "birch": SimProfile(
            skills={"writing": 0.95, "advice": 0.92, "arithmetic": 0.5, "word_problems": 0.45, "units": 0.5},
            default_skill=0.7,
            verbosity=0.85,
            judge=SimJudge(accuracy=0.82, verbosity_bias=0.2, shared_errors=0.5, error_group="broadleaf"),
        ),
        # The strongest all-rounder, a little fond of its own voice.
        "cedar": SimProfile(
            default_skill=0.9,
            verbosity=0.5,
            heed=0.95,
            judge=SimJudge(accuracy=0.92, self_preference=0.08),
        ),
        # Small and quick: often wrong, and takes what it reads first.
        "rowan": SimProfile(
            default_skill=0.45,
            verbosity=0.3,
            heed=0.8,
            leak=0.1,
            judge=SimJudge(accuracy=0.72, position_bias=0.25, malformed=0.03),
        ),
        # At home in languages and calendars.
        "hazel": SimProfile(
            skills={"multilingual": 0.95, "dates": 0.93, "text_editing": 0.9, "code_reading": 0.4, "logic": 0.55},
            default_skill=0.72,
            verbosity=0.4,
            judge=SimJudge(accuracy=0.85, shared_errors=0.5, error_group="broadleaf"),
        ),
        # Reads code and puzzles; careless with text.
        "willow": SimProfile(
            skills={"code_reading": 0.95, "logic": 0.93, "sorting": 0.9, "text_editing": 0.5, "extraction": 0.6},
            default_skill=0.7,
            verbosity=0.6,
            judge=SimJudge(accuracy=0.87, position_bias=0.08, verbosity_bias=0.05),
        ),
        # Middling in everything, with shared blind spots.
        "alder": SimProfile(
            default_skill=0.65,
            verbosity=0.45,
            leak=0.05,
            judge=SimJudge(accuracy=0.8, shared_errors=0.5, error_group="broadleaf"),
        ),
    }
)
"""Profiles behind `sim/NAME`. All figures are ours: they span what a pool of real models may look like."""


def resolve(model: Model) -> Model:
    """A simulated model with its complete profile and its identity; any other model as it is.

    `sim/NAME` takes the profile of that name, and what the scenario declares under `sim:` is laid over it. A name of
    one's own is possible where `sim:` is given; it is laid over the default profile.
    Raises `UsageError` for an unknown name without a profile.
    """
    if not model.simulated:
        return model
    name = model.model.removeprefix("sim/")
    if name not in PROFILES and model.sim is None:
        close = get_close_matches(name, PROFILES, n=1)
        hint = f"; did you mean 'sim/{close[0]}'?" if close else "."
        raise UsageError(
            f"model {model.name!r}: there is no simulated model {model.model!r}{hint} Named ones are "
            f"{', '.join(f'sim/{known}' for known in PROFILES)}. For one of your own, declare its profile under `sim:`."
        )
    return _settled(model, _laid_over(PROFILES.get(name, PROFILES[DEFAULT]), model.sim))


def twin(model: Model) -> Model:
    """The simulated twin of a real model, for a rehearsal: same name, family, terms and parameters, and no limits.

    Its profile is drawn by the model's name and says nothing about the real one. A simulated model is resolved.
    """
    if model.simulated:
        return resolve(model)
    unreal = {"model": "sim/twin", "api_base": None, "api_key_env": None, "route": "auto", "deployments": ()}
    unreal |= dict.fromkeys(("rpm", "tpm", "input_tpm", "output_tpm", "concurrency"))
    return _settled(model.model_copy(update=unreal), _laid_over(_drawn_profile(model.name), model.sim))


def _settled(model: Model, profile: SimProfile) -> Model:
    from aaa.sim.mind import fingerprint  # heavy

    return model.model_copy(update={"sim": profile, "identity": fingerprint(model.family, profile)})


def _laid_over(base: SimProfile, declared: SimProfile | None) -> SimProfile:
    """The fields that were declared, over the base; mappings are merged key by key."""
    if declared is None:
        return base
    return SimProfile.model_validate(_merged(base.model_dump(), declared.model_dump(exclude_unset=True)))


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {key: _merged(base[key], value) for key, value in over.items() if isinstance(value, dict) and key in base}
    return {**base, **over, **both}


def _drawn_profile(name: str) -> SimProfile:
    """A profile drawn by a name; the ranges (ours) keep twins apart without making any of them useless."""
    from aaa.sim.skills import SKILLS  # heavy

    chance = Chance("twin", name)

    def between(what: str, low: float, high: float) -> float:
        return round(low + (high - low) * chance.unit(what), 3)

    level = between("level", 0.55, 0.85)
    skills = {skill: round(min(0.97, max(0.3, level + between(skill, -0.2, 0.2))), 3) for skill in SKILLS}
    judge = SimJudge(
        accuracy=between("accuracy", 0.75, 0.95),
        position_bias=between("position", 0.0, 0.15),
        verbosity_bias=between("length", 0.0, 0.1),
        self_preference=between("self", 0.0, 0.1),
        malformed=between("malformed", 0.0, 0.02),
    )
    evolve = {fault: between(f"evolve {fault}", 0.0, 0.03) for fault in SimEvolver.model_fields}
    evolve["rewords"] = between("evolve rewords", 0.02, 0.12)
    return SimProfile(
        skills=skills,
        default_skill=level,
        verbosity=between("verbosity", 0.1, 0.9),
        heed=between("heed", 0.75, 0.95),
        leak=between("leak", 0.0, 0.08),
        judge=judge,
        evolve=SimEvolver.model_validate(evolve),
    )
