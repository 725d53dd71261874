"""What people and assistants say in a conversation that tells their part in it, by language: cues, all of them ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from aaa.text.phrases import Phrases

FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Cues:
    """Of one language; the patterns are looked for in lower case."""

    helper: Phrases
    """Said by one who helps."""
    helped: Phrases
    """Said by one who is helped."""
    farewell: re.Pattern[str]
    opening: re.Pattern[str]
    """Begins a turn that goes on from what was said."""
    reference: re.Pattern[str]
    """Names what was said before."""
    pointing: re.Pattern[str]
    """Points at something that a turn has not named if it stands in its first sentence."""


_ROLES: Final[Mapping[str, tuple[Phrases, Phrases]]] = {
    "en": (
        Phrases(
            r"\bas an ai\b",
            r"\b(?:how|what) (?:can|may|else can) i (?:help|assist)\b",
            r"\bhappy to (?:help|assist)\b",
            r"\blet me know if you (?:need|have|would)\b",
            r"\bi can help you\b",
            r"\bas your (?:ai )?assistant\b",
        ),
        Phrases(
            r"\bthank(?:s| you) for (?:your|the) (?:help|explanation|advice)\b",
            r"\bcan you help me\b",
        ),
    ),
    "de": (
        Phrases(
            r"\bals ki\b",
            r"\bwie kann ich (?:ihnen|dir|euch)\b.{0,40}\bhelfen\b",
            r"\bich helfe (?:ihnen|dir) gern",
            r"\b(?:sagen sie|sag) mir bescheid, wenn\b",
        ),
        Phrases(
            r"\bdanke für (?:ihre|deine|die) (?:hilfe|erklärung)\b",
            r"\b(?:können sie|kannst du) mir (?:bitte )?helfen\b",
        ),
    ),
    "fr": (
        Phrases(
            r"\ben tant qu'ia\b",
            r"\bcomment puis-je (?:vous|t')\s?aider\b",
            r"\bje peux (?:vous |t')aider\b",
            r"\bn'hésite[zs]? pas\b",
        ),
        Phrases(
            r"\bmerci (?:pour|de) (?:votre|ton) (?:aide|explication)\b",
            r"\bpouvez-vous m'aider\b",
            r"\bpeux-tu m'aider\b",
        ),
    ),
    "es": (
        Phrases(
            r"\bcomo (?:una )?ia\b",
            r"\b(?:en qué|cómo) puedo ayudar(?:te|le|los)?\b",
            r"\bpuedo ayudar(?:te|le)\b",
        ),
        Phrases(
            r"\bgracias por (?:tu|su|la) (?:ayuda|explicación)\b",
            r"\b(?:puedes|puede) ayudarme\b",
        ),
    ),
    "it": (
        Phrases(
            r"\bcome (?:un')?ia\b",
            r"\bcome posso aiutar(?:ti|la|vi)\b",
            r"\bposso aiutar(?:ti|la)\b",
        ),
        Phrases(
            r"\bgrazie per (?:il tuo|il suo|l') ?(?:aiuto|spiegazione)\b",
            r"\b(?:puoi|può) aiutarmi\b",
        ),
    ),
    "pt": (
        Phrases(
            r"\bcomo (?:uma )?ia\b",
            r"\b(?:como|em que) posso ajud(?:ar|á-lo|á-la)\b",
            r"\bposso ajudar-?(?:te|lo)?\b",
        ),
        Phrases(
            r"\bobrigad[oa] pel[ao] (?:tua |sua )?(?:ajuda|explicação)\b",
            r"\b(?:podes|pode) ajudar-me\b",
            r"\b(?:pode|podes) me ajudar\b",
        ),
    ),
    "nl": (
        Phrases(
            r"\bals ai\b",
            r"\bhoe kan ik (?:je|u|jullie)\b.{0,30}\bhelpen\b",
            r"\bik help (?:je|u) graag\b",
        ),
        Phrases(
            r"\b(?:bedankt|dank je|dank u) voor (?:je|uw|de) (?:hulp|uitleg)\b",
            r"\b(?:kun je|kunt u) (?:me|mij) helpen\b",
        ),
    ),
    "ru": (
        Phrases(
            r"\bкак (?:ии|искусственный интеллект)\b",
            r"\b(?:чем|как) (?:я )?(?:могу|можно) (?:вам |тебе )?помочь\b",
        ),
        Phrases(
            r"\bспасибо за (?:помощь|вашу помощь|твою помощь|объяснение)\b",
            r"\b(?:можешь|можете) мне помочь\b",
        ),
    ),
    "zh": (
        Phrases(
            r"作为(?:一个)?(?:AI|人工智能)",
            r"有什么(?:我)?可以帮(?:助)?(?:你|您)",
            r"我可以帮(?:助)?(?:你|您)",
            r"很高兴为您",
        ),
        Phrases(
            r"谢谢(?:你|您)的(?:帮助|解释|建议)",
            r"(?:你|您)(?:能|可以)帮(?:助)?我吗",
        ),
    ),
    "ja": (
        Phrases(
            r"AIとして",
            r"(?:何|どの)ような?.{0,6}お手伝い",
            r"お手伝いできます",
            r"お役に立て",
        ),
        Phrases(
            r"(?:助けて|手伝って)(?:くれて|いただき)ありがとう",
            r"手伝って(?:くれ|もらえ)ますか",
            r"教えてくれてありがとう",
        ),
    ),
}
"""Said by one who helps, and by one who is helped."""
_CUES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "farewell": r"\b(?:thanks|thank you|you(?:'re| are) welcome|good ?bye|bye|have a (?:great|nice|good)"
        r"|take care|my pleasure|anytime|see you)\b",
        "opening": r"(?:and|but|or|so|also|now|what about|how about|what if|which one|really|then|ok(?:ay)?|no|yes"
        r"|actually|shorter|longer|more|another|suppose)\b|why\s*\?|why (?:that|not)\b",
        "reference": r"\b(?:previous|earlier|last|original|first) (?:\w+ )?(?:answer|question|reply|response|task"
        r"|message|example|version)\b|\byour (?:\w+ )?(?:answer|reply|response|solution|examples?|suggestions?|list"
        r"|code|text|story|poem)\b|\byou (?:just )?(?:said|wrote|mentioned|suggested|gave|chose)\b"
        r"|\bthe (?:above|rest|(?:first|second|third|last|other|former|latter|2nd|3rd)"
        r" (?:one|point|part|option|example|idea|sentence|paragraph|step|version|suggestion|line|impact))\b"
        r"|\b(?:above|instead|again|the same|the others)\b"
        r"|\b(?:similar examples|more details?|rework|rephrase|continue|go on)\b",
        "pointing": r"\b(?:those|this|it|them|they|here|both|the (?:story|poem|equations?|object|ratings"
        r"|table|process))\b"
        r"|\b(?:is|was|does|did|would|why|do|make|of|by|with|about|for|like) that\b|\bthat(?=\s*[?.!,])",
    },
    "de": {
        "farewell": r"\b(?:danke|gern geschehen|bitte sehr|auf wiedersehen|tschüss|bis bald|mach'?s gut"
        r"|schönen tag)\b",
        "opening": r"(?:und|aber|oder|also|dann|jetzt|nun|wie wäre|was ist mit|was wäre|wirklich|ok(?:ay)?"
        r"|nein|ja|doch"
        r"|kürzer|länger|noch)\b|warum (?:gerade|das|nicht)\b|warum\s*\?",
        "reference": r"\b(?:vorherige|vorige|letzte|frühere|ursprüngliche|erste|zweite|dritte"
        r"|andere)[nmrs]? (?:\w+ )?"
        r"(?:antwort|frage|aufgabe|beispiel|punkt|teil|vorschlag|idee|satz|absatz|schritt|version|fassung)\b"
        r"|\b(?:deine|ihre)[nmrs]? (?:\w+ )?(?:antwort|lösung|beispiele?|vorschläge?|liste|text|geschichte|gedicht)\b"
        r"|\b(?:oben|stattdessen|noch einmal|nochmals?|dasselbe|das gleiche|daraus|damit|davon|dafür|darüber|dazu"
        r"|darin|genauer|mehr dazu)\b|\b(?:hast du|haben sie) (?:gesagt|geschrieben|erwähnt|vorgeschlagen)\b",
        "pointing": r"(?<!, )\b(?:das (?=\w+(?:er|t|en)?\b)(?!\w+ (?:ist|sind)\b)|es|dies|hier|sie|ihn|ihm)\b",
    },
    "fr": {
        "farewell": r"\b(?:merci|de rien|au revoir|à bientôt|à la prochaine|bonne (?:journée|soirée)"
        r"|je vous en prie)\b",
        "opening": r"(?:et|mais|ou|donc|alors|maintenant|vraiment|d'accord|ok|non|oui|plus (?:court|long)|encore"
        r"|c'est|est-ce que c'est)\b|pourquoi (?:cela|ça|pas)\b|pourquoi\s*\?",
        "reference": r"\b(?:précédente?|dernière?|première?|premier|deuxième|seconde?|troisième|autre)s? "
        r"(?:réponse|question|tâche|exemple|point|partie|proposition|idée|phrase|étape|version)\b"
        r"|\b(?:réponse|question|exemple) précédente?\b|\b(?:ta|ton|votre|tes|vos) (?:\w+ )?(?:réponse"
        r"|solution|exemples?"
        r"|propositions?|liste|texte|histoire|poème)\b|\b(?:ci-dessus|à la place|de nouveau|encore une fois"
        r"|la même chose"
        r"|par là|le même)\b|-(?:en|le|la|les)\b|\btu (?:as|viens de) (?:dit|écrit|dire|proposé)\b",
        "pointing": r"\b(?:cela|ça|ceci|celui-ci|celle-ci|ici|c'est|l'autre)\b",
    },
    "es": {
        "farewell": r"\b(?:gracias|de nada|adiós|hasta (?:luego|pronto|la próxima)|cuídate|que tengas)\b",
        "opening": r"¿?(?:y|pero|o|entonces|ahora|también|de verdad|vale|ok|no|sí|más (?:corto|largo)|otro|otra"
        r"|qué tal|qué pasa si)\b|¿?por qué (?:eso|no)\b|¿?por qué\s*\?",
        "reference": r"\b(?:anterior|últim[oa]|primer[oa]?|segund[oa]|tercer[oa]?|otr[oa]) (?:respuesta"
        r"|pregunta|tarea"
        r"|ejemplo|punto|parte|propuesta|idea|frase|paso|versión)\b|\b(?:respuesta|pregunta|ejemplo) anterior\b"
        r"|\b(?:tu|tus|su) (?:\w+ )?(?:respuesta|solución|ejemplos?|propuestas?|lista|texto|historia|poema)\b"
        r"|\b(?:arriba|en su lugar|de nuevo|otra vez|lo mismo)\b|\b(?:dijiste|escribiste|mencionaste|propusiste)\b"
        r"|\b\w+(?:[aeiáéí]r|[aeiáéí])l[oae]s?\b(?= (?:más|en|de|a|con)\b)",
        "pointing": r"\b(?:eso|esto|aquí|ello|ellos|ellas)\b",
    },
    "it": {
        "farewell": r"\b(?:grazie|prego|arrivederci|ciao|a presto|alla prossima|buona (?:giornata|serata))\b",
        "opening": r"(?:e|ma|o|quindi|allora|adesso|ora|davvero|va bene|ok|no|sì|più (?:corto|breve|lungo)|un altro"
        r"|e se)\b|perché (?:questo|quello|no)\b|perché\s*\?",
        "reference": r"\b(?:precedente|ultim[oa]|prim[oa]|second[oa]|terz[oa]|altr[oa]) (?:risposta|domanda|compito"
        r"|esempio|punto|parte|proposta|idea|frase|passo|versione)\b|\b(?:risposta|domanda|esempio) precedente\b"
        r"|\b(?:la tua|il tuo|i tuoi|le tue) (?:\w+ )?(?:risposta|soluzione|esempi[o]?|propost[ae]|lista|testo|storia"
        r"|poesia)\b|\b(?:sopra|invece|di nuovo|un'altra volta|ancora una volta|la stessa cosa)\b"
        r"|\b(?:hai (?:detto|scritto|proposto))\b|\bfanne\b|\b\w+(?:ar|er|ir)l[oaie]\b",
        "pointing": r"\b(?:questo|quello|ciò|qui|essi|esse|lo stesso)\b(?! \w+[oa]\b)",
    },
    "pt": {
        "farewell": r"\b(?:obrigad[oa]|de nada|adeus|tchau|até (?:logo|breve|à próxima)|bom dia para)\b",
        "opening": r"(?:e|mas|ou|então|agora|também|a sério|certo|ok|não|sim|mais (?:curto|longo)|outro|outra|e se)\b"
        r"|por ?qu[eê] (?:isso|não)\b|por ?qu[eê]\s*\?",
        "reference": r"\b(?:anterior|últim[oa]|primeir[oa]|segund[oa]|terceir[oa]|outr[oa]) (?:resposta"
        r"|pergunta|tarefa"
        r"|exemplo|ponto|parte|proposta|ideia|frase|passo|versão)\b|\b(?:resposta|pergunta|exemplo) anterior\b"
        r"|\b(?:a tua|o teu|a sua|o seu|sua|seu) (?:\w+ )?(?:resposta|solução|exemplos?|propostas?|lista"
        r"|texto|história"
        r"|poema)\b|\b(?:acima|em vez disso|de novo|outra vez|a mesma coisa|o mesmo)\b|-l?[oa]s?\b(?= \w)"
        r"|\b(?:disseste|escreveste|você disse|você escreveu)\b",
        "pointing": r"\b(?:isso|isto|aquilo|aqui|eles|elas)\b",
    },
    "nl": {
        "farewell": r"\b(?:bedankt|dank je|dank u|graag gedaan|tot ziens|doei|dag|fijne (?:dag|avond)|tot snel)\b",
        "opening": r"(?:en|maar|of|dus|dan|nu|echt|oké|ok|nee|ja|korter|langer|nog|wat als|hoe zit het met)\b"
        r"|waarom (?:dat|niet|juist)\b|waarom\s*\?",
        "reference": r"\b(?:vorige|laatste|eerdere|eerste|tweede|derde|andere) (?:antwoord|vraag|taak"
        r"|voorbeeld|punt|deel"
        r"|voorstel|idee|zin|stap|versie)\b|\b(?:je|jouw|uw) (?:\w+ )?(?:antwoord|oplossing|voorbeelden"
        r"|voorbeeld|voorstel"
        r"|lijst|tekst|verhaal|gedicht)\b|\b(?:hierboven|in plaats daarvan|nog een keer|opnieuw|hetzelfde|daarmee"
        r"|daarvan|daarvoor|erover|ervan|er een \w+ van)\b|\b(?:je zei|je schreef|u zei)\b",
        "pointing": r"(?<!\w )\b(?:dat|dit|het)\b(?! \w+(?:e|en)? (?:is|zijn)\b)|\b(?:dat|dit|het|hier"
        r"|ze)\b(?=\s*[?.!]"
        r"| (?:ook|korter|langer|nog|anders|maken|doen)\b)",
    },
    "ru": {
        "farewell": r"\b(?:спасибо|пожалуйста, обращ\w+|до свидания|пока|всего доброго|до встречи|хорошего дня)\b",
        "opening": r"(?:а|и|но|или|тогда|теперь|также|правда|хорошо|ок|нет|да|короче|длиннее|ещё|еще)\b"
        r"|почему (?:именно|не|это)\b|почему\s*\?",
        "reference": r"\b(?:предыдущ|последн|прошл|исходн|перв|втор|трет|друг)\w+ (?:ответ|вопрос|задач"
        r"|задани|пример|пункт"
        r"|част|предложени|иде|шаг|верси|вариант)\w*|\b(?:тво|ваш|сво)\w+ (?:\w+ )?(?:ответ|решени|пример"
        r"|предложени|список"
        r"|текст|рассказ|стих)\w*|\b(?:выше|вместо этого|ещё раз|еще раз|снова|то же самое|имее(?:шь|те) в виду)\b"
        r"|\bты (?:сказал|написал|предложил)\w*",
        "pointing": r"\b(?:это|этого|этому|этим|этом|его|её|ее|их|здесь|тут|они|оно)\b",
    },
    "zh": {
        "farewell": r"谢谢|不客气|再见|拜拜|祝你|保重",
        "opening": r"那|那么|可是|但是|而且|还有|所以|如果换成|好的?[，。]|不[，。是]|是的|为什么[？?]|再",
        "reference": r"(?:上|前)(?:一个|面|文|述)|(?:之前|刚才|刚刚)(?:的|你|您|说)|第[一二三四五两][个点条段句步部]"
        r"|(?:你|您)的(?:回答|答案|例子|建议|方案)|(?:你|您)(?:说|写|提到)的|再(?:写|说|来|做|解释)|同样的"
        r"|另一个|换一个|什么意思",
        "pointing": r"它|这(?!些|个|首|篇|段|里有)|那(?!些|个)|这里|那里|这个(?![一-鿿])",
    },
    "ja": {
        "farewell": r"ありがとう|どういたしまして|さようなら|また(?:ね|今度|お会い)|良い一日を",
        "opening": r"では|でも|それなら|それで|そして|じゃあ|じゃ|もし|いいえ|はい|本当|なぜですか"
        r"|どうしてですか|もっと",
        "reference": r"(?:前|先ほど|さっき|上記|以前)の|[一二三四五1-5](?:番目|つ目)の|(?:あなた|君)の(?:回答"
        r"|答え|例|提案)"
        r"|もう一度|同じ(?:こと|もの|ように)|別の|言い換えて|続けて",
        "pointing": r"それ|これ(?!ら)|あれ|ここ|そこ|そう(?:です|する)",
    },
}
LANGUAGES: Final = frozenset(_CUES)
"""Languages whose cues are known."""


@cache
def cues_of(language: str) -> Cues:
    """The cues of one of `LANGUAGES`, compiled when they are first asked for."""
    helper, helped = _ROLES[language]
    return Cues(
        helper=helper,
        helped=helped,
        **{name: re.compile(pattern, re.DOTALL) for name, pattern in _CUES[language].items()},
    )
