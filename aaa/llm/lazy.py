"""litellm, imported when first needed (5 s, 120 MB) and kept from doing anything of its own accord."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any

# Read by litellm while it is imported and later: no price map, header list or tokenizer from the network, no `.env` of
# the working folder. Nor its own cap of 500 connections to a host: limits are the gateway's.
_ENVIRONMENT = {
    "LITELLM_OFFLINE_MODE": "true",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # this and the next are what older versions read
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "AIOHTTP_CONNECTOR_LIMIT": "65536",
    "AIOHTTP_CONNECTOR_LIMIT_PER_HOST": "65536",
}


@cache
def load_litellm() -> Any:
    """The litellm module: no telemetry, no chatter, no callbacks, no parameters dropped silently."""
    os.environ.update(_ENVIRONMENT)
    import litellm  # heavy

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = False
    litellm.modify_params = False
    litellm.num_retries = None
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        # Its log lines may quote requests and error bodies; AAA reports the same fault, typed and redacted.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return litellm
