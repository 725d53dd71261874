"""The same phrases in German, French and Spanish."""

from __future__ import annotations

from aaa.text.leak_cues import Cue

GERMAN: tuple[Cue, ...] = (
    Cue(
        r"\bbeim (?:ersten|letzten|vorigen) (?:anlauf|durchgang)\b|\bmeine[rnms]? (?:ersten?|letzten?|vorigen?|"
        r"früheren?|"
        r"vorherigen?) \w+|\b(?:die|der|das) (?:kritik|hinweis|rückmeldung|einwand|anmerkung) (?:es |war|hat|"
        r"verlang|woll|"
        r"wünsch|stimmt)",
        ("letter", "story", "earlier", "critic"),
    ),
    Cue(
        r"\b(?:ich habe|habe ich)\b[^.\n]{0,60}\b(?:gestrichen|gekürzt|ersetzt|gefasst|umformuliert|eingearbeitet|"
        r"umgestellt|nachgerechnet|eingebaut)\b",
        ("letter", "story", "editing"),
    ),
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
    Cue(r"\bmein(?:en|em|e|es)? (?:\w+ )?(?:fehler|irrtum|versehen|rechenfehler|entwurf)\b", ("letter", "story")),
    Cue(r"\b(?:entschuldig\w*|verzeih\w*)\b", ("letter", "story")),
    Cue(
        r"\b(?:danke|vielen dank)[,!.]|\bdanke,? (?:dass|für)\b|\bguter (?:hinweis|punkt|einwand|tipp)[,.!:]|"
        r"\b(?:stimmt|richtig), (?:ich|da|das|du|sie)\b",
        ("letter", "story"),
    ),
    Cue(
        r"\b(?:jetzt|nun) (?:sehe|verstehe|erkenne|weiß) ich\b|\bdiesmal\b|\bbeim (?:ersten|letzten|vorigen) mal\b|"
        r"\bbeim (?:ersten|letzten|vorigen) versuch\b|\b(?:zweiter|neuer|nächster) (?:versuch|anlauf|entwurf)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bich (?:hatte|habe|hab) (?:\w+ ){0,6}(?:falsch|verrechnet|verwechselt|verlesen|vertan|geirrt|ausgelassen|"
        r"vergessen|übersehen|nicht (?:beachtet|bedacht|erwähnt|berücksichtigt))\b|"
        r"\b(?:vorhin|zuvor|vorher|anfangs|zuerst) (?:\w+ ){0,3}(?:hatte|habe|war|schrieb|stand|fehlte) ?(?:ich)?\b",
        ("letter", "story"),
    ),
    Cue(
        r"\b(?:jetzt|nun) (?:ist|sind|steht|stimmt|passt|enthält|fehlt|mit) (?:\w+ ){0,3}(?:korrigiert|berichtigt|"
        r"richtig|enthalten|ergänzt|dabei|klarer|kürzer|verbessert|nichts mehr|auch)\b|"
        r"\b(?:wie|auf) (?:gewünscht|vorgeschlagen|angeregt|wunsch|angemerkt|empfohlen)\b|"
        r"\b(?:der|die|laut|dem|des) (?:lehrer|lehrerin|kritiker|kritikerin|gutachter|tutor)\w* (?:hat|hatte|meinte|"
        r"sagte|wies|schlug|zufolge|bemerkte)\b",
        ("editing", "letter", "story", "teacher", "critic"),
    ),
)
FRENCH: tuple[Cue, ...] = (
    Cue(
        r"\bj['’]avais (?:mis|écrit|donné|dit|compté|répondu|pris|calculé)\b|\b(?:le professeur|la critique|"
        r"le relecteur|"
        r"le tuteur|le correcteur) (?:m['’]a|l['’]a|a (?:\w+ )?(?:suggéré|demandé|rappelé|raison))|\bj['’]ai (?:retiré|"
        r"enlevé|raccourci|remplacé|supprimé|ajouté)\b|\bplus \w+ que (?:la précédente|avant|la première)\b",
        ("letter", "story", "earlier"),
    ),
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
    Cue(
        r"\b(?:désolée?|excuse[zs]?-moi|toutes mes excuses|mes excuses)\b|\bmon erreur\b|\bau temps pour "
        r"moi\b|\bje m['’]étais (?:trompé|égaré)e?\b|\bje me suis (?:trompé|emmêlé|égaré)e?\b",
        ("letter", "story"),
    ),
    Cue(
        r"\b(?:votre|vos|ton|ta|tes) (?:\w+ )?(?:indices?|suggestions?|remarques?|corrections?|critiques?|objections?|"
        r"indications?|observations?)\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bmerci[,!.]|\bmerci (?:de |d['’])(?:m['’]avoir|me l['’]avoir|votre|ton|me)|\bbonne (?:remarque|idée|"
        r"observation)\b|\bbien vu\b|\bcomme (?:suggéré|demandé|indiqué|proposé|convenu)\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:maintenant|à présent),? je (?:vois|comprends|sais)\b|\bje (?:vois|comprends) maintenant\b|\bcette "
        r"fois(?:-ci)?,|\b(?:deuxième|nouvel|nouvelle|second) (?:essai|tentative|version)\b|\bla dernière fois\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bj['’](?:avais|ai) (?:\w+ ){0,2}(?:oublié|omis|négligé|confondu|ajouté|refait|repris|complété|mal \w+|"
        r"sauté|raté)\b|\b(?:est|sont) (?:maintenant |désormais |à présent )(?:corrigée?s?|rectifiée?s?|"
        r"ajoutée?s? comme|prise?s? en compte)\b",
        ("letter", "story", "editing"),
    ),
)
SPANISH: tuple[Cue, ...] = (
    Cue(
        r"\bque (?:me )?(?:señalaste|indicaste|dijiste|corregiste|sugeriste|pediste|comentaste)\b|\bantes (?:puse|dije|"
        r"escribí|había|me|faltaba|calculé)\b|\bgracias por (?:aclarar|corregir|explicar|recordar|ayudar)\w*|"
        r"\bhe (?:quitado|añadido|acortado|cambiado|incluido|sustituido)\b|\bmás \w+ que (?:antes|la anterior)\b",
        ("letter", "story", "earlier"),
    ),
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
    Cue(
        r"\b(?:perdón|perdona|perdone|disculpa|disculpe|lo siento|mis disculpas)\b|\bmi error\b|\bme (?:equivoqué|"
        r"había equivocado|he equivocado|confundí)\b",
        ("letter", "story"),
    ),
    Cue(
        r"\b(?:tu|su|tus|sus) (?:pista|sugerencia|corrección|observación|indicación|objeción|crítica)(?:e?s)?\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bgracias[,!.]|\bgracias (?:por (?:avisar|señalar|indicar|hacer|decir)|a (?:tu|su))|\bbuen(?:a)? "
        r"(?:observación|apunte|punto|idea)\b|\bcomo (?:se )?(?:sugirió|pedido|pediste|indicado|sugerido|comentaste)\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bahora (?:veo|entiendo|comprendo|sé)\b|\besta vez\b|\b(?:segundo|nuevo|otro) intento\b|\bla (?:última|"
        r"primera) vez (?:que )?(?:me|lo|no|puse|olvid|había)\w*",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\b(?:olvidé|omití|corregí|revisé|reescribí|mejoré|arreglé|pasé por alto|había (?:olvidado|omitido|puesto|"
        r"calculado))\b|\b(?:ya|ahora) (?:está|están|queda|incluye) (?:\w+ )?(?:corregid|arreglad|incluid|añadid|"
        r"completo|completa|más)\w*",
        ("letter", "story", "editing"),
    ),
)
