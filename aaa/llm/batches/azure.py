"""Azure's batch API is OpenAI's own, at an address of each resource (Microsoft, "Azure OpenAI batch", API v1)."""

from __future__ import annotations

from aaa.llm.endpoints import NO_KEY, PROVIDERS, endpoint, provider_name
from aaa.types import Model

V1 = "/openai/v1"
"""Where a resource speaks OpenAI's wire, without an `api-version`."""


def on_wire(model: Model) -> Model:
    """The model as its batches meet it: a deployment of Azure (one of the type `Global-Batch`) is named in each line.

    Its key goes along as it would to a deployment. Any other model is returned as it is. Raises `CallError` where the
    key that it needs is not set.
    """
    if provider_name(model) != "azure" or model.api_base is None:
        return model
    own = None if endpoint(model).key in (None, NO_KEY) else PROVIDERS["azure"].keys[0]
    return model.model_copy(
        update={
            "model": f"openai/{model.model.partition('/')[2]}",
            "api_base": model.api_base.partition("?")[0].partition("/openai")[0].rstrip("/") + V1,
            "api_key_env": model.api_key_env or own,
        }
    )
