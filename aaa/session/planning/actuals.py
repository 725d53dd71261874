"""What a session's calls came to, to stand beside its forecast."""

from __future__ import annotations

from aaa.session.planning.lines import usage_of
from aaa.session.planning.made import made_calls
from aaa.store import Store
from aaa.types import Model, Session, Value


class Actual(Value):
    """Calls that a session caused; those it found in the journal are not among them."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    """As far as prices are known."""
    unpriced_calls: int = 0

    def __add__(self, other: Actual) -> Actual:
        return Actual(**{name: getattr(self, name) + getattr(other, name) for name in Actual.model_fields})

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


def actual(store: Store, session: Session) -> dict[tuple[str, str], Actual]:
    """What the session has come to so far, by stage and model."""
    declared = session.scenario["models"]
    assert isinstance(declared, dict)
    models = {name: Model.model_validate(model) for name, model in declared.items()}
    found: dict[tuple[str, str], Actual] = {}
    for made in made_calls(store, session.id, list(session.stages), models):
        if made.paid:
            usage = usage_of(made.call)
            one = Actual(
                calls=1,
                prompt_tokens=usage.prompt_tokens,
                completion_tokens=usage.completion_tokens,
                usd=made.call.usd or 0.0,
                unpriced_calls=made.call.usd is None,
            )
            key = (made.stage, made.model)
            found[key] = found.get(key, Actual()) + one
    return found
