"""Whether an answer is in another language than its prompt asks for. Ours: meant to be silent rather than wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aaa.text.languages import LATIN, language_of, script_of, script_of_letter
from aaa.text.phrases import Phrases

LEAST_WORDS = 3
"""Common words of its language that an answer needs before it can be in the wrong one."""
LEAST_LETTERS = 6
"""Letters of another script that are more than a symbol or a name."""
_NAMES = {
    "": "english german french spanish italian portuguese dutch russian chinese mandarin japanese korean arabic hebrew "
    "hindi greek thai latin polish turkish swedish ukrainian cyrillic kanji hiragana katakana hangul pinyin "
    "inglés ingles inglesa alemán alemana francés castellano italiano portugués neerlandés ruso chino japonés "
    "inglese tedesco francese spagnolo portoghese olandese russo cinese giapponese "
    "inglês alemão francês espanhol português holandês japonês engels duits frans spaans italiaans portugees "
    "nederlands multilingual sprache sprachen lingua lingue taal talen",
    r"\w*": "englisch deutsch französisch spanisch italienisch portugiesisch niederländisch russisch chinesisch "
    "japanisch anglais français español translat übersetz tradu vertaal vertal",
    "e?s?": "allemand espagnol italien portugais néerlandais chinois",
    "s?": "russe language langue idioma lengua língua",
}
"""Words that name a language, or ask for a translation, in the languages that can be told, by the endings they take."""
NAMING = Phrases(*(rf"\b(?:{'|'.join(names.split())}){ending}\b" for ending, names in _NAMES.items()))
_STEMS = (
    *("перевед", "перевёд", "перевод", "язык", "по-английски", "по-немецки", "по-русски", "영어", "번역", "한국어"),
    *("翻译", "翻譯", "翻訳", "英语", "中语", "日语", "德语", "法语", "俄语", "韩语", "韓语"),
    *("英語", "中語", "日語", "独語", "仏語", "露語"),
)
"""The same where words are not told apart, or take too many endings."""
_UNSPACED = re.compile("|".join(_STEMS), re.IGNORECASE)
_QUOTED = re.compile(
    r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)|`[^`\n]+`|\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」",
    re.MULTILINE | re.DOTALL,
)
_MARKS = ("```", "~~~", "`", '"', "“", "„", "«", "「")
"""What each of them begins with."""
_MATERIAL = re.compile(r"[:：](?=\s).*", re.DOTALL)


def wrong_language(
    asked: Sequence[str], said: str, *, language: str | None = None, reference: str | None = None
) -> str | None:
    """The language or script of the answer `said` where it is not the one asked for; None elsewhere.

    `asked` holds what the user (and the system) said, the request last; `language` is the item's own, such as `de`; the
    reference's language, where it can be told, is what the answer is to be in. Texts that name any language, or ask for
    a translation, are not judged. Code, quotations, and what follows a colon are no evidence of what is asked for.
    """
    found = _other(asked, _prose(said), language, reference) if asked else None
    return None if found is None or any(map(_names_language, asked)) else found


def _names_language(text: str) -> bool:
    return NAMING.held_by(text) or (not text.isascii() and _UNSPACED.search(text) is not None)


def _other(asked: Sequence[str], said: str, language: str | None, reference: str | None) -> str | None:
    """The language or script of an answer where it is another than that of what is asked."""
    if (script := script_of(said)) == "LATIN":
        return _foreign(asked, said, language, reference)
    known = _scripts("\n".join([*asked, reference or ""]))
    letters = sum(char.isalpha() for char in said)
    return script if script not in known and known and letters >= LEAST_LETTERS else None


def _foreign(asked: Sequence[str], said: str, language: str | None, reference: str | None) -> str | None:
    """The language of an answer in Latin script, where it is not what is asked for.

    Other scripts serve many languages, of which their commonest words are not known: those are told by script alone.
    """
    found = language_of(said, least=LEAST_WORDS)
    if found is None:
        return None
    referred = None if reference is None else language_of(_prose(reference), least=LEAST_WORDS)
    if referred is not None:
        return found if found != referred else None
    scripts = _scripts("\n".join([*asked, reference or ""]))
    if scripts and "LATIN" not in scripts:  # a formula has no letters, and asks for no language
        return found
    declared = None if language is None else re.split("[-_]", language.casefold())[0]
    if declared is not None and declared not in LATIN:
        return None
    wanted = {one for one in (language_of(_request(asked[-1])), declared) if one is not None}
    return found if wanted and found not in wanted else None


def _scripts(text: str) -> set[str]:
    if text.isascii():
        return {"LATIN"} if any(map(str.isalpha, text)) else set()
    return {script for char in set(text) if (script := script_of_letter(char)) is not None}


def _prose(text: str) -> str:
    """The text without code and quotations."""
    return _QUOTED.sub(" ", text) if any(mark in text for mark in _MARKS) else text


def _request(text: str) -> str:
    """What is asked, without the material that it is asked about."""
    return _MATERIAL.sub("", _prose(text))
