"""Who speaks: models, their parameters, prices and terms, agent cards, and the declared nature of simulated models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from aaa.types.base import Value

CardRole = Literal["teacher", "student", "judge", "critic", "user", "evolver", "tagger"]
Rate = Annotated[float, Field(ge=0.0, le=1.0)]


class Params(Value):
    """How a model is asked. They resolve model < card < stage; what none of them sets is left to the server."""

    temperature: Annotated[float, Field(ge=0.0)] | None = None
    top_p: Rate | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: str | None = None
    extra_body: dict[str, JsonValue] = Field(default_factory=dict)

    def over(self, base: Params) -> Params:
        """These parameters where they are set, `base` elsewhere; `extra_body` is merged key by key."""
        if not self.model_fields_set:
            return base
        mine = self.model_dump(exclude_defaults=True)
        merged = {**base.model_dump(exclude_defaults=True), **mine}
        merged["extra_body"] = {**base.extra_body, **self.extra_body}
        return Params.model_validate(merged)


class Rates(Value):
    """USD per million tokens."""

    input: Annotated[float, Field(ge=0.0)]
    output: Annotated[float, Field(ge=0.0)]
    cached_input: Annotated[float, Field(ge=0.0)] | None = None


class PriceTier(Rates):
    """What a whole request costs whose prompt is long."""

    above: Annotated[int, Field(ge=0)]
    """Tokens that the prompt has to exceed."""


class Price(Rates):
    """List price in USD per million tokens."""

    tiers: tuple[PriceTier, ...] = ()
    """Other rates for long prompts; that with the highest `above` that the prompt exceeds counts."""


class SimJudge(Value):
    """How a simulated model judges: all rates lie in 0..1."""

    accuracy: Rate = 0.9
    """Share of readings in which it perceives which answer is really better (before its biases act)."""
    position_bias: Rate = 0.0
    """Share of games decided for the first seat without reading."""
    verbosity_bias: Rate = 0.0
    """Share of games decided for the longer text without reading."""
    self_preference: Rate = 0.0
    """Share of games decided for the text written in its own family's style without reading."""
    shared_errors: Rate = 0.0
    """Share of its errors that it makes on the same items as all judges of the same `error_group`."""
    error_group: str = ""
    malformed: Rate = 0.0
    """Share of replies that lack a readable verdict."""
    alone_errors: Rate = 0.02
    """Share of texts about which it errs when it is asked whether they stand alone."""


class SimFaults(Value):
    """Rates at which a simulated endpoint fails; transient ones are drawn anew for each attempt."""

    rate_limited: Rate = 0.0
    server: Rate = 0.0
    timeout: Rate = 0.0
    malformed: Rate = 0.0
    truncated: Rate = 0.0
    refused: Rate = 0.0


class SimEvolver(Value):
    """Rates at which a simulated evolver fails in each of the known ways; at most one of them happens in a reply."""

    answers: Rate = 0.0
    chatter: Rate = 0.0
    copies: Rate = 0.0
    """Words of the rewriting prompt in the new instruction."""
    translates: Rate = 0.0
    repeats: Rate = 0.0
    """The old instruction again."""
    pads: Rate = 0.0
    """Far too long."""
    refuses: Rate = 0.0
    empties: Rate = 0.0
    rewords: Rate = 0.0
    """Other words for the same, which asks for nothing more."""
    loses_input: Rate = 0.0


class SimPerson(Value):
    """How a simulated model errs when it plays a person who asks: rates by conversation, in 0..1."""

    flips: Rate = 0.0
    """It begins to speak as the one who helps."""
    lingers: Rate = 0.0
    """It takes leave again and again instead of ending."""
    repeats: Rate = 0.0
    """It says the same once more."""
    switches: Rate = 0.0
    """It goes on in another language."""


class SimTagger(Value):
    """How a simulated model errs when it labels instructions: rates in 0..1."""

    errors: Rate = 0.0
    """Chance of each label by itself to be another one than it perceives."""
    skips: Rate = 0.0
    """Chance of each instruction to be missing in a reply, drawn anew when it is asked again."""
    malformed: Rate = 0.0
    """Chance of a reply that is no JSON, drawn anew when it is asked again."""


