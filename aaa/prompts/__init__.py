"""Method prompts and personas: sandboxed Jinja templates, known by the hash of their text."""

from aaa.prompts.persona import render_persona
from aaa.prompts.prompt_set import Prompt, PromptSet
from aaa.prompts.sandbox import check_template

__all__ = ["Prompt", "PromptSet", "check_template", "render_persona"]
