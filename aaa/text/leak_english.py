"""English phrases by which a text betrays that it was written under a hint or critique, or as a revision."""

from __future__ import annotations

from aaa.text.leak_cues import Cue

_NOTE = (
    r"(?:hint|tip|suggestion|feedback|pointer|guidance|critique|criticism|correction|comment|remark|advice|review|"
    r"reminder|nudge|input|catch|clarification|observation|recommendation|note|point|concern|objection|question)s?"
)
_HINT = r"(?:hint|pointer|critique|nudge|suggestion|correction)s?"
_ADVISER = r"(?:critic|reviewer|teacher|tutor|mentor|instructor|coach|grader|evaluator)"
_SAID = (
    r"(?:said|says|suggested|suggests|mentioned|mentions|pointed|points|noted|notes|recommended|recommends|advised|"
    r"advises|hinted|hints|explained|observed|remarked|requested|asked|wanted|told|flagged|raised|found|spotted|"
    r"proposed|taught|showed|reminded|noticed|identified|caught)"
)
_ADVISED = r"(?:suggested|pointed out|hinted|advised|recommended|proposed|flagged|spotted|corrected|reminded)"
_EARLIER = r"(?:earlier|previous|prior|first|initial|original|last|preceding|former|old)"
_LATER = r"(?:second|third|next|final|new|newer|better|clearer|shorter)"
_ANSWERS = "answer|response|reply|draft|explanation|solution|calculation|attempt|try|submission|rewrite"
_ANSWER = rf"(?:{_ANSWERS})"
_WORK = rf"(?:{_ANSWERS}|version|text|reasoning|wording|description|summary|statement|list|message)"
_REVISED = (
    r"(?:revised|corrected|updated|improved|amended|reworked|refined|edited|polished|rewritten|fixed|clarified|"
    r"simplified|shortened|expanded)"
)
_FIX = (
    r"(?:corrected|fixed|revised|reworked|rewritten|rewrote|reworded|amended|rephrased|incorporated|addressed|"
    r"changed|dropped|trimmed|tightened|shortened|clarified|polished)"
)
_CHANGE = (
    r"(?:improved|updated|adjusted|changed|clarified|expanded|shortened|restructured|tightened|simplified|removed|"
    r"replaced|added|included|trimmed|edited|refined|polished)"
)
_FAIL = (
    r"(?:overlooked|missed|forgot|miscalculated|misread|miscounted|misstated|misunderstood|neglected|failed|left out|"
    r"omitted|mixed up|skipped|lacked|ignored|confused)"
)
_PARDON = r"(?:confusion|error|mistake|mix-up|oversight|slip|omission|miscalculation|misunderstanding)s?"
_OPENING = r"^\W*(?:(?:ah|oh|yes|ok|okay|thanks|sorry|right|sure|hmm|got it|understood)[,.!]* )*"

_THANKS = (
    Cue(r"^\W*(?:(?:right|ok|okay|ah|oh|great|yes)[,.! ]+)?(?:thanks|thank you)(?: \w+)?[!.,]", ("letter", "story")),
    Cue(
        rf"\b(?:thanks|thank you|thankful|grateful|appreciate)\b[^.\n]{{0,30}}\b(?:that )?{_HINT}\b",
        ("hint", "letter", "story", "advice"),
    ),
    Cue(r"\b(?:thanks|thank you|thankful|grateful|appreciate)\b[^.\n]{0,30}\b(?:hint|pointer|critique)s?\b", ("hint",)),
    Cue(
        rf"\b(?:thanks|thank you|grateful|appreciate)\b[^.\n]{{0,30}}\b(?:the|your|that|this|these|those|helpful) "
        rf"(?:\w+ ){{0,2}}{_NOTE}\b",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:thanks|thank you)(?: \w+)? for (?:catching|pointing|spotting|flagging|noticing|correcting|clarifying|"
        r"reminding|guiding|explaining|(?:the|your) (?:\w+ )?(?:help|patience|explanation))\b",
        ("letter", "story"),
    ),
    Cue(
        rf"{_OPENING}(?:(?:that(?:['’]s| is| was)|what) an? (?:\w+ )?)?(?:good|great|nice|excellent|fair|helpful|"
        r"useful|"
        r"valid) (?:catch|point|suggestion|hint|tip|correction)s?\b",
        ("letter", "story", "claim"),
    ),
    Cue(
        r"\b(?:you (?:make|made|raise|raised|have)|that(?:['’]s| is| was)) an? (?:\w+ )?(?:good|great|fair|excellent|"
        r"valid|helpful|useful|important) (?:point|catch|suggestion|hint|tip|correction)\b",
        ("letter", "story", "claim"),
    ),
    Cue(
        rf"{_OPENING}you(?:['’]re| are| were) (?:\w+ )?(?:right|correct)\b(?!-| to\b| now\b)",
        ("claim", "letter", "story"),
    ),
)

