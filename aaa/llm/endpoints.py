"""Where a model's requests go, and which key may go with them: a key never leaves for an address that is not its own.

litellm knows a hundred providers; the table holds those whose address and key AAA must know without importing it
(5 s), which are all that the lean route serves, and the most used of the others. A test compares it with litellm.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from aaa.llm.faults import fault
from aaa.llm.lazy import load_litellm
from aaa.types import Deployment, Model

NO_KEY = "none"
"""Sent where a server wants some key but has none of ours to see."""


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity, which is what caching asks of it
class Provider:
    """How a provider is reached."""

    base: str | None = None
    """Its address; None where every user has one of their own, or only litellm needs to know it."""
    hosts: tuple[str, ...] = ()
    """Hosts (and their subdomains) that its keys may be sent to, beside that of `base`."""
    keys: tuple[str, ...] = ()
    """Environment variables that hold its key; the first that is set counts."""
    bases: tuple[str, ...] = ()
    """Environment variables that move its address."""
    wire: bool = True
    """Whether it speaks OpenAI's chat wire as it is."""
    local: bool = False
    """Whether it is software that one runs oneself: no key needed, no list price."""


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        "https://api.openai.com/v1", ("openai.com",), ("OPENAI_API_KEY",), ("OPENAI_BASE_URL", "OPENAI_API_BASE")
    ),
    "hosted_vllm": Provider(keys=("HOSTED_VLLM_API_KEY",), bases=("HOSTED_VLLM_API_BASE",), local=True),
    "lm_studio": Provider(keys=("LM_STUDIO_API_KEY",), bases=("LM_STUDIO_API_BASE",), local=True),
    "llamafile": Provider(
        "http://127.0.0.1:8080/v1", keys=("LLAMAFILE_API_KEY",), bases=("LLAMAFILE_API_BASE",), local=True
    ),
    "ollama": Provider(
        "http://localhost:11434", ("ollama.com",), ("OLLAMA_API_KEY",), ("OLLAMA_API_BASE",), local=True
    ),
    "ollama_chat": Provider(
        "http://localhost:11434", ("ollama.com",), ("OLLAMA_API_KEY",), ("OLLAMA_API_BASE",), wire=False, local=True
    ),
    "groq": Provider("https://api.groq.com/openai/v1", (), ("GROQ_API_KEY",), ("GROQ_API_BASE",)),
    "deepseek": Provider("https://api.deepseek.com/beta", (), ("DEEPSEEK_API_KEY",), ("DEEPSEEK_API_BASE",)),
    "xai": Provider("https://api.x.ai/v1", (), ("XAI_API_KEY",), ("XAI_API_BASE",)),
    "together_ai": Provider(
        "https://api.together.ai/v1",
        ("together.xyz",),
        ("TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_TOKEN"),
        ("TOGETHER_AI_API_BASE",),
    ),
    "deepinfra": Provider("https://api.deepinfra.com/v1/openai", (), ("DEEPINFRA_API_KEY",), ("DEEPINFRA_API_BASE",)),
    "cerebras": Provider("https://api.cerebras.ai/v1", (), ("CEREBRAS_API_KEY",), ("CEREBRAS_API_BASE",)),
    "nvidia_nim": Provider(
        "https://integrate.api.nvidia.com/v1", (), ("NVIDIA_NIM_API_KEY",), ("NVIDIA_NIM_API_BASE",)
    ),
    "openrouter": Provider(
        "https://openrouter.ai/api/v1", (), ("OPENROUTER_API_KEY", "OR_API_KEY"), ("OPENROUTER_API_BASE",)
    ),
    "mistral": Provider(
        "https://api.mistral.ai/v1",
        (),
        ("MISTRAL_API_KEY",),
        ("MISTRAL_AZURE_API_BASE", "MISTRAL_API_BASE"),
        wire=False,
    ),
    "anthropic": Provider(
        None, ("anthropic.com",), ("ANTHROPIC_API_KEY",), ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"), wire=False
    ),
    "gemini": Provider(
        None, ("googleapis.com",), ("GOOGLE_API_KEY", "GEMINI_API_KEY"), ("GEMINI_API_BASE",), wire=False
    ),
    "azure": Provider(
        None, ("azure.com", "azure.us", "azure-api.net"), ("AZURE_API_KEY",), ("AZURE_API_BASE",), wire=False
    ),
}


