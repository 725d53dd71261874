"""The method prompts: those that AAA brings, each of which a file of the user's own may replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from jinja2 import DictLoader, Template, meta

from aaa.errors import TemplateError
from aaa.prompts.sandbox import check_template, environment, fill
from aaa.types import content_hash

PARTS = "_parts"
SUFFIX = ".jinja"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A rendered prompt; `hash` is that of the template's text, whatever the values."""

    text: str
    hash: str


class PromptSet:
    """The method prompts of a session, by name. Make one with `PromptSet.load`."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        """`templates`: text by name; `_parts` holds the macros that the others import."""
        self._environment = environment(DictLoader({name + SUFFIX: text for name, text in templates.items()}))
        parts = templates[PARTS]
        self._texts = {
            name: parts + text if PARTS + SUFFIX in text else text
            for name, text in sorted(templates.items())
            if name != PARTS
        }
        self._compiled: dict[str, Template] = {}
        self._hashes = {name: content_hash(text) for name, text in self._texts.items()}

    @classmethod
    def load(cls, overrides: Mapping[str, Path] = MappingProxyType({})) -> PromptSet:
        """The bundled prompts with the user's own in their place.

        Raises `TemplateError` if a name is unknown, a file cannot be read, or a template is faulty or uses a variable
        that the bundled one does not.
        """
        templates = _bundled()
        for name, path in overrides.items():
            if name not in templates:
                raise TemplateError(_unknown(name, templates))
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise TemplateError(f"prompt {name!r}: {path} cannot be read: {error}") from error
            check_template(text, name=f"prompt {name!r} ({path})", known=_variables(templates[name]))
            templates[name] = text
        return cls(templates)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the prompts, sorted."""
        return tuple(self._texts)

    def hash_of(self, name: str) -> str:
        """Content hash of a prompt's text, shared parts included. Raises `TemplateError` for an unknown name."""
        if name not in self._hashes:
            raise TemplateError(_unknown(name, self._hashes))
        return self._hashes[name]

    def texts(self) -> dict[str, str]:
        """Text of each prompt, shared parts included, by its content hash."""
        return {self._hashes[name]: text for name, text in self._texts.items()}

    def render(self, name: str, **values: object) -> Prompt:
        """The prompt with its values. Raises `TemplateError` if it is unknown, lacks a value or reaches too far."""
        hash_ = self.hash_of(name)
        if name not in self._compiled:
            self._compiled[name] = self._environment.get_template(name + SUFFIX)
        return Prompt(fill(self._compiled[name], values, name=f"prompt {name!r}"), hash_)


def _bundled() -> dict[str, str]:
    """AAA's own templates: text by name."""
    found = (entry for entry in files("aaa.prompts").iterdir() if entry.name.endswith(SUFFIX))
    return {entry.name.removesuffix(SUFFIX): entry.read_text(encoding="utf-8") for entry in found}


def _variables(text: str) -> frozenset[str]:
    """Values that a template is given: those that the bundled one asks for."""
    return frozenset(meta.find_undeclared_variables(environment().parse(text)))


def _unknown(name: str, known: Mapping[str, str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    return f"there is no prompt {name!r}{hint} Prompts: {', '.join(sorted(known))}"