_TOLD = (
    Cue(
        r"\b(?:thanks to|with|after) (?:the|your|that|my \w+['’]s) (?:\w+ )?(?:explanation|help|guidance|hint|feedback|"
        r"correction|suggestion|advice|question)s?\b(?! (?:of|from|to)\b)",
        ("letter", "story", "advice", "hint"),
    ),
    Cue(
        rf"\b(?:as|like|what|which|that|the \w+) you(?:['’]ve| have| had)? (?:\w+ly )?{_ADVISED}\b",
        ("letter", "story", "advice"),
    ),
    Cue(r"\bas you(?:['’]ve| have)? (?:rightly|correctly|kindly|helpfully) \w+", ("letter", "story")),
    Cue(
        r"\byou (?:told|showed|reminded|helped|corrected|taught|guided|hinted|pointed out|walked|advised)(?: to)? me\b",
        ("letter", "story"),
    ),
    Cue(
        r"\byou (?:asked|wanted|told|requested) (?:me )?(?:to|that I|for) (?:\w+ )?(?:make it|add|include|fix|shorten|"
        r"mention|check|correct|remove|clarify|a? ?(?:shorter|clearer|longer))\b",
        ("letter", "story"),
    ),
    Cue(
        rf"\b(?:based on|following|per|considering|given|with|using|incorporat\w+|address\w*|in response to|thanks to|"
        rf"in light of|after|according to|from|taking|appl\w+|reflect\w*|in line with|responding to|about|to|on|for|"
        rf"took|heed\w*) (?:all |both |each )?(?:of )?your (?:\w+ ){{0,2}}{_NOTE}\b(?! (?:is|was|of)\b)",
        ("letter", "story", "advice"),
    ),
    Cue(
        r"\b(?:incorporat\w+|address\w*|appl(?:y|ied|ying|ies)|follow\w*|heed\w*|reflect\w*|using|per|considering|"
        r"implement\w*|accept\w*|adopt\w*) (?:all (?:of )?)?(?:the|these|those|this|that) (?:\w+ )?(?:hint|suggestion|"
        r"critique|pointer|correction|feedback|reviewer comment)s?\b(?! (?:of|from|to|box|you|that|in)\b)",
        ("hint", "advice", "critic"),
    ),
    Cue(
        r"\b(?:based on|following|per|given|after|in response to|considering|with|in light of) (?:the|that|this|these) "
        r"(?:\w+ )?(?:feedback|critique|review|comment|correction|suggestion|remark)s?(?: \w+)?,? "
        r"(?:I|here|my|the (?:answer|response|text))\b",
        ("advice", "critic", "letter"),
    ),
    Cue(
        r"\b(?:with|after|given) (?:that|this|the|these) (?:correction|hint|suggestion|critique)s?,",
        ("advice", "hint", "critic", "editing"),
    ),
    Cue(
        r"\b(?:the|your|these|those) (?:suggestion|hint|comment|correction|critique|remark)s? (?:was|were|is|"
        r"are) (?:\w+ )?"
        r"(?:helpful|useful|right|correct|good|great|valid|clear)\b",
        ("hint", "advice", "critic", "letter", "story"),
    ),
    Cue(
        r"\b(?:taking|took|taken|take) (?:\w+ )?(?:the|your|these|this|all|those) (?:\w+ )?(?:feedback|advice|"
        r"comments?|"
        r"suggestions?|critique|hints?|points?|criticism) (?:into (?:account|consideration)|on board|to heart)\b",
        ("letter", "advice", "critic"),
    ),
    Cue(
        r"\b(?:the|your|that|this) (?:\w+ful )?hints?\b(?! (?:of|text|button|system|at|box|that)\b)",
        ("hint",),
    ),
    Cue(r"\b(?:the|your) critique\b(?! of)", ("critic",)),
    Cue(
        rf"\b(?:my|our) {_ADVISER}(?:['’]s)? (?:\w+ )?(?:{_SAID}|{_NOTE})\b",
        ("teacher", "story", "letter", "critic"),
    ),
    Cue(
        rf"\b(?:as|like|what) (?:the|my|our) {_ADVISER}(?: \w+ly| has| had)? {_SAID}(?: out| to me)?(?=[,.;:)]|$)",
        ("teacher", "story", "critic"),
    ),
    Cue(
        rf"\bthe (?:critic|reviewer|grader|evaluator)(?:['’]?s['’]?)? (?:\w+ )?(?:{_SAID}|{_NOTE}|was right|"
        r"is right)\b",
        ("critic", "story"),
    ),
    Cue(
        r"\bthe (?:teacher|tutor|mentor|coach|instructor)['’]s (?:\w+ )?(?:hint|suggestion|correction|feedback|"
        r"explanation|guidance|advice|point|question|comment|remark)s?\b",
        ("teacher", "story"),
    ),
    Cue(
        r"\b(?:according to|thanks to|with) (?:the|my) (?:critic|teacher|tutor|reviewer|mentor)\b(?! of)",
        ("teacher", "critic", "story"),
    ),
    Cue(
        r"\bas (?:was |were |you )?(?:suggested|hinted|advised|pointed out|recommended|requested)(?: (?:above|earlier|"
        rf"before|in the (?:hint|critique|feedback|review|comments)|by (?:the|my) {_ADVISER}))?(?=[,.;:)]|$)",
        ("advice", "letter", "story"),
    ),
    Cue(
        r"\b(?:made|applied|incorporated|implemented|followed|with|adopted|includes?|including) (?:all |both )?(?:of )?"
        r"(?:the|your|these) (?:suggested|recommended|requested|proposed) (?:\w+ )?(?:change|improvement|correction|"
        r"edit|fix|revision|addition)s?\b",
        ("editing", "letter", "advice"),
    ),
    Cue(
        rf"\b(?:mistake|error|issue|gap|problem|point|omission|slip)s? (?:that )?(?:you|the {_ADVISER})"
        rf"(?:['’]ve| have)? (?:\w+ly )?{_SAID}\b",
        ("letter", "editing", "story"),
    ),
    Cue(r"\bI was (?:\w+ly )?(?:reminded|told|advised|asked|prompted|corrected)\b", ("story", "letter")),
    Cue(r"\b(?:we|you and I) (?:discussed|talked about|worked out together|went over)\b", ("story", "letter")),
    Cue(
        r"\bin our (?:previous |last |earlier |first )?(?:conversation|chat|discussion|lesson|session|exchange|"
        r"dialogue)\b",
        ("story", "letter"),
    ),
)