class SimProfile(Value):
    """The declared nature of a simulated model; its hash is the model's identity."""

    skills: dict[str, Rate] = Field(default_factory=dict)
    """Chance of a right answer by skill, for an instruction of middling difficulty."""
    default_skill: Rate = 0.7
    verbosity: Rate = 0.3
    """0 answers in a line, 1 explains every step and more."""
    heed: Rate = 0.9
    """Chance that it mends what a critique, a hint or a correction in the conversation points at."""
    leak: Rate = 0.0
    """Chance that a revision thanks for the hint or refers to the earlier draft."""
    gives_away: Rate = 0.0
    """Chance that a hint of its states the result."""
    tools: Rate = 0.9
    """Chance that it uses a tool that it is offered and knows how to ask."""
    judge: SimJudge = SimJudge()
    evolve: SimEvolver = SimEvolver()
    person: SimPerson = SimPerson()
    tag: SimTagger = SimTagger()
    faults: SimFaults = SimFaults()
    latency: Annotated[float, Field(ge=0.0)] = 0.0
    """Mean seconds a reply takes."""


class Deployment(Value):
    """One of several places where a model is served. What it does not set of model and limits is the model's."""

    model: str | None = None
    """litellm's model string there, such as `azure/my-deployment`."""
    api_base: str | None = None
    """Address of the server; the provider's own without it."""
    api_key_env: str | None = None
    """Name of the environment variable that holds the key for it."""
    rpm: Annotated[int, Field(ge=1)] | None = None
    tpm: Annotated[int, Field(ge=1)] | None = None
    input_tpm: Annotated[int, Field(ge=1)] | None = None
    output_tpm: Annotated[int, Field(ge=1)] | None = None
    concurrency: Annotated[int, Field(ge=1)] | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    """Its share of the requests, relative to the others at equal limits."""


class Model(Value):
    """An LLM as a scenario names it."""

    name: str
    """The key under `models:`."""
    model: str
    """litellm's model string, such as `openai/gpt-4o-mini`, or `sim/NAME` for a simulated model."""
    family: str
    license: str = "unknown"
    """Terms of the model's outputs: an SPDX id or a name of your own; supplied by the user, no legal advice."""
    identity: str | None = None
    """What a self-hosted model is, whatever the address, such as `qwen2.5-7b@main`."""
    revision: str | None = None
    """Checkpoint or date of the weights."""
    api_base: str | None = None
    api_key_env: str | None = None
    """Name of the environment variable that holds the key, where litellm would look for another."""
    params: Params = Field(default_factory=Params)
    rpm: Annotated[int, Field(ge=1)] | None = None
    tpm: Annotated[int, Field(ge=1)] | None = None
    """Tokens a minute, prompts and completions together; `input_tpm` and `output_tpm` where they count apart."""
    input_tpm: Annotated[int, Field(ge=1)] | None = None
    output_tpm: Annotated[int, Field(ge=1)] | None = None
    concurrency: Annotated[int, Field(ge=1)] | None = None
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds one attempt may take."""
    price: Price | Literal["free"] | None = None
    weak: bool = False
    """Whether it is known to be a weak student, which gains much by simpler instructions (see stage `evolve`)."""
    context: Annotated[int, Field(ge=1)] | None = None
    """Context window in tokens, where litellm does not know it."""
    route: Literal["auto", "lean", "litellm"] = "auto"
    deployments: tuple[Deployment, ...] = ()
    """Places that serve this same model: requests are spread over them, and one that fails is given a rest."""
    fallbacks: tuple[str, ...] = ()
    """Names of other models, asked in this order where this one gives no service."""
    sim: SimProfile | None = None

    @property
    def simulated(self) -> bool:
        """Whether the model is one of ours that only pretends."""
        return self.model.startswith("sim/")


class Producer(Value):
    """A model whose text a row contains, with its terms."""

    model: str
    family: str
    license: str
    simulated: bool = False


class AgentCard(Value):
    """Who speaks: a role and a persona. A file in `agents/`."""

    name: str
    role: CardRole
    description: str = ""
    persona: str = ""
    """System message, a sandboxed Jinja template."""
    params: Params = Field(default_factory=Params)
    variables: dict[str, str] = Field(default_factory=dict)
    """Values for the persona's own variables."""
