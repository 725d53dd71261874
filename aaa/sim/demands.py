"""What a simulated evolver has to say, in the languages that it evolves instructions in. All of it is ours."""

from __future__ import annotations

from typing import Final

DEMANDS: Final = {
    "en": (
        "Show every intermediate step, and name one mistake that people often make along the way.",
        "Explain the reason behind each part, and compare your result with one plausible alternative.",
        "State which assumption matters most, and say how the outcome changes without that assumption.",
        "Address a sceptical colleague, back each claim with a figure, and end with one open question.",
        "Cover one unusual exception as well, and justify briefly how you treated that special case.",
        "Consider a reader with very little time, and put the most important consequence in the first line.",
        "Weigh two opposing views against each other before you decide, and say what would change your mind.",
        "Give a concrete instance from everyday life for every claim, and mark the weakest of these instances.",
    ),
    "de": (
        "Zeige jeden Zwischenschritt, und nenne einen Fehler, der auf dem Weg oft gemacht wird.",
        "Begründe jeden Teil, und vergleiche das Ergebnis mit einer Möglichkeit, die auch nahe liegt.",
        "Sage, welche Annahme am meisten zählt, und wie sich das Ergebnis ohne diese Annahme ändert.",
        "Behandle auch eine seltene Ausnahme, und begründe kurz, was du mit dem Sonderfall machst.",
    ),
    "fr": (
        "Montre chaque étape du calcul, et cite une erreur que les gens font souvent dans ce cas.",
        "Explique la raison de chaque partie, et compare le résultat avec une autre solution plausible.",
        "Dis quelle hypothèse est la plus importante, et ce que devient le résultat sans cette hypothèse.",
        "Traite aussi une exception rare, et justifie en une phrase ce que tu fais de ce cas.",
    ),
    "es": (
        "Muestra cada paso intermedio, y nombra un error que la gente comete con frecuencia en el camino.",
        "Explica la razón de cada parte, y compara el resultado con una alternativa que sea posible.",
        "Di cuál es el supuesto que más importa, y cómo cambia el resultado sin ese supuesto.",
        "Trata también una excepción rara, y justifica en una frase lo que haces con el caso.",
    ),
    "it": (
        "Mostra ogni passo intermedio, e nomina un errore che la gente fa spesso lungo il percorso.",
        "Spiega la ragione di ogni parte, e confronta il risultato con una alternativa che è possibile.",
        "Indica quale ipotesi conta di più, e come cambia il risultato senza una ipotesi di questo tipo.",
        "Tratta anche una eccezione rara, e giustifica con una frase il modo in cui la risolvi.",
    ),
}
"""Each is one step of difficulty."""
NEW: Final = {
    "en": (
        "How could a lighthouse keeper of {n} years ago have predicted tomorrow's weather?",
        "Which {n} questions would you ask a beekeeper before buying a first hive?",
        "Describe how a village of {n} people might share one well fairly.",
        "What would you pack for {n} days on an island without electricity?",
        "Plan a museum visit for {n} children who dislike museums.",
        "Why do some bridges hum in the wind, and what did {n} engineers try against it?",
    ),
    "de": ("Wie könnte ein Dorf mit {n} Menschen einen Brunnen so teilen, dass es für alle gerecht ist?",),
    "fr": ("Comment un village de {n} personnes pourrait-il partager un puits de façon juste pour tous les gens ?",),
    "es": ("¿Cómo podría un pueblo de {n} personas compartir un pozo de forma justa para todos los vecinos?",),
    "it": ("Come potrebbe un paese di {n} persone dividere un pozzo in modo giusto per tutti gli abitanti?",),
}
"""Brand-new instructions."""
EASIER: Final = {
    "en": "What is {a} + {b}?",
    "de": "Wie viel ist {a} plus {b}?",
    "fr": "Combien font {a} plus {b} ?",
    "es": "¿Cuánto es {a} más {b}?",
    "it": "Quanto fa {a} più {b}?",
}
"""Sums for beginners."""
COURTESY: Final = "please, if you would be so kind as to do it for me now."
PADDING: Final = (
    "Consider history, context, audience, tone, structure, sources, limits, costs, timing and culture. " * 9
)
FOREIGN: Final = "Gib mir bitte eine Antwort auf die folgende Frage und erkläre, wie du zu dem Ergebnis kommst."
"""What an evolver says that changes the language of anything but German."""
FOREIGN_TO_GERMAN: Final = "Give me an answer to the question that follows, and explain how you arrived at your result."