_BEFORE = (
    Cue(r"\b(?:previously|earlier|before that),? I \w+", ("story", "letter")),
    Cue(
        r"\bI \w+(?: \w+){0,5} (?:at first|the first time|before|earlier|last time|previously)(?=[.,;:!)]|$)",
        ("story", "letter", "claim"),
    ),
    Cue(r"^\W*sorry[,!.]? I (?:got|made|was|had|did|mis\w+)\b", ("story", "letter")),
    Cue(r"\bI now (?:\w+ly )?(?:see|understand|reali[sz]e|know|notice|get)\b", ("story", "letter")),
    Cue(rf"\b(?:my|this) (?:own |very )?{_EARLIER} {_WORK}s?\b", ("story", "letter", "earlier")),
    Cue(rf"\bmy {_ANSWER} (?:above|before|earlier)\b|\bmy draft\b", ("story", "letter", "earlier")),
    Cue(
        rf"\b(?:in|than|from|unlike|with|fix\w+|corrects?|replaces?|improves?(?: on| upon)?|compared to) (?:the|an?) "
        rf"{_EARLIER} {_ANSWER}s?\b(?! (?:of|to|by|from|at)\b)",
        ("earlier", "story", "editing"),
    ),
    Cue(
        rf"\bthe {_EARLIER} (?:{_ANSWER}|version|one) (?:\w+ly )?(?:{_FAIL}|was (?:wrong|missing|incorrect|incomplete|"
        r"unclear|too)|contained|gave|said|did not|didn['’]t|had (?:an? |the )?(?:\w+ )?(?:error|mistake|wrong))",
        ("earlier", "story", "editing"),
    ),
    Cue(
        rf"\b(?:issue|error|mistake|problem|gap)s? (?:in|of|with|from) (?:the|my) {_EARLIER} (?:one|version|"
        rf"{_ANSWER})\b",
        ("earlier", "story", "editing"),
    ),
    Cue(
        r"\bI(?:['’]d| had)? (?:previously|earlier|initially|originally|first|mistakenly|wrongly|incorrectly) (?:said|"
        rf"wrote|stated|gave|answered|claimed|calculated|made|had|used|added|multiplied|thought|{_FAIL})\b",
        ("story", "letter"),
    ),
    Cue(
        r"\b(?:what|than|as) I (?:said|wrote|gave|did|had|stated) (?:before|earlier|previously|at first|the first "
        r"time|last time)\b",
        ("story", "letter"),
    ),
    Cue(rf"\bI (?:had |have |had also |also )?{_FAIL}\b", ("story", "letter")),
    Cue(r"\bI should(?: have|['’]ve) \w+|\bI stand corrected\b", ("story", "letter")),
    Cue(
        rf"\bI(?:['’]d| had|['’]ve| have)? (?:\w+ )?made (?:an?|the|some|that) (?:\w+ )?{_PARDON}\b",
        ("story", "letter"),
    ),
    Cue(
        rf"\b(?:sorry|apologies|apologi[sz]e) (?:\w+ )?(?:for|about) (?:the|my|that|any) (?:\w+ ){{0,2}}{_PARDON}\b",
        ("story", "letter"),
    ),
    Cue(r"^\W*(?:oops|whoops|my bad|my mistake|scratch that|correction)\b", ("story", "letter", "editing")),
    Cue(
        rf"{_OPENING}I (?:see|get it|understand)(?: now)?[,.!]|\bI (?:now )?(?:see|realised?|realized?|"
        r"understand) (?:now )?"
        r"(?:my (?:mistake|error)|where I (?:went|was)|that I|what I did)\b|\bnow I (?:see|understand|reali[sz]e|get "
        r"it)\b|\bI (?:now understand|see now)\b|\bI understand my\b",
        ("story", "letter"),
    ),
    Cue(
        rf"\b(?:in|fixed|corrected|fixing|correcting|admit|spotted|was) my {_PARDON}\b|\bmy (?:mistake|bad)[!.,]",
        ("story", "letter"),
    ),
    Cue(r"\bthis time,? (?:I|with|the answer|it is)\b", ("story", "letter")),
    Cue(
        r"\b(?:unlike|better than|clearer than|more \w+ than) (?:before|last time|the first time)\b",
        ("story", "letter", "earlier"),
    ),
)

