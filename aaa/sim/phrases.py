"""What simulated teachers, students and colleagues say, by language: all that is no working of a task."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """In one language; `{step}` is what to work out, `{answer}` a result."""

    # A teacher in a conversation:
    begin: str
    hint: str
    free: str
    right: str
    wrong: str
    look: str
    slowly: str
    close: str
    # A student in a conversation:
    attempt: str
    again: str
    result: str
    unsure: str
    understood: str
    # A teacher in a lesson:
    recheck: str
    start_over: str
    correction: str
    away: str
    # A colleague in a team:
    same: str
    other: str
    # A person in a conversation, and the assistant whom it asks once more:
    follow_ups: tuple[str, ...]
    farewell: str
    goodbye: str
    once_more: str


PHRASES: dict[str, Phrases] = {
    "en": Phrases(
        begin="Let us look at it together.",
        hint="Start here and tell me what you get: {step}",
        free="Try the first step by yourself and tell me what you get.",
        right="Yes, that is right, and your way there is sound.",
        wrong="Not quite yet.",
        look="Look at this step once more: {step}",
        slowly="Go through it once more from the beginning.",
        close="Here it is in full, so that you can read it again later.",
        attempt="I will try it.",
        again="I went over that step again.",
        result="That gives me {answer}.",
        unsure="I am not sure about this step; does it hold?",
        understood="Now I see it. The result is {answer}, because each step follows from the one before.",
        recheck="One step does not hold. Work this out once more: {step}",
        start_over="Somewhere on the way a step went wrong. Go through it once more from the beginning.",
        correction="That is not right yet. This is how it goes:",
        away="The result is {answer}.",
        same="I come to the same result: {answer}.",
        other="I get something else: {answer}.",
        follow_ups=(
            "Why that one?",
            "And if I wanted it shorter?",
            "What about the second point, does it hold in general?",
            "Could you say the last part again, more simply?",
        ),
        farewell="Thanks, that is what I needed.",
        goodbye="Thank you, goodbye!",
        once_more="Gladly, once more.",
    ),
    "de": Phrases(
        begin="Schauen wir es uns gemeinsam an.",
        hint="Fang hier an und sag mir, was du bekommst: {step}",
        free="Versuch den ersten Schritt selbst und sag mir, was du bekommst.",
        right="Ja, das stimmt, und dein Weg dorthin ist sauber.",
        wrong="Noch nicht ganz.",
        look="Sieh dir diesen Schritt noch einmal an: {step}",
        slowly="Geh es noch einmal von vorn durch.",
        close="Hier steht es vollständig, damit du es später nachlesen kannst.",
        attempt="Ich versuche es.",
        again="Ich bin den Schritt noch einmal durchgegangen.",
        result="Ich komme auf {answer}.",
        unsure="Bei diesem Schritt bin ich unsicher; stimmt er?",
        understood="Jetzt verstehe ich es. Das Ergebnis ist {answer}, denn jeder Schritt folgt aus dem vorigen.",
        recheck="Ein Schritt stimmt nicht. Rechne das noch einmal nach: {step}",
        start_over="Unterwegs ist ein Schritt schiefgegangen. Geh es noch einmal von vorn durch.",
        correction="Das stimmt noch nicht. So geht es:",
        away="Das Ergebnis ist {answer}.",
        same="Ich komme auf dasselbe Ergebnis: {answer}.",
        other="Ich bekomme etwas anderes heraus: {answer}.",
        follow_ups=(
            "Warum gerade das?",
            "Und wenn ich es kürzer haben will?",
            "Gilt das auch sonst, oder ist das nur in diesem Fall so?",
            "Kannst du den letzten Teil noch einmal sagen, nur einfacher?",
        ),
        farewell="Danke, das ist es, was ich wissen wollte.",
        goodbye="Vielen Dank und auf Wiedersehen!",
        once_more="Gern, noch einmal von vorn.",
    ),
    "es": Phrases(
        begin="Veámoslo juntos.",
        hint="Empieza aquí y dime qué obtienes: {step}",
        free="Intenta tú el primer paso y dime qué obtienes.",
        right="Sí, es correcto, y tu camino también.",
        wrong="Todavía no.",
        look="Mira otra vez este paso: {step}",
        slowly="Repásalo otra vez desde el principio.",
        close="Aquí está completo, para que puedas releerlo.",
        attempt="Voy a intentarlo.",
        again="He repasado ese paso.",
        result="Me da {answer}.",
        unsure="No estoy seguro de este paso, ¿es correcto?",
        understood="Ahora lo veo. El resultado es {answer}, porque cada paso sale del anterior.",
        recheck="Hay un paso que no es correcto. Vuelve a calcular esto: {step}",
        start_over="En algún paso te has equivocado. Repásalo otra vez desde el principio.",
        correction="Todavía no es correcto. Se hace así:",
        away="El resultado es {answer}.",
        same="Llego al mismo resultado: {answer}.",
        other="A mí me da otra cosa: {answer}.",
        follow_ups=(
            "¿Por qué es así?",
            "¿Y si lo quiero más corto?",
            "¿Eso vale también para los demás casos?",
            "¿Puedes repetir la última parte con palabras más sencillas?",
        ),
        farewell="Gracias, es lo que necesitaba.",
        goodbye="¡Gracias y hasta la próxima!",
        once_more="Con gusto, otra vez desde el principio.",
    ),
    "fr": Phrases(
        begin="Regardons cela ensemble.",
        hint="Commence ici et dis-moi ce que tu trouves : {step}",
        free="Essaie la première étape et dis-moi ce que tu trouves.",
        right="Oui, c'est juste, et ton chemin aussi.",
        wrong="Pas tout à fait.",
        look="Regarde encore cette étape : {step}",
        slowly="Reprends tout depuis le début.",
        close="Voici le tout, pour que tu puisses le relire.",
        attempt="J'essaie.",
        again="J'ai refait cette étape.",
        result="Je trouve {answer}.",
        unsure="Je ne suis pas sûr de cette étape ; est-elle juste ?",
        understood="Je comprends. Le résultat est {answer}, car chaque étape découle de la précédente.",
        recheck="Une étape n'est pas juste. Refais ce calcul : {step}",
        start_over="Une étape s'est mal passée. Reprends tout depuis le début.",
        correction="Ce n'est pas encore juste. Voici comment faire :",
        away="Le résultat est {answer}.",
        same="J'arrive au même résultat : {answer}.",
        other="Je trouve autre chose : {answer}.",
        follow_ups=(
            "Pourquoi est-ce ainsi ?",
            "Et si je le veux plus court ?",
            "Est-ce que c'est aussi vrai pour les autres cas ?",
            "Peux-tu redire la dernière partie avec des mots plus simples ?",
        ),
        farewell="Merci, c'est ce qu'il me fallait.",
        goodbye="Merci et à la prochaine !",
        once_more="Volontiers, encore une fois depuis le début.",
    ),
    "it": Phrases(
        begin="Guardiamolo insieme.",
        hint="Comincia da qui e dimmi che cosa ottieni: {step}",
        free="Prova da solo il primo passo e dimmi che cosa ottieni.",
        right="Sì, è giusto, e anche il tuo procedimento.",
        wrong="Non ancora.",
        look="Guarda di nuovo questo passo: {step}",
        slowly="Rifallo con calma dall'inizio.",
        close="Eccolo per intero, così puoi rileggerlo.",
        attempt="Ci provo.",
        again="Ho rifatto quel passo.",
        result="Ottengo {answer}.",
        unsure="Non sono sicuro di questo passo: è giusto?",
        understood="Ora capisco. Il risultato è {answer}, perché ogni passo segue dal precedente.",
        recheck="Un passo non torna. Ricalcola questo: {step}",
        start_over="Da qualche parte un passo è andato storto. Rifallo dall'inizio.",
        correction="Non è ancora giusto. Si fa così:",
        away="Il risultato è {answer}.",
        same="Arrivo allo stesso risultato: {answer}.",
        other="A me viene un'altra cosa: {answer}.",
        follow_ups=(
            "Perché è così?",
            "E se lo voglio più corto?",
            "Vale anche per gli altri casi?",
            "Puoi ripetere l'ultima parte con parole più semplici?",
        ),
        farewell="Grazie, è quello che mi serviva.",
        goodbye="Grazie e alla prossima!",
        once_more="Volentieri, ancora una volta dall'inizio.",
    ),
}
"""By language, as `Solution.language` names it."""
