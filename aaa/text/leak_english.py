"""English phrases by which a text betrays that it was written under a hint or critique, or as a revision."""

from __future__ import annotations

from aaa.text.leak_cues import Cue

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

ENGLISH: tuple[Cue, ...] = (
    # Thanks and compliments
    Cue(
        r"\b(?:thanks|thank you|thankful|grateful|appreciate)\b[^.\n]{0,30}\b(?:hints?|pointers?|critiques?|"
        r"nudge)\b",
        ("hint",),
    ),
    Cue(
        rf"\b(?:thanks|thank you|grateful|appreciate)\b[^.\n]{{0,30}}\b(?:the|your|that|this|these|those|"
        rf"helpful) (?:\w+ ){{0,2}}{_NOUN}\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:thanks|thank you)(?: \w+)? for (?:catching|pointing|spotting|flagging|noticing|correcting|clarifying|"
        r"reminding|guiding|the help|your help|explaining)\b",
        ("letter", "story"),
    ),
    Cue(
        r"^\W*(?:(?:ah|oh|yes|ok|okay|thanks|sorry),? )?(?:good|great|nice|excellent|fair) (?:catch|point|"
        r"suggestion)s?\b",
        ("letter", "story", "claim"),
    ),
    Cue(
        r"^\W*(?:(?:ah|oh|yes|ok|okay|thanks|sorry)[,!.]? )?you(?:['’]re| are| were) (?:\w+ )?(?:right|correct)\b(?!-)",
        ("claim", "letter", "story"),
    ),
    # What somebody said
    Cue(
        rf"\b(?:as|like|what|which|that|the \w+) you(?:['’]ve| have| had)? (?:\w+ly )?{_ADVISED}\b",
        ("letter", "story", "advice"),
    ),
    Cue(r"\bas you(?:['’]ve| have)? (?:rightly|correctly|kindly|helpfully) \w+", ("letter", "story")),
    Cue(
        r"\byou (?:told|showed|reminded|helped|corrected|taught|guided|hinted|pointed out|walked)(?: to)? me\b",
        ("letter", "story"),
    ),
    Cue(
        rf"\b{_FOLLOWING} (?:all (?:of )?|both (?:of )?|each of )?(?:of )?your (?:\w+ ){{0,2}}{_NOUN}\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:incorporat|address|apply|appli|follow|consider|heed|reflect|accept|us)\w* (?:all (?:of )?)?(?:the|"
        r"these|those|this) "
        r"(?:\w+ )?(?:hint|suggestion|critique|pointer|reviewer comment)s?\b(?! (?:of|from|to|box))",
        ("hint", "advice", "critic"),
    ),
    Cue(
        r"\b(?:based on|following|per|given|after|in response to|considering) the (?:\w+ )?(?:feedback|critique|"
        r"review|comments)"
        r"(?: \w+)?,? (?:I|here|my|the (?:answer|response))\b",
        ("advice", "critic", "letter"),
    ),
    Cue(r"\b(?:the|your|that|this) (?:\w+ful )?hints?\b(?! (?:of|text|button|system|at|box))", ("hint",)),
    Cue(r"\b(?:the|your) critique\b(?! of)", ("critic",)),
    Cue(rf"\b(?:my|our) {_ADVISER}(?:['’]s)? (?:\w+ )?(?:{_SAY}|{_NOUN})\b", ("teacher", "story", "letter", "critic")),
    Cue(
        rf"\b(?:as|like|what) (?:the|my|our) {_ADVISER}(?: \w+ly| has| had)? {_SAY}(?: out| to me)?(?=[,.;:)]|$)",
        ("teacher", "story", "critic"),
    ),
    Cue(
        rf"\bthe (?:critic|reviewer|grader|evaluator)(?:['’]s)? (?:\w+ly )?(?:{_SAY}|{_NOUN}|was right|is right|"
        r"found)\b",
        ("critic", "story"),
    ),
    Cue(
        r"\bthe (?:teacher|tutor|mentor|coach)['’]s (?:hint|suggestion|correction|feedback|explanation|guidance|"
        r"advice)s?\b",
        ("teacher", "story"),
    ),
    Cue(
        r"\b(?:according to|thanks to|with) (?:the|my) (?:critic|teacher|tutor|reviewer|mentor)\b(?! of)",
        ("teacher", "critic", "story"),
    ),
    Cue(
        r"\bas (?:was |were )?(?:suggested|hinted|advised|pointed out|recommended|requested)(?: (?:above|earlier|"
        r"before|"
        rf"in the (?:hint|critique|feedback|review|comments)|by (?:the|my) {_ADVISER}))?(?=[,.;:)]|$)",
        ("advice", "letter", "story"),
    ),
    Cue(
        r"\b(?:made|applied|incorporated|implemented|followed|with|adopted|includes?|including) (?:all |"
        r"both )?(?:of )?(?:the|your|these) "
        r"(?:suggested|recommended|requested|proposed) (?:\w+ )?(?:change|improvement|correction|edit|fix|revision|"
        r"addition)s?\b",
        ("editing", "letter", "advice"),
    ),
    Cue(
        rf"\b(?:mistake|error|issue|gap|problem|point|omission|slip)s? (?:that )?(?:you|the {_ADVISER})(?:['’]ve|"
        r" have)? (?:\w+ly )?"
        r"(?:pointed|mentioned|found|noticed|identified|flagged|spotted|noted|raised|caught)\b",
        ("letter", "editing", "story"),
    ),
    Cue(r"\bI was (?:\w+ly )?(?:reminded|told|advised|asked|prompted|corrected)\b", ("story", "letter")),
    Cue(r"\b(?:we|you and I) (?:discussed|talked about|worked out together|went over)\b", ("story", "letter")),
    Cue(
        r"\bin our (?:previous |last |earlier |first )?(?:conversation|chat|discussion|lesson|session|exchange|"
        r"dialogue)\b",
        ("story", "letter"),
    ),
    # The writer's own earlier text
    Cue(rf"\b(?:my|this) (?:own |very )?{_EARLIER} {_WORK}s?\b", ("story", "letter", "earlier")),
    Cue(
        r"\bmy (?:draft|answer|response|reply) (?:above|before|earlier)\b|\bmy draft\b", ("story", "letter", "earlier")
    ),
    Cue(
        rf"\b(?:in|than|from|unlike|to|with|fixes|corrects|replaces|improves(?: on| upon)?) (?:the|an?) {_EARLIER} "
        rf"(?:draft|answer|response|attempt|solution|reply)s?\b(?! (?:of|to|by|from|at)\b)",
        ("earlier", "story", "editing"),
    ),
    Cue(
        rf"\bthe {_EARLIER} (?:answer|response|draft|reply|solution|attempt) (?:was|had|missed|contained|omitted|"
        r"forgot|lacked|did|gave|said)\b",
        ("earlier", "story", "editing"),
    ),
    Cue(
        r"\bI(?:['’]d| had)? (?:previously|earlier|initially|originally|first|mistakenly|wrongly|"
        r"incorrectly) (?:said|wrote|stated|gave|"
        r"answered|claimed|calculated|forgot|missed|omitted|miscounted|overlooked|left|made|had|used|added|"
        r"multiplied)\b",
        ("story", "letter"),
    ),
    Cue(
        r"\b(?:what|than|as) I (?:said|wrote|gave|did|had|stated) (?:before|earlier|previously|at first|"
        r"the first time|last time)\b",
        ("story", "letter"),
    ),
    Cue(
        r"\bI (?:had )?(?:overlooked|missed|forgot|miscalculated|misread|miscounted|misstated|misunderstood|"
        r"neglected to|failed to|left out|"
        r"mixed up)\b",
        ("story", "letter"),
    ),
    Cue(
        r"\b(?:sorry|apologies|apologi[sz]e) (?:\w+ )?(?:for|about) (?:the|my|that|any) (?:\w+ ){0,2}(?:confusion|"
        r"error|mistake|mix-up|oversight|slip|"
        r"omission|miscalculation)s?\b",
        ("story", "letter"),
    ),
    Cue(
        r"\b(?:I (?:now )?see|I realised|I realized|I understand) (?:now )?(?:my (?:mistake|error)|where I (?:went|"
        r"was)|that I|what I did)\b|"
        r"\bnow I (?:see|understand|realise|realize|get it)\b|\bI (?:now understand|see now)\b",
        ("story", "letter"),
    ),
    Cue(
        r"\b(?:in|fixed|corrected|fixing|correcting|admit|spotted|was) my (?:mistake|error|slip|oversight|"
        r"miscalculation)s?\b|\bmy (?:mistake|bad)[!.,]",
        ("story", "letter"),
    ),
    Cue(
        r"^\W*let me (?:try (?:this |that |it )?again|correct|fix|redo|revise|rework|rewrite|improve|start over|"
        r"rephrase)\b",
        ("editing", "story"),
    ),
    Cue(r"\bthis time,? (?:I|with|the answer|it is)\b", ("story", "letter")),
    # That it is a revision
    Cue(
        r"\bI(?:['’]ve| have) (?:now |also |just |since |carefully |therefore )?(?:corrected|fixed|revised|updated|"
        r"reworked|rewritten|reworded|"
        r"incorporated|addressed|amended|clarified|adjusted|improved|restructured|tightened|shortened|expanded)\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        r"\bI (?:corrected|fixed|revised|reworked|rewrote|amended|updated|improved|adjusted|changed) (?:the|my|that|"
        r"this) (?:\w+ )?(?:error|mistake|answer|draft|"
        r"response|calculation|issue|explanation|wording|version|step|result|solution)s?\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        r"^\W*(?:(?:here(?:['’]s| is| are| comes)|below is|this is|please find|sure[,!.]? here(?:['’]s| is)|"
        r"okay[,!.]? here(?:['’]s| is)) )?(?:the |my |a |an |your )?"
        rf"(?:fully |newly |slightly )?{_REVISED}(?:,? (?:and )?\w+)? {_WORK}\b(?! (?:of (?!my|the (?:answer|"
        r"response|text))|is required|was|were|exists))",
        ("editing",),
    ),
    Cue(
        rf"\b(?:in|for) (?:the|this|my) {_REVISED} (?:{_PLAIN_WORK}|version)\b(?! of)|\b(?:this|"
        rf"my) {_REVISED} (?:{_PLAIN_WORK}|version|text)\b|"
        rf"\bhere(?:['’]s| is) (?:the|my|an?) (?:\w+ )?{_REVISED} ",
        ("editing",),
    ),
    Cue(
        rf"\b(?:the|this|my) {_PLAIN_WORK} (?:has been|was|is|has) (?:now )?(?:been )?(?:revised|corrected|updated|"
        r"improved|amended|reworked|rewritten)\b",
        ("editing",),
    ),
    Cue(
        r"^\W*(?:revised|corrected|updated|improved|revision|edited|second attempt|second draft|final revision|"
        r"correction|edit)\W{0,3}:|"
        r"\((?:revised|corrected|updated|second draft|second version)\)",
        ("editing",),
    ),
    Cue(
        r"^\W*(?:changes made|what (?:I|has) changed|what changed|summary of (?:changes|revisions|improvements)|"
        r"changes from the \w+|list of changes|"
        r"improvements made|corrections made|revisions made)\b",
        ("editing",),
    ),
    Cue(
        r"\b(?:after|upon|on) (?:re-?(?:checking|reading|considering|viewing|examining)|review|further review|"
        r"reconsideration|reflection|second thoughts?)"
        r"(?:,| (?:my|I|the (?:feedback|critique|suggestions|comments)|of (?:my|the (?:answer|feedback|critique))))",
        ("story", "letter", "editing"),
    ),
    Cue(
        r"\b(?:taking|took|taken) (?:your|the|these|this|all) (?:\w+ )?(?:feedback|advice|comments|suggestions|"
        r"critique|points) into (?:account|consideration)\b",
        ("letter", "advice", "critic"),
    ),
    Cue(
        r"\b(?:unlike|better than|clearer than|more \w+ than) (?:before|last time|the first time)\b",
        ("story", "letter", "earlier"),
    ),
)
