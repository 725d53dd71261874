"""Phrases by which a text betrays that it was written under a hint or critique, or as a revision.

Data only. A cue names the topics that excuse it: an instruction that is itself about letters, stories, or correcting
something brings such phrases up, and then they prove nothing. The phrases and topics are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Topic = Literal["hint", "advice", "critic", "teacher", "claim", "letter", "story", "editing", "earlier"]

TOPICS: dict[Topic, str] = {
    "hint": r"hint|clue|puzzle|riddle|hinweis|tipp\b|indice|pista",
    "advice": r"suggest|feedback|advice|advis|recommend|propos|comment|review|vorschl|rückmeld|sugeren|consej|conseil",
    "critic": r"critic|critiqu|review|film|movie|novel|\bart\b|play\b|music|kritik|crític",
    "teacher": r"teach|tutor|mentor|coach|school|class|student|lehrer|schul|profes|maestr|école|escuela",
    "claim": r"\b(?:right|correct|true|agree|think|believe|wrong|guess|opinion)\b|recht|raison|razón",
    "letter": r"letter|e-?mail|reply|message|\bnote\b|respond|speech|thank|apolog|customer|chat\b|dialog|convers|"
    r"brief\b|antwort|nachricht|lettre|courriel|carta|correo|mensaje|danke|merci|gracias",
    "story": r"story|tale\b|diary|journal|poem|song|lyric|monolog|dialog|scene|script|blog|memoir|narrat|novel|"
    r"first person|interview|essay|cover letter|geschichte|erzähl|tagebuch|gedicht|histoire|récit|poème|journal|"
    r"historia|cuento|diario|poema|character|role.?play|pretend|imagine",
    "editing": r"revis|edit\b|editing|rewrit|re-?write|rephras|reword|improv|correct|fix|proofread|polish|updat|"
    r"refactor|mistake|error|bug\b|debug|typo|grammar|spelling|clean up|simplif|amend|chang|what is wrong|"
    r"korrigier|verbesser|überarbeit|fehler|umschreib|corrig|corrige|erreur|faute|amélior|réécri|revoi|"
    r"corrij|error|mejor|reescrib|revisa",
    "earlier": r"previous|earlier|draft|first (?:answer|attempt|version)|your (?:answer|response)|version|entwurf|"
    r"brouillon|borrador|anterior|précéd|vorherig",
}


@dataclass(frozen=True)
class Cue:
    """A phrase (regular expression) and the topics of an instruction that excuse it."""

    pattern: str
    excuses: tuple[Topic, ...] = ()


_NOUN = (
    r"(?:hint|tip|suggestion|feedback|pointer|guidance|critique|criticism|correction|comment|remark|advice|review|"
    r"reminder|nudge|input|catch|clarification|observation|recommendation)s?"
)
_WORK = r"(?:draft|answer|response|attempt|solution|reply|version|calculation|explanation|reasoning|try|submission)"
_PLAIN_WORK = r"(?:answer|response|reply|draft|explanation|solution|calculation)"
_EARLIER = r"(?:earlier|previous|prior|first|initial|original|last|preceding|former|old)"
_REVISED = r"(?:revised|corrected|updated|improved|amended|reworked|refined|edited|polished|rewritten|fixed)"
_ADVISER = r"(?:critic|reviewer|teacher|tutor|mentor|instructor|coach|grader|evaluator)"
_SAY = (
    r"(?:said|says|suggested|suggests|mentioned|mentions|pointed|points|noted|notes|recommended|recommends|advised|"
    r"advises|hinted|hints|explained|observed|remarked|requested|asked|wanted|told|flagged)"
)
_ADVISED = r"(?:suggested|pointed out|hinted|advised|recommended|proposed|flagged|spotted|corrected)"
_FOLLOWING = (
    r"(?:based on|following|per|considering|given|with|using|incorporating|incorporates?|incorporated|addressing|"
    r"addressed|addresses|in response to|thanks to|in light of|after|according to|from|taking|applying|applied|"
    r"reflecting|in line with|responding to|about|to|on|for|took|heeding|see)"
)

_ENGLISH = (
    # Thanks and compliments
    Cue(rf"\b(?:thanks|thank you|thankful|grateful|appreciate)\b[^.\n]{{0,30}}\b(?:hints?|pointers?|critiques?|nudge)\b", ("hint",)),
    Cue(rf"\b(?:thanks|thank you|grateful|appreciate)\b[^.\n]{{0,30}}\b(?:the|your|that|this|these|those|helpful) (?:\w+ ){{0,2}}{_NOUN}\b",
        ("letter", "story", "advice")),
    Cue(r"\b(?:thanks|thank you)(?: \w+)? for (?:catching|pointing|spotting|flagging|noticing|correcting|clarifying|"
        r"reminding|guiding|the help|your help|explaining)\b", ("letter", "story")),
    Cue(r"^\W*(?:(?:ah|oh|yes|ok|okay|thanks|sorry),? )?(?:good|great|nice|excellent|fair) (?:catch|point|suggestion)s?\b", ("letter", "story", "claim")),
    Cue(r"^\W*(?:(?:ah|oh|yes|ok|okay|thanks|sorry)[,!.]? )?you(?:['’]re| are| were) (?:\w+ )?(?:right|correct)\b(?!-)", ("claim", "letter", "story")),
    # What somebody said
    Cue(rf"\b(?:as|like|what|which|that|the \w+) you(?:['’]ve| have| had)? (?:\w+ly )?{_ADVISED}\b", ("letter", "story", "advice")),
    Cue(r"\bas you(?:['’]ve| have)? (?:rightly|correctly|kindly|helpfully) \w+", ("letter", "story")),
    Cue(r"\byou (?:told|showed|reminded|helped|corrected|taught|guided|hinted|pointed out|walked)(?: to)? me\b", ("letter", "story")),
    Cue(rf"\b{_FOLLOWING} (?:all (?:of )?|both (?:of )?|each of )?(?:of )?your (?:\w+ ){{0,2}}{_NOUN}\b", ("letter", "story", "advice")),
    Cue(rf"\b(?:incorporat|address|apply|appli|follow|consider|heed|reflect|accept|us)\w* (?:all (?:of )?)?(?:the|these|those|this) "
        rf"(?:\w+ )?(?:hint|suggestion|critique|pointer|reviewer comment)s?\b(?! (?:of|from|to|box))", ("hint", "advice", "critic")),
    Cue(r"\b(?:based on|following|per|given|after|in response to|considering) the (?:\w+ )?(?:feedback|critique|review|comments)"
        r"(?: \w+)?,? (?:I|here|my|the (?:answer|response))\b", ("advice", "critic", "letter")),
    Cue(r"\b(?:the|your|that|this) (?:\w+ful )?hints?\b(?! (?:of|text|button|system|at|box))", ("hint",)),
    Cue(r"\b(?:the|your) critique\b(?! of)", ("critic",)),
    Cue(rf"\b(?:my|our) {_ADVISER}(?:['’]s)? (?:\w+ )?(?:{_SAY}|{_NOUN})\b", ("teacher", "story", "letter", "critic")),
    Cue(rf"\b(?:as|like|what) (?:the|my|our) {_ADVISER}(?: \w+ly| has| had)? {_SAY}(?: out| to me)?(?=[,.;:)]|$)", ("teacher", "story", "critic")),
    Cue(rf"\bthe (?:critic|reviewer|grader|evaluator)(?:['’]s)? (?:\w+ly )?(?:{_SAY}|{_NOUN}|was right|is right|found)\b", ("critic", "story")),
    Cue(r"\bthe (?:teacher|tutor|mentor|coach)['’]s (?:hint|suggestion|correction|feedback|explanation|guidance|advice)s?\b", ("teacher", "story")),
    Cue(r"\b(?:according to|thanks to|with) (?:the|my) (?:critic|teacher|tutor|reviewer|mentor)\b(?! of)", ("teacher", "critic", "story")),
    Cue(r"\bas (?:was |were )?(?:suggested|hinted|advised|pointed out|recommended|requested)(?: (?:above|earlier|before|"
        rf"in the (?:hint|critique|feedback|review|comments)|by (?:the|my) {_ADVISER}))?(?=[,.;:)]|$)", ("advice", "letter", "story")),
    Cue(r"\b(?:made|applied|incorporated|implemented|followed|with|adopted|includes?|including) (?:all |both )?(?:of )?(?:the|your|these) "
        r"(?:suggested|recommended|requested|proposed) (?:\w+ )?(?:change|improvement|correction|edit|fix|revision|addition)s?\b", ("editing", "letter", "advice")),
    Cue(rf"\b(?:mistake|error|issue|gap|problem|point|omission|slip)s? (?:that )?(?:you|the {_ADVISER})(?:['’]ve| have)? (?:\w+ly )?"
        r"(?:pointed|mentioned|found|noticed|identified|flagged|spotted|noted|raised|caught)\b", ("letter", "editing", "story")),
    Cue(r"\bI was (?:\w+ly )?(?:reminded|told|advised|asked|prompted|corrected)\b", ("story", "letter")),
    Cue(r"\b(?:we|you and I) (?:discussed|talked about|worked out together|went over)\b", ("story", "letter")),
    Cue(r"\bin our (?:previous |last |earlier |first )?(?:conversation|chat|discussion|lesson|session|exchange|dialogue)\b", ("story", "letter")),
    # The writer's own earlier text
    Cue(rf"\b(?:my|this) (?:own |very )?{_EARLIER} {_WORK}s?\b", ("story", "letter", "earlier")),
    Cue(rf"\bmy (?:draft|answer|response|reply) (?:above|before|earlier)\b|\bmy draft\b", ("story", "letter", "earlier")),
    Cue(rf"\b(?:in|than|from|unlike|to|with|fixes|corrects|replaces|improves(?: on| upon)?) (?:the|an?) {_EARLIER} "
        rf"(?:draft|answer|response|attempt|solution|reply)s?\b(?! (?:of|to|by|from|at)\b)", ("earlier", "story", "editing")),
    Cue(rf"\bthe {_EARLIER} (?:answer|response|draft|reply|solution|attempt) (?:was|had|missed|contained|omitted|forgot|lacked|did|gave|said)\b",
        ("earlier", "story", "editing")),
    Cue(r"\bI(?:['’]d| had)? (?:previously|earlier|initially|originally|first|mistakenly|wrongly|incorrectly) (?:said|wrote|stated|gave|"
        r"answered|claimed|calculated|forgot|missed|omitted|miscounted|overlooked|left|made|had|used|added|multiplied)\b", ("story", "letter")),
    Cue(r"\b(?:what|than|as) I (?:said|wrote|gave|did|had|stated) (?:before|earlier|previously|at first|the first time|last time)\b", ("story", "letter")),
    Cue(r"\bI (?:had )?(?:overlooked|missed|forgot|miscalculated|misread|miscounted|misstated|misunderstood|neglected to|failed to|left out|"
        r"mixed up)\b", ("story", "letter")),
    Cue(r"\b(?:sorry|apologies|apologi[sz]e) (?:\w+ )?(?:for|about) (?:the|my|that|any) (?:\w+ ){0,2}(?:confusion|error|mistake|mix-up|oversight|slip|"
        r"omission|miscalculation)s?\b", ("story", "letter")),
    Cue(r"\b(?:I (?:now )?see|I realised|I realized|I understand) (?:now )?(?:my (?:mistake|error)|where I (?:went|was)|that I|what I did)\b|"
        r"\bnow I (?:see|understand|realise|realize|get it)\b|\bI (?:now understand|see now)\b", ("story", "letter")),
    Cue(r"\b(?:in|fixed|corrected|fixing|correcting|admit|spotted|was) my (?:mistake|error|slip|oversight|miscalculation)s?\b|\bmy (?:mistake|bad)[!.,]", ("story", "letter")),
    Cue(r"^\W*let me (?:try (?:this |that |it )?again|correct|fix|redo|revise|rework|rewrite|improve|start over|rephrase)\b", ("editing", "story")),
    Cue(r"\bthis time,? (?:I|with|the answer|it is)\b", ("story", "letter")),
    # That it is a revision
    Cue(r"\bI(?:['’]ve| have) (?:now |also |just |since |carefully |therefore )?(?:corrected|fixed|revised|updated|reworked|rewritten|reworded|"
        r"incorporated|addressed|amended|clarified|adjusted|improved|restructured|tightened|shortened|expanded)\b", ("editing", "letter", "story")),
    Cue(r"\bI (?:corrected|fixed|revised|reworked|rewrote|amended|updated|improved|adjusted|changed) (?:the|my|that|this) (?:\w+ )?(?:error|mistake|answer|draft|"
        r"response|calculation|issue|explanation|wording|version|step|result|solution)s?\b", ("editing", "letter", "story")),
    Cue(rf"^\W*(?:(?:here(?:['’]s| is| are| comes)|below is|this is|please find|sure[,!.]? here(?:['’]s| is)|okay[,!.]? here(?:['’]s| is)) )?(?:the |my |a |an |your )?"
        rf"(?:fully |newly |slightly )?{_REVISED}(?:,? (?:and )?\w+)? {_WORK}\b(?! (?:of (?!my|the (?:answer|response|text))|is required|was|were|exists))", ("editing",)),
    Cue(rf"\b(?:in|for) (?:the|this|my) {_REVISED} (?:{_PLAIN_WORK}|version)\b(?! of)|\b(?:this|my) {_REVISED} (?:{_PLAIN_WORK}|version|text)\b|"
        rf"\bhere(?:['’]s| is) (?:the|my|an?) (?:\w+ )?{_REVISED} ", ("editing",)),
    Cue(rf"\b(?:the|this|my) {_PLAIN_WORK} (?:has been|was|is|has) (?:now )?(?:been )?(?:revised|corrected|updated|improved|amended|reworked|rewritten)\b", ("editing",)),
    Cue(r"^\W*(?:revised|corrected|updated|improved|revision|edited|second attempt|second draft|final revision|correction|edit)\W{0,3}:|"
        r"\((?:revised|corrected|updated|second draft|second version)\)", ("editing",)),
    Cue(r"^\W*(?:changes made|what (?:I|has) changed|what changed|summary of (?:changes|revisions|improvements)|changes from the \w+|list of changes|"
        r"improvements made|corrections made|revisions made)\b", ("editing",)),
    Cue(rf"\b(?:after|upon|on) (?:re-?(?:checking|reading|considering|viewing|examining)|review|further review|reconsideration|reflection|second thoughts?)"
        rf"(?:,| (?:my|I|the (?:feedback|critique|suggestions|comments)|of (?:my|the (?:answer|feedback|critique))))", ("story", "letter", "editing")),
    Cue(r"\b(?:taking|took|taken) (?:your|the|these|this|all) (?:\w+ )?(?:feedback|advice|comments|suggestions|critique|points) into (?:account|consideration)\b",
        ("letter", "advice", "critic")),
    Cue(r"\b(?:unlike|better than|clearer than|more \w+ than) (?:before|last time|the first time)\b", ("story", "letter", "earlier")),
)
# fmt: skip
_GERMAN = (
    Cue(r"\b(?:danke|dank|dankbar)\b[^.\n]{0,30}\bfür (?:den|die|das|deinen|deine|dein|ihren|ihre|ihr|euren|diesen|diese) (?:\w+ )?(?:hinweise?|"
        r"tipps?|vorschl(?:ag|äge)|rückmeldung|feedback|korrektur|anmerkung(?:en)?|kritik|hilfe|erklärung)\b", ("letter", "story")),
    Cue(r"\bwie (?:du|sie|ihr|der \w+|die \w+|mein \w+|meine \w+|vom \w+|von (?:dir|ihnen)) (?:\w+ ){0,3}(?:vorgeschlagen|angemerkt|gesagt|erwähnt|hingewiesen|"
        r"empfohlen|sagtest|sagte|bemerkte|vorschlug|vorschlugst|meintest)\b", ("letter", "story", "advice", "teacher")),
    Cue(r"\b(?:dein|ihr|euer)(?:e[mnrs]?)? (?:\w+ )?(?:hinweis(?:en?|es)?|vorschl(?:ag|äge)n?|tipps?|rückmeldung|feedback|anmerkung(?:en)?)\b", ("letter", "story", "advice")),
    Cue(r"\b(?:dem|des) (?:hinweis(?:es)?|kritikers|lehrers)\b", ("hint", "teacher", "critic", "story")),
    Cue(r"\bmein(?:e[mnrs]?)? (?:ersten?|erster|erstes|früher\w*|vorherig\w*|vorig\w*|letzt\w*|ursprünglich\w*) (?:entwurf\w*|antwort|version|fassung|lösung|versuch\w*|rechnung)\b",
        ("letter", "story", "earlier")),
    Cue(r"\b(?:ich habe|habe ich) [^.\n]{0,60}\b(?:korrigiert|überarbeitet|verbessert|berichtigt|angepasst|ergänzt|vergessen|übersehen)\b", ("letter", "story", "editing")),
    Cue(r"\b(?:überarbeitet|korrigiert|verbessert|berichtigt)e[nrs]? (?:version|fassung|antwort|lösung)\b", ("editing",)),
    Cue(r"\b(?:du hast|sie haben|du hattest|sie hatten|der lehrer hat|der kritiker hat) (?:völlig |natürlich |ganz )?recht\b", ("claim", "letter", "story")),
    Cue(r"\bmein(?:en|em)? (?:\w+ )?(?:fehler|irrtum)\b", ("letter", "story")),
)
_FRENCH = (
    Cue(r"\bmerci\b[^.\n]{0,20}\b(?:pour|de) (?:l['’]|votre |ton |la |le |cette |cet |vos |tes |ces |les )(?:\w+ )?(?:indices?|suggestions?|remarques?|conseils?|corrections?|"
        r"retours?|commentaires?|critiques?|aide|explication)\b", ("letter", "story")),
    Cue(r"\bcomme (?:vous (?:me )?l['’]avez|tu (?:me )?l['’]as|(?:le|la|mon|ma) \w+ l['’]a) (?:\w+ )?(?:suggéré|dit|indiqué|signalé|remarqué|proposé|mentionné|fait remarquer|conseillé)",
        ("letter", "story", "advice", "teacher")),
    Cue(r"\b(?:selon|suivant|grâce à|suite à|d['’]après|avec) (?:votre|vos|ton|tes) (?:\w+ )?(?:indices?|suggestions?|remarques?|conseils?|commentaires?|critiques?|aide)\b", ("letter", "story", "advice")),
    Cue(r"\b(?:mon|ma|mes) (?:premi(?:er|ère)|précédente?|dernière?) (?:réponse|version|ébauche|tentative|brouillon|essai|jet|calcul|solution)s?\b|"
        r"\b(?:mon|ma) (?:réponse|version|brouillon|solution|calcul|essai) (?:précédente?|initiale?|antérieure?)\b|\bmon brouillon\b", ("letter", "story", "earlier")),
    Cue(r"\bj['’]ai (?:\w+ )?(?:corrigé|révisé|modifié|amélioré|rectifié|revu|reformulé|oublié|tenu compte)\b", ("letter", "story", "editing")),
    Cue(r"\b(?:version|réponse|solution) (?:révisée|corrigée|améliorée|modifiée|revue)\b", ("editing",)),
    Cue(r"\b(?:vous avez|tu as|tu avais|vous aviez|le professeur a) (?:\w+ )?raison\b", ("claim", "letter", "story")),
)
_SPANISH = (
    Cue(r"\bgracias\b[^.\n]{0,10}\bpor (?:la|el|las|los|tu|su|tus|sus|esa|esta) (?:\w+ )?(?:pista|sugerencia|consejo|correccion|corrección|comentario|observación|indicación|ayuda|explicación)e?s?\b",
        ("letter", "story")),
    Cue(r"\bcomo (?:me )?(?:sugeriste|sugirió|indicaste|indicó|señalaste|señaló|dijiste|mencionaste|propusiste|recomendaste|(?:has|ha) (?:sugerido|indicado|señalado|dicho))\b",
        ("letter", "story", "advice", "teacher")),
    Cue(r"\b(?:según|siguiendo|gracias a|con) (?:tu|su|tus|sus) (?:pista|sugerencia|consejo|comentario|observación|indicación)(?:e?s)?\b", ("letter", "story", "advice")),
    Cue(r"\bmi (?:primera?|primer|anterior|previ[oa]) (?:respuesta|versión|borrador|intento|cálculo|solución)\b|"
        r"\bmi (?:respuesta|versión|borrador|intento|cálculo|solución) (?:anterior|previ[oa]|inicial)\b", ("letter", "story", "earlier")),
    Cue(r"\bhe (?:corregido|revisado|modificado|mejorado|actualizado|reescrito|olvidado|tenido en cuenta|incorporado)\b", ("letter", "story", "editing")),
    Cue(r"\b(?:versión|respuesta|solución) (?:revisada|corregida|mejorada|actualizada)\b", ("editing",)),
    Cue(r"\b(?:tienes|tenías|tiene usted|el profesor tiene) (?:\w+ )?razón\b", ("claim", "letter", "story")),
)

CUES: tuple[Cue, ...] = _ENGLISH + _GERMAN + _FRENCH + _SPANISH
