"""Tasks in German, Spanish, French and Italian.

A phrase book turns the task into plain English, the other solvers work it out, and names of days go back. Steps that
hold prose are left out: a working in figures needs no translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aaa.sim.skills.base import Solution, retold
from aaa.sim.skills.dates import MONTHS, WEEKDAYS

SKILL = "multilingual"
Solver = Callable[[str], Solution | None]


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """What one language says for the words of our tasks."""

    language: str
    telling: re.Pattern[str]
    """Words that tell the language; two different ones are needed."""
    phrases: tuple[tuple[re.Pattern[str], str], ...]
    """Tried in this order."""
    answers: Mapping[str, str]
    """English answers in the language."""


def _book(
    language: str, telling: str, weekdays: str, months: str, yes_no: str, phrases: Sequence[tuple[str, str]]
) -> PhraseBook:
    days, names = weekdays.split(), months.split()
    spoken = [(rf"\b{month}\b", MONTHS[i]) for i, month in enumerate(names)]
    spoken += [(rf"\b{day}\b", WEEKDAYS[i]) for i, day in enumerate(days)]
    yes, no = yes_no.split()
    return PhraseBook(
        language,
        re.compile(rf"(?<!\w)(?:{telling})(?!\w)", re.IGNORECASE),
        tuple((re.compile(pattern, re.IGNORECASE), english) for pattern, english in [*phrases, *spoken]),
        {**dict(zip(WEEKDAYS, days, strict=True)), "yes": yes, "no": no},
    )


_UNITS = (
    (r"\b[kc]h?ilogramm[eoisn]*\b|\bkilogramos?\b|\bkilogrammes?\b", "kilograms"),
    (r"\bgramm[eoi]s?\b|\bgramm\b|\bgramos?\b|\bgrammes?\b", "grams"),
    (r"\b[kc]h?ilometern?\b|\bkilómetros?\b|\bkilomètres?\b|\bchilometri\b", "kilometres"),
    (r"\bzentimetern?\b|\bcentímetros?\b|\bcentimètres?\b|\bcentimetri\b", "centimetres"),
    (r"\bmetern?\b|\bmetros?\b|\bmètres?\b|\bmetri\b", "metres"),
    (r"\bminuten\b|\bminutos\b|\bminuti\b", "minutes"),
    (r"\bstunden\b|\bhoras\b|\bheures\b|\bore\b", "hours"),
    (r"\bsekunden\b|\bsegundos\b|\bsecondes\b|\bsecondi\b", "seconds"),
    (r"\blitern?\b|\blitros?\b|\blitri\b", "litres"),
    (r"\bmillilitern?\b|\bmililitros\b|\bmillilitri\b", "millilitres"),
)
_SPELLING = ((r"(?<=\d),(?=\d{1,3}(?!\d)(?!,\d))", "."), (r"\s+([?!:;%])", r"\1"), (r"[¿¡]", ""))
_COMMON = tuple((re.compile(pattern, re.IGNORECASE), english) for pattern, english in (*_UNITS, *_SPELLING))

BOOKS: tuple[PhraseBook, ...] = (
    _book(
        "de",
        "wie|viel|viele|was|ist|ergibt|welchem|wochentag|sortiere|ordne|zahlen|der|die|das|im|und|oft|kommt|von|sind|bitte|wort|wörter|berechne|nach",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "ja nein",
        (
            (r"(?:\b(?:war|ist|fiel|fällt) )?(?:\b(?:der|den|dem) )?\b(\d{1,2})\. ?(\w+) (\d{4})", r"\1 \2 \3"),
            (r"\ban welchem wochentag\b|\bwelcher wochentag\b|\bwas für ein wochentag\b", "what day of the week was"),
            (r"\bwie viele tage liegen zwischen\b|\bwie viele tage sind es vom\b", "how many days between"),
            (r"\bwie oft kommt der buchstabe\b", "how many times does the letter"),
            (r"\bim wort\b", "appear in the word"),
            (r"\bwie viele vokale\b", "how many vowels"),
            (r"\bwie viele wörter\b", "how many words"),
            (r"\bwie viele?\b", "how many"),
            (r"\bvon (?:der )?klein\w* (?:nach|bis zur) gr(?:oß|öß)\w*\b|\baufsteigend\b", "from smallest to largest"),
            (r"\bvon (?:der )?gr(?:oß|öß)\w* (?:nach|bis zur) klein\w*\b|\babsteigend\b", "from largest to smallest"),
            (r"\balphabetisch\b", "in alphabetical order"),
            (r"\b(?:sortiere|ordne)\b", "sort"),
            (r"\b(?:diese|folgenden?) (?:zahlen|wörter)\b", "these"),
            (r"\bgeteilt durch\b", "divided by"),
            (r"\bmal\b", "times"),
            (r"\b(?:was ergibt|was ist|how many ist|how many sind|berechne|rechne)\b(?= [\d(])", "what is"),
            (r"\bprozent von\b|% von\b", "% of"),
            (r"\bund\b", "and"),
        ),
    ),
    _book(
        "es",
        "cuánto|cuántos|cuántas|es|qué|día|la|el|los|las|fue|de|ordena|números|menor|mayor|calcula|son|aparece|veces|palabra|en|semana",
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "sí no",
        (
            (r"\b(?:el )?(\d{1,2}) de (\w+) de (\d{4})", r"\1 \2 \3"),
            (r"\bqué día de la semana (?:fue|era|es|será)\b", "what day of the week was"),
            (r"\bcuántos días (?:hay|pasan) entre\b", "how many days between"),
            (r"\bcuántas veces aparece la letra\b", "how many times does the letter"),
            (r"\ben la palabra\b", "appear in the word"),
            (r"\bcuántas vocales\b", "how many vowels"),
            (r"\bcuántas palabras\b", "how many words"),
            (r"\b(?:de|del) (?:menor a mayor|más pequeño al más grande)\b", "from smallest to largest"),
            (r"\b(?:de|del) (?:mayor a menor|más grande al más pequeño)\b", "from largest to smallest"),
            (r"\b(?:en|por) orden alfabético\b", "in alphabetical order"),
            (r"\bordena\b", "sort"),
            (r"\best[oa]s (?:números|palabras)\b", "these"),
            (r"\b(?:cuánto es|cuánto son|calcula)\b(?: el)?", "what is"),
            (r"\bcuánt[oa]s\b", "how many"),
            (r"\bmás\b", "plus"),
            (r"\bmenos\b", "minus"),
            (r"\b(?:por|multiplicado por)\b", "times"),
            (r"\bdividido (?:por|entre)\b", "divided by"),
            (r"% de\b|\bpor ciento de\b", "% of"),
            (r"\bson\b", "are"),
            (r"\b(?:y|e)\b", "and"),
        ),
    ),
    _book(
        "fr",
        "combien|font|fait|quel|jour|était|de|la|le|les|range|ces|nombres|du|au|petit|grand|dans|il|a-t-il|plus|mot|lettre|calcule|sont|est",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "oui non",
        (
            (
                r"\b(?:le )?(\d{1,2})(?:er)? (\w+) (\d{4})",
                r"\1 \2 \3",
            ),
            (r"\bquel jour de la semaine (?:était|est|sera|fut)\b", "what day of the week was"),
            (r"\bcombien de jours (?:y a-t-il|séparent|s'écoulent) ?(?:entre)?\b", "how many days between"),
            (r"\bcombien de fois (?:la lettre)\b", "how many times does the letter"),
            (r"\bapparaît-elle dans le mot\b|\bdans le mot\b", "appear in the word"),
            (r"\bcombien de voyelles\b", "how many vowels"),
            (r"\bcombien de mots\b", "how many words"),
            (r"\bdu plus petit au plus grand\b|\bdans l'ordre croissant\b", "from smallest to largest"),
            (r"\bdu plus grand au plus petit\b|\bdans l'ordre décroissant\b", "from largest to smallest"),
            (r"\b(?:par|dans l')\s?ordre alphabétique\b", "in alphabetical order"),
            (r"\b(?:range|classe|trie)\b", "sort"),
            (r"\bces (?:nombres|mots)\b", "these"),
            (r"\b(?:combien (?:font|fait)|calcule)\b", "what is"),
            (r"\bcombien de\b", "how many"),
            (r"\by a-t-il\b", "are"),
            (r"\bdans\b", "in"),
            (r"\bdivisé par\b", "divided by"),
            (r"\bfois\b", "times"),
            (r"\bmoins\b", "minus"),
            (r"% de\b|\bpour cent de\b", "% of"),
            (r"\bet\b", "and"),
        ),
    ),
    _book(
        "it",
        "quanto|quanti|quante|fa|sono|che|giorno|della|settimana"
        "|era|il|metti|in ordine|diviso|volte|parola|lettera|nella|calcola|di|la",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "sì no",
        (
            (r"\b(?:il )?(\d{1,2}) (\w+) (\d{4})", r"\1 \2 \3"),
            (r"\bche giorno della settimana (?:era|è|sarà|fu)\b", "what day of the week was"),
            (r"\bquanti giorni (?:ci sono|passano) tra\b", "how many days between"),
            (r"\bquante volte compare la lettera\b", "how many times does the letter"),
            (r"\bnella parola\b", "appear in the word"),
            (r"\bquante vocali\b", "how many vowels"),
            (r"\bquante parole\b", "how many words"),
            (r"\bdal più piccolo al più grande\b|\bin ordine crescente\b", "from smallest to largest"),
            (r"\bdal più grande al più piccolo\b|\bin ordine decrescente\b", "from largest to smallest"),
            (r"\bin ordine alfabetico\b", "in alphabetical order"),
            (r"\b(?:metti|ordina|disponi)\b", "sort"),
            (r"\bquest[ei] (?:numeri|parole)\b", "these"),
            (r"\b(?:quanto fa|quanto fanno|calcola)\b(?: il)?", "what is"),
            (r"\bquant[ie]\b", "how many"),
            (r"\bsono\b", "are"),
            (r"\bpiù\b", "plus"),
            (r"\bmeno\b", "minus"),
            (r"\b(?:per|moltiplicato per)\b", "times"),
            (r"\bdiviso(?: per)?\b", "divided by"),
            (r"% di\b|\bper cento di\b", "% of"),
            (r"\be\b", "and"),
        ),
    ),
)


def language_of(text: str) -> str:
    """The language of a text among those of the phrase books, else `en`."""
    counts = {book.language: len({found.lower() for found in book.telling.findall(text)}) for book in BOOKS}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= 2 and not _ENGLISH.search(text) else "en"


_ENGLISH = re.compile(r"\b(?:the|what|which|how|and|with|your|this|these|who|please)\b", re.IGNORECASE)


def solve(text: str, solvers: Sequence[Solver]) -> Solution | None:
    """The solution of a task in another language, worked out by the given solvers."""
    if len(text) > 500:
        return None
    language = language_of(text)
    book = next((book for book in BOOKS if book.language == language), None)
    if book is None:
        return None
    english = text.replace("’", "'")
    for pattern, phrase in (*_COMMON, *book.phrases):
        english = pattern.sub(phrase, english)
    found = next((solution for solver in solvers if (solution := solver(english)) is not None), None)
    if found is None:
        return None
    return retold(found, skill=SKILL, language=language, word=lambda answer: book.answers.get(answer, answer))