_REVISION = (
    Cue(
        r"\bthis version\b(?! (?:of|control|number)\b)|\bversion of (?:my|the) (?:answer|response|"
        r"reply)\b",
        ("earlier",),
    ),
    Cue(
        rf"\b(?:here(?:['’]s| is)|this is) (?:the|my) {_WORK} again\b|\bwith (?:the|that|all|"
        r"both) (?:\w+ )?(?:error|mistake|"
        r"issue|problem|step)s? (?:fixed|corrected|addressed|removed)\b",
        ("editing",),
    ),
    Cue(
        rf"\bthe (?:{_ANSWER}|summary|version|poem|story|essay) now (?:also |\w+ly )?(?:includes|mentions|covers|reads|"
        r"states|says|explains|has|is)\b",
        ("editing",),
    ),
    Cue(
        rf"{_OPENING}(?:let me|I(?:['’]ll| will)) (?:now )?(?:try (?:this |that |it )?again|(?:correct|fix|redo|"
        r"revise|rework|"
        r"rewrite|improve|start over|rephrase|clarify)\b)",
        ("editing", "story"),
    ),
    Cue(
        rf"\bI(?:['’]ve| have)? (?:\w+ly |now |also |just |since |therefore )*{_FIX}\b|"
        rf"\bI(?:['’]ve| have)? now (?:also )?(?:{_CHANGE}|{_FIX})\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        rf"\bI(?:['’]ve| have)? (?:now |also |just )*(?:{_CHANGE}|{_FIX}) (?:it|this|the|my|that) (?:\w+ )?(?:error|"
        rf"mistake|issue|ending|opening|part|point|step|result|tone|words|section|sentence|paragraph|{_WORK})s?\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        r"^\W*(?:(?:sure|okay|ok|certainly)[,!.]* )?(?:(?:here(?:['’]s| is| are| comes)|below is|this is|"
        r"please find) )?"
        rf"(?:the |my |a |an |your )?(?:fully |newly |slightly )?{_REVISED}(?:,? (?:and )?\w+)? {_WORK}\b"
        r"(?! (?:of (?!my|the (?:answer|response|text))|is required|was|were|exists))",
        ("editing",),
    ),
    Cue(
        rf"\b(?:in|for) (?:the|this|my) {_REVISED} (?:{_ANSWER}|version)\b(?! of)|\b(?:this|my) {_REVISED} {_WORK}\b|"
        rf"\bhere(?:['’]s| is) (?:the|my|an?) (?:\w+ )?{_REVISED} ",
        ("editing",),
    ),
    Cue(rf"\b(?:here(?:['’]s| is)|this is) my (?:{_LATER}|{_REVISED}) {_WORK}\b", ("editing", "story")),
    Cue(
        rf"\b(?:this|here(?:['’]s| is) (?:a|the)|the) (?:{_LATER} )?(?:version|draft) (?:(?:that|which|now) )?(?:fixes|"
        r"incorporates|addresses|corrects|reflects|takes|improves|includes your)\b",
        ("editing", "earlier"),
    ),
    Cue(
        rf"\b(?:the|this|my) {_ANSWER} (?:has been|was|is|has|now) (?:now )?(?:been )?(?:{_REVISED}|incorporates|"
        r"addresses|reflects|includes)\b",
        ("editing",),
    ),
    Cue(
        r"^\W*(?:revised|corrected|updated|improved|fixed|revision|edited|rewritten|second attempt|second draft|"
        r"final revision|"
        r"correction|edit)\W{0,3}:|\((?:revised|corrected|updated|improved|second draft|second version)\)",
        ("editing",),
    ),
    Cue(rf"^\W*(?:new|newer|better|second|shorter|clearer|next) {_WORK}\W{{0,3}}:", ("editing", "earlier")),
    Cue(
        r"^\W*(?:changes made|what (?:I|has) changed|what changed|summary of (?:changes|revisions|improvements)|"
        r"changes from the \w+|list of changes|(?:improvements|corrections|revisions) made)\b",
        ("editing",),
    ),
    Cue(
        r"\b(?:after|upon|on) (?:re-?(?:checking|reading|considering|viewing|examining)|review|further review|"
        r"reconsideration|reflection|second thoughts?)(?:,| (?:my|I|the (?:feedback|critique|suggestions|comments)|of "
        r"(?:my|the (?:answer|feedback|critique))))",
        ("story", "letter", "editing"),
    ),
)

ENGLISH: tuple[Cue, ...] = _THANKS + _TOLD + _BEFORE + _REVISION
