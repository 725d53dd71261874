"""The same phrases in Italian, Portuguese, Dutch and Chinese: the basics."""

from __future__ import annotations

from aaa.text.leak_cues import Cue

ITALIAN: tuple[Cue, ...] = (
    Cue(
        r"\b(?:più \w+|meglio) di prima\b|\bavevo (?:scritto|messo|dimenticato|detto|sbagliato|dato|confuso)\b|"
        r"\bho (?:tolto|aggiunto|accorciato|cambiato|sostituito)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bgrazie\b[^.\n]{0,15}\b(?:per|del|della|dei|delle|dell['’]) ?(?:il |la |lo |l['’]|i |le |tuo |tua |suo |sua "
        r"|tuoi |vostro )*(?:suggeriment|indizi|consigli|correzion|osservazion|comment|indicazion|aiuto|spiegazion|"
        r"dritt|segnalazion)\w*",
        ("letter", "story"),
    ),
    Cue(
        r"\bcome (?:mi )?(?:hai|ha|avete|avevi|aveva) (?:\w+ )?(?:suggerito|detto|indicato|fatto notare|proposto|"
        r"consigliato|segnalato|osservato)\b|\bcome (?:suggerito|richiesto|indicato|consigliato|segnalato)\b",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:il tuo|la tua|i tuoi|le tue|il suo|la sua|il vostro) (?:\w+ )?(?:suggeriment|indizi|consigli|correzion|"
        r"osservazion|comment|critic|indicazion|obiezion)\w*",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:mia|mio) (?:prim[ao]|precedente|ultim[ao]|vecchi[ao]) (?:risposta|versione|bozza|tentativo|stesura|"
        r"soluzione|calcolo)\b|\b(?:mia|mio) (?:risposta|versione|bozza|tentativo|soluzione|calcolo) (?:precedente|"
        r"iniziale|di prima)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bho (?:\w+ )?(?:corretto|rivisto|modificato|migliorato|sistemato|riscritto|dimenticato|sbagliato|rifatto|"
        r"tenuto conto|integrato|trascurato)\b",
        ("letter", "story", "editing"),
    ),
    Cue(
        r"\b(?:versione|risposta|soluzione) (?:rivista|corretta|migliorata|aggiornata|riveduta)\b",
        ("editing",),
    ),
    Cue(r"^[^\w\n]{0,20}(?:hai|ha|avevi|avete) (?:\w+ )?ragione\b", ("claim", "letter", "story")),
    Cue(r"\b(?:scusa|scusate|mi scuso|chiedo scusa)[ ,.!]|\bmio (?:sbaglio|errore)\b", ("letter", "story")),
    Cue(r"\b(?:adesso|ora) (?:capisco|vedo|ho capito)\b|\bquesta volta\b", ("letter", "story")),
)
PORTUGUESE: tuple[Cue, ...] = (
    Cue(
        r"\b(?:antes|tinha|havia) (?:eu )?(?:escrevi|pus|disse|escrito|posto|dito|esquecido|errado)\b|\b(?:tentativa|"
        r"resposta|versão) anterior\b|\b(?:tirei|acrescentei|encurtei|troquei)\b|\bmais \w+ (?:do )?que antes\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bobrigad[oa]\b[^.\n]{0,10}\bpel[oa]s? (?:\w+ )?(?:dica|sugest|corre|coment|observa|conselho|ajuda|explica|"
        r"aviso)\w*",
        ("letter", "story"),
    ),
    Cue(
        r"\bcomo (?:você |tu |o \w+ |a \w+ )?(?:me )?(?:sugeri|apont|indic|observ|mencion|recomend|diss)\w+\b|"
        r"\bconforme (?:sugerido|solicitado|indicado|apontado)\b",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:sua|seu|tua|teu|suas|seus) (?:\w+ )?(?:dica|sugest|corre[çc]|coment|observa[çc]|conselho|crítica)\w*",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bminha? (?:primeir[ao]|últim[ao]|anterior) (?:resposta|versão|tentativa|solução|conta)\b|\b(?:minha|meu) "
        r"(?:resposta|versão|rascunho|tentativa|solução|cálculo|conta) (?:anterior|inicial)\b|\bmeu (?:primeiro )?"
        r"(?:rascunho|cálculo)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\b(?:corrigi|revisei|reescrevi|melhorei|ajustei|refiz|esqueci|errei)\b",
        ("letter", "story", "editing"),
    ),
    Cue(r"\b(?:versão|resposta|solução) (?:revisada|corrigida|melhorada|atualizada|revista)\b", ("editing",)),
    Cue(r"\b(?:você|tu) (?:tem|tinha|tens|tinhas) (?:\w+ )?razão\b|^\W{0,5}tem razão", ("claim", "letter", "story")),
    Cue(r"\b(?:desculpe|desculpa|peço desculpas?)\b|\bmeu (?:erro|engano)\b", ("letter", "story")),
    Cue(r"\bagora (?:entendo|entendi|vejo|percebo|percebi)\b|\bdesta vez\b", ("letter", "story")),
)
DUTCH: tuple[Cue, ...] = (
    Cue(
        r"\b(?:eerder|eerst|net) (?:schreef|zei|had|gaf) ik\b|\bde vorige keer\b|\bik had\b[^.\n]{0,40}\b(?:geschreven|"
        r"vergeten|gezegd|fout|verkeerd)\b|\b\w+er dan (?:de vorige|eerst|mijn eerste)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\b(?:bedankt|dank(?: je| u)?)\b[^.\n]{0,12}\bvoor (?:de|je|uw|jouw|het|die|deze) (?:\w+ )?(?:hint|tip|"
        r"suggestie|opmerking|feedback|correctie|hulp|aanwijzing|uitleg|advies|verbetering)\w*",
        ("letter", "story"),
    ),
    Cue(
        r"\bzoals (?:je|jij|u|de \w+|mijn \w+) (?:\w+ ){0,2}(?:voorstelde|opmerkte|zei|aangaf|voorgesteld|opgemerkt|"
        r"gezegd|aanraadde|suggereerde)\b|\bzoals (?:voorgesteld|gevraagd|opgemerkt|aangegeven)\b",
        ("letter", "story", "advice", "teacher"),
    ),
    Cue(
        r"\b(?:je|jouw|uw) (?:\w+ )?(?:hint|tip|suggestie|opmerking|feedback|correctie|aanwijzing|kritiek)\w*",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\bmijn (?:eerste|vorige|eerdere|laatste|oorspronkelijke) (?:antwoord|versie|poging|concept|berekening|"
        r"oplossing|tekst)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(
        r"\bik heb\b[^.\n]{0,50}\b(?:verbeterd|gecorrigeerd|herzien|aangepast|herschreven|vergeten|aangevuld|"
        r"overgeslagen|vergist)\b",
        ("letter", "story", "editing"),
    ),
    Cue(r"\b(?:herziene|verbeterde|gecorrigeerde|aangepaste) (?:versie|antwoord|tekst|oplossing)\b", ("editing",)),
    Cue(r"\b(?:je|jij|u) (?:had|hebt|heeft) (?:\w+ )?gelijk\b", ("claim", "letter", "story")),
    Cue(r"\b(?:mijn excuses|mijn fout|mijn vergissing|sorry voor (?:de|mijn))\b", ("letter", "story")),
    Cue(r"\bnu (?:zie|snap|begrijp) ik\b|\bdeze keer\b", ("letter", "story")),
)
CHINESE: tuple[Cue, ...] = (
    Cue(r"(?:上次|之前|刚才|先前|原来|前面)我?[^。，\n]{0,8}(?:漏|忘|错|写成|算成|忽略|遗漏)", ("story", "letter")),
    Cue(r"(?:谢谢|感谢|多谢)[^。\n]{0,8}(?:提示|建议|指正|指出|提醒|反馈|意见|帮助|批评|点拨)", ("letter", "story")),
    Cue(
        r"(?:你|您)(?:说得对|说的对|是对的|指出|提到的|建议|提醒)|(?:按照|根据|依照|如)(?:你|您|老师|评审)的?",
        ("letter", "claim"),
    ),
    Cue(
        r"我(?:之前|上次|刚才|先前|原来|上一次|第一次)的?(?:\w{0,6})?(?:答案|回答|版本|草稿|计算|错|漏|忽略|忘)",
        ("story",),
    ),
    Cue(r"我(?:已经?|重新)?(?:修改|更正|修正|改正|订正|改进|补充)了", ("editing", "story")),
    Cue(r"(?:修改|更正|修订|修正|改进)(?:后|过)的?(?:版本|答案|回答)", ("editing",)),
    Cue(
        r"(?:抱歉|对不起|不好意思)[^。\n]{0,12}(?:错|误|漏|忽略|忘)|这次(?:我|的答案|应该)|现在我(?:明白|知道|看到)",
        ("story",),
    ),
)
