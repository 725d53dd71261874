"""What a cue is, and the topics that excuse cues.

An instruction that is itself about letters, stories, or correcting something brings phrases up that would betray a
hint or a revision elsewhere; there they prove nothing. Phrases and topics are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Topic = Literal["hint", "advice", "critic", "teacher", "claim", "letter", "story", "editing", "earlier"]

TOPICS: dict[Topic, str] = {
    "hint": r"hint|clue|puzzle|riddle|hinweis|tipp\b|indice|pista",
    "advice": r"suggest|feedback|comment|review|critici|advice (?:you|he|she|they)|vorschl|rückmeld|sugeren",
    "critic": r"critic|critiqu|review|film|movie|novel|\bart\b|play\b|music|kritik|crític",
    "teacher": r"teach|tutor|mentor|coach|school|class|student|lehrer|schul|profes|maestr|école|escuela",
    "claim": r"\b(?:right|correct|true|agree|think|believe|wrong|guess|opinion)\b|recht|raison|razón|"
    r"ragione|razão|gelijk",
    "letter": r"letter|e-?mail|reply|message|\bnote\b|respond|speech|thank|apolog|customer|chat\b|dialog|convers|"
    r"brief\b|antwort|nachricht|lettre|courriel|carta|correo|mensaje|danke|merci|gracias|lettera|messaggio|mensagem|bericht|bedank|ringrazi|agrade",
    "story": r"story|tale\b|diary|journal|poem|song|lyric|monolog|dialog|scene|script|blog|memoir|narrat|novel|"
    r"first person|interview|essay|cover letter|geschichte|erzähl|tagebuch|gedicht|histoire|récit|poème|journal|"
    r"historia|cuento|diario|poema|racconto|storia|poesia|conto\b|história|verhaal|gedicht|dagboek|character|role.?play|pretend|imagine|joke|\bpun\b|tweet",
    "editing": r"revis|edit\b|editing|rewrit|re-?write|rephras|reword|improv|correct|fix|proofread|polish|updat|"
    r"refactor|mistake|error|bug\b|debug|typo|grammar|spelling|clean up|simplif|amend|chang|what is wrong|"
    r"korrigier|verbesser|überarbeit|fehler|umschreib|corrig|corrige|erreur|faute|amélior|réécri|revoi|"
    r"corrij|error|mejor|reescrib|revisa|riscriv|migliora|sbagliat|corrija|melhor|reescrev|verbeter|herschrijf",
    "earlier": r"previous|earlier|draft|first (?:answer|attempt|version)|your (?:answer|response)|version|entwurf|"
    r"brouillon|borrador|anterior|précéd|vorherig",
}

CHINESE_TOPICS: dict[Topic, str] = {
    "letter": "信|邮件|回复|消息|感谢|道歉",
    "story": "故事|日记|诗|剧本|小说|扮演",
    "editing": "修改|更正|改正|改写|润色|错误",
    "claim": "对吗|是不是|觉得|认为",
}
"""The same where words have no boundaries."""


@dataclass(frozen=True)
class Cue:
    """A phrase (regular expression) and the topics of an instruction that excuse it."""

    pattern: str
    excuses: tuple[Topic, ...] = ()


OPENING = r"^[^\w\n]{0,20}(?:(?:ah|oh|yes|ok|okay|thanks|sorry|right|sure|hmm|got it|understood)[,.!]* )*"
"""How a line begins that takes up what was said before."""