UNKNOWN = Provider()
"""One that only litellm knows."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address and key of one model; the key is kept out of its `repr`."""

    base: str | None
    """None: litellm knows it."""
    key: str | None

    def __repr__(self) -> str:
        return f"Endpoint({self.base!r})"


def provider_name(model: Model) -> str | None:
    """The provider that the model string names, if it names one: `openai` of `openai/gpt-4o-mini`."""
    head, slash, _ = model.model.partition("/")
    return head if slash else None


def provider_of(model: Model) -> Provider | None:
    """What the table knows of the model's provider."""
    return PROVIDERS.get(provider_name(model) or "")


def located(model: Model, environ: Mapping[str, str] = os.environ) -> Model:
    """The model with the address that the environment gives its provider, where the scenario gives none.

    The address of a self-hosted model is part of its identity, so it is settled before a key is computed. A model with
    deployments has an identity of its own, and each of them its address.
    """
    provider = provider_of(model)
    if model.api_base is not None or provider is None or model.deployments:
        return model
    base = _first(environ, provider.bases)
    return model if base is None else model.model_copy(update={"api_base": base})


def places(model: Model, environ: Mapping[str, str] = os.environ) -> tuple[Model, ...]:
    """The model as it is reached at each of its deployments; without any it is its own only place."""
    return tuple(_placed(model, deployment, environ) for deployment in model.deployments) or (model,)


def _placed(model: Model, deployment: Deployment, environ: Mapping[str, str]) -> Model:
    """Address and key are the deployment's alone: a key of one place never goes to another."""
    own = deployment.model_dump(exclude={"weight", "api_base", "api_key_env"}, exclude_none=True)
    address = {"api_base": deployment.api_base, "api_key_env": deployment.api_key_env, "deployments": ()}
    return located(model.model_copy(update={**own, **address}), environ)


def is_official(model: Model) -> bool:
    """Whether the model's address, as far as one is set, is its provider's own, and safe from listeners."""
    return model.api_base is None or _is_official(provider_of(model) or UNKNOWN, model.api_base)


@lru_cache(maxsize=1024)
def _is_official(provider: Provider, base: str) -> bool:
    if base == provider.base:
        return True
    host = urlsplit(base).hostname or ""
    own = (urlsplit(provider.base or "").hostname or "", *provider.hosts)
    return base.lower().startswith("https://") and any(
        name and (host == name or host.endswith("." + name)) for name in own
    )


def endpoint(model: Model, environ: Mapping[str, str] = os.environ) -> Endpoint:
    """Address and key of a model.

    An address of the user's own gets the key that `api_key_env` names. Without that it gets the provider's key only
    if it is the provider's address, if the environment set both, or if the provider is software that one runs oneself
    (its key was made for such an address); else none. Raises `CallError` where the key that it needs is not set.
    """
    if not model.simulated and (name := _missing(model, environ)) is not None:
        raise fault("auth", model, f"environment variable {name} is not set")
    provider = provider_of(model) or UNKNOWN
    base = model.api_base or provider.base
    if model.api_key_env is not None:
        return Endpoint(base, environ[model.api_key_env])
    trusted = is_official(model) or model.api_base == _first(environ, provider.bases)
    own = _first(environ, provider.keys)
    if trusted or (provider.local and provider.base is None):
        return Endpoint(base, own or (NO_KEY if provider.local else None))
    return Endpoint(base, NO_KEY)


def missing_key(model: Model, environ: Mapping[str, str] = os.environ) -> str | None:
    """Name of the environment variable with a key that the model needs at one of its places and that is not set, or
    None."""
    missing = (_missing_at(place, environ) for place in places(model, environ))
    return next((name for name in missing if name is not None), None)


def _missing_at(model: Model, environ: Mapping[str, str]) -> str | None:
    if model.simulated:
        return None
    if model.api_key_env is not None or model.api_base is not None or provider_of(model) is not None:
        return _missing(model, environ)
    missing: list[str] = load_litellm().validate_environment(model.model)["missing_keys"]
    return missing[0] if missing else None


def _missing(model: Model, environ: Mapping[str, str]) -> str | None:
    """The same without litellm: None for providers that only litellm knows."""
    if model.api_key_env is not None:
        return None if environ.get(model.api_key_env) else model.api_key_env
    provider = provider_of(model)
    if provider is None or provider.local or not is_official(model) or _first(environ, provider.keys) is not None:
        return None
    return provider.keys[0]


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)
