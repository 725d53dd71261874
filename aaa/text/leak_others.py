"""The same phrases in German, French and Spanish: the basics."""

from __future__ import annotations

from aaa.text.leak_cues import Cue

GERMAN: tuple[Cue, ...] = (
    Cue(
        r"\b(?:danke|dank|dankbar)\b[^.\n]{0,30}\bfür (?:den|die|das|deinen|deine|dein|ihren|ihre|ihr|euren|diesen|"
        r"diese) (?:\w+ )?(?:hinweise?|"
        r"tipps?|vorschl(?:ag|äge)|rückmeldung|feedback|korrektur|anmerkung(?:en)?|kritik|hilfe|erklärung)\b",
        ("letter", "story"),
    ),
    Cue(
        r"\bwie (?:du|sie|ihr|der \w+|die \w+|mein \w+|meine \w+|vom \w+|von (?:dir|"
        r"ihnen)) (?:\w+ ){0,3}(?:vorgeschlagen|angemerkt|gesagt|erwähnt|hingewiesen|"
        r"empfohlen|sagtest|sagte|bemerkte|vorschlug|vorschlugst|meintest)\b",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:dein|ihr|euer)(?:e[mnrs]?)? (?:\w+ )?(?:hinweis(?:en?|es)?|vorschl(?:ag|äge)n?|tipps?|rückmeldung|"
        r"feedback|anmerkung(?:en)?)\b",
        ("letter", "story", "advice"),
    ),
    Cue(r"\b(?:dem|des) (?:hinweis(?:es)?|kritikers|lehrers)\b", ("hint", "teacher", "critic", "story")),
    Cue(
        r"\bmein(?:e[mnrs]?)? (?:ersten?|erster|erstes|früher\w*|vorherig\w*|vorig\w*|letzt\w*|"
        r"ursprünglich\w*) (?:entwurf\w*|antwort|version|fassung|lösung|versuch\w*|rechnung)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\b(?:ich habe|habe ich) [^.\n]{0,60}\b(?:korrigiert|überarbeitet|verbessert|berichtigt|angepasst|ergänzt|"
        r"vergessen|übersehen)\b",
        ("letter", "story", "editing"),
    ),
    Cue(
        r"\b(?:überarbeitet|korrigiert|verbessert|berichtigt)e[nrs]? (?:version|fassung|antwort|lösung)\b", ("editing",)
    ),
    Cue(
        r"\b(?:du hast|sie haben|du hattest|sie hatten|der lehrer hat|der kritiker hat) (?:völlig |natürlich |"
        r"ganz )?recht\b",
        ("claim", "letter", "story"),
    ),
    Cue(r"\bmein(?:en|em)? (?:\w+ )?(?:fehler|irrtum)\b", ("letter", "story")),
)
FRENCH: tuple[Cue, ...] = (
    Cue(
        r"\bmerci\b[^.\n]{0,20}\b(?:pour|de) (?:l['’]|votre |ton |la |le |cette |cet |vos |tes |ces |"
        r"les )(?:\w+ )?(?:indices?|suggestions?|remarques?|conseils?|corrections?|"
        r"retours?|commentaires?|critiques?|aide|explication)\b",
        ("letter", "story"),
    ),
    Cue(
        r"\bcomme (?:vous (?:me )?l['’]avez|tu (?:me )?l['’]as|(?:le|la|mon|ma) \w+ l['’]a) (?:\w+ )?(?:suggéré|dit|"
        r"indiqué|signalé|remarqué|proposé|mentionné|fait remarquer|conseillé)",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:selon|suivant|grâce à|suite à|d['’]après|avec) (?:votre|vos|ton|tes) (?:\w+ )?(?:indices?|"
        r"suggestions?|remarques?|conseils?|commentaires?|critiques?|aide)\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:mon|ma|mes) (?:premi(?:er|ère)|précédente?|dernière?) (?:réponse|version|ébauche|tentative|brouillon|"
        r"essai|jet|calcul|solution)s?\b|"
        r"\b(?:mon|ma) (?:réponse|version|brouillon|solution|calcul|essai) (?:précédente?|initiale?|antérieure?)\b|"
        r"\bmon brouillon\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bj['’]ai (?:\w+ )?(?:corrigé|révisé|modifié|amélioré|rectifié|revu|reformulé|oublié|tenu compte)\b",
        ("letter", "story", "editing"),
    ),
    Cue(r"\b(?:version|réponse|solution) (?:révisée|corrigée|améliorée|modifiée|revue)\b", ("editing",)),
    Cue(r"\b(?:vous avez|tu as|tu avais|vous aviez|le professeur a) (?:\w+ )?raison\b", ("claim", "letter", "story")),
)
SPANISH: tuple[Cue, ...] = (
    Cue(
        r"\bgracias\b[^.\n]{0,10}\bpor (?:la|el|las|los|tu|su|tus|sus|esa|esta) (?:\w+ )?(?:pista|sugerencia|"
        r"consejo|correccion|corrección|comentario|observación|indicación|ayuda|explicación)e?s?\b",
        ("letter", "story"),
    ),
    Cue(
        r"\bcomo (?:me )?(?:sugeriste|sugirió|indicaste|indicó|señalaste|señaló|dijiste|mencionaste|propusiste|"
        r"recomendaste|(?:has|ha) (?:sugerido|indicado|señalado|dicho))\b",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:según|siguiendo|gracias a|con) (?:tu|su|tus|sus) (?:pista|sugerencia|consejo|comentario|observación|"
        r"indicación)(?:e?s)?\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bmi (?:primera?|primer|anterior|previ[oa]) (?:respuesta|versión|borrador|intento|cálculo|solución)\b|"
        r"\bmi (?:respuesta|versión|borrador|intento|cálculo|solución) (?:anterior|previ[oa]|inicial)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bhe (?:corregido|revisado|modificado|mejorado|actualizado|reescrito|olvidado|tenido en cuenta|"
        r"incorporado)\b",
        ("letter", "story", "editing"),
    ),
    Cue(r"\b(?:versión|respuesta|solución) (?:revisada|corregida|mejorada|actualizada)\b", ("editing",)),
    Cue(r"\b(?:tienes|tenías|tiene usted|el profesor tiene) (?:\w+ )?razón\b", ("claim", "letter", "story")),
)
