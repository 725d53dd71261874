"""Named profiles, profiles of one's own, twins for a rehearsal."""

import pytest

from aaa.errors import UsageError
from aaa.sim import PROFILES, resolve, twin
from aaa.sim.voice import voice_of
from aaa.types import Model, Params, SimProfile


def named(name: str, **fields: object) -> Model:
    return Model.model_validate({"name": "one", "model": f"sim/{name}", "family": "f", **fields})


def test_the_catalogue_is_varied() -> None:
    assert len(PROFILES) >= 6
    named_ones = [profile for name, profile in PROFILES.items() if name != "default"]
    assert len({profile.model_dump_json() for profile in named_ones}) == len(named_ones)
    assert len({profile.judge.model_dump_json() for profile in named_ones}) == len(named_ones)
    assert len({voice_of(name) for name in PROFILES}) == len(PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_a_named_model_gets_its_profile_and_identity(name: str) -> None:
    found = resolve(named(name))
    assert found.sim == PROFILES[name]
    assert found.identity.startswith("sim:")
    assert resolve(found) == found


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'sim/mapel'; did you mean 'sim/maple'\?.*sim/cedar"):
        resolve(named("mapel"))


def test_a_declared_profile_is_laid_over_field_by_field() -> None:
    declared = {"skills": {"dates": 0.1}, "judge": {"malformed": 0.5}}
    found = resolve(named("maple", sim=declared)).sim
    assert found.skills == {**PROFILES["maple"].skills, "dates": 0.1}
    assert found.judge.malformed == 0.5
    assert found.judge.accuracy == PROFILES["maple"].judge.accuracy
    own = resolve(named("mine", sim={"default_skill": 0.2})).sim
    assert own == SimProfile(default_skill=0.2)


def test_identity_follows_from_nature_not_from_names_or_limits() -> None:
    one = resolve(named("maple"))
    assert resolve(named("maple", rpm=3, params={"temperature": 1.0})).identity == one.identity
    assert resolve(named("maple", sim={"heed": 0.1})).identity != one.identity
    assert resolve(named("maple", family="g")).identity != one.identity


def test_a_real_model_is_left_alone() -> None:
    real = Model(name="gpt", model="openai/gpt-4o-mini", family="gpt")
    assert resolve(real) is real


def test_a_twin_keeps_what_the_scenario_says_and_reaches_nobody() -> None:
    real = Model(
        name="local",
        model="hosted_vllm/some",
        family="fam",
        license="mit",
        api_base="http://localhost:1",
        api_key_env="KEY",
        route="lean",
        rpm=7,
        params=Params(temperature=0.3),
    )
    double = twin(real)
    assert double.model == "sim/twin"
    assert double.simulated
    assert (double.api_base, double.api_key_env, double.route) == (None, None, "auto")
    assert double.rpm is None, "a rehearsal has nobody to wait for"
    kept = ("name", "family", "license", "params", "timeout")
    assert [getattr(double, name) for name in kept] == [getattr(real, name) for name in kept]
    assert twin(real) == double
    assert double.sim is not None
    assert double.sim.evolve.rewords > 0.01, "what evolves in a rehearsal is dropped now and then"
    other = twin(real.model_copy(update={"name": "second"}))
    assert other.sim != double.sim
    assert other.identity != double.identity


def test_the_twin_of_a_simulated_model_is_itself() -> None:
    assert twin(named("maple")) == resolve(named("maple"))
