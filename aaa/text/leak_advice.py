"""English phrases by which a text betrays that somebody gave its writer a hint, a critique or advice."""

from __future__ import annotations

from aaa.text.leak_cues import OPENING, Cue

_NOTE = (
    r"(?:hint|tip|suggestion|feedback|pointer|guidance|critique|criticism|correction|comment|remark|advice|review|"
    r"reminder|nudge|input|catch|clarification|observation|recommendation|note|point|concern|objection)s?"
)
_HINT = r"(?:hint|pointer|critique|nudge|suggestion|correction)s?"
_ADVISER = r"(?:critic|reviewer|teacher|tutor|mentor|instructor|coach|grader|evaluator)"
_SAID = (
    r"(?:said|says|suggested|suggests|mentioned|mentions|pointed|points|noted|notes|recommended|recommends|advised|"
    r"advises|hinted|hints|explained|observed|remarked|requested|asked|wanted|told|flagged|raised|found|spotted|"
    r"proposed|taught|showed|reminded|noticed|identified|caught)"
)
_ADVISED = r"(?:suggested|pointed out|hinted|advised|recommended|proposed|flagged|spotted|corrected|reminded)"

THANKS: tuple[Cue, ...] = (
    Cue(r"^[^\w\n]{0,20}(?:got it|understood|noted|will do|fair enough|point taken)[,.!:]", ("letter", "story")),
    Cue(rf"{OPENING}that (?:clears|helps|makes sense|explains)\b", ("letter", "story", "claim")),
    Cue(
        r"^[^\w\n]{0,20}(?:(?:right|ok|okay|ah|oh|great|yes)[,.! ]+)?(?:thanks|"
        r"thank you)(?: \w+)?[!.,]",
        ("letter", "story"),
    ),
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
        rf"{OPENING}(?:(?:that(?:['’]s| is| was)|what) an? (?:\w+ )?)?(?:good|great|nice|excellent|fair|helpful|"
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
        rf"{OPENING}you(?:['’]re| are| were) (?:\w+ )?(?:right|correct)\b(?!-| to\b| now\b)",
        ("claim", "letter", "story"),
    ),
)

TOLD: tuple[Cue, ...] = (
    Cue(
        r"^[^\w\n]{0,20}(?:in light of|given|based on|following|after|per|with) the (?:\w+ )?(?:feedback|critique|"
        r"review|"
        r"comments|"
        r"suggestions),|\b(?:improved|revised|corrected|changed|updated) (?:after|following|per|based on|"
        r"in response to) "
        r"(?:the )?(?:review|feedback|critique|comments|suggestions?)\b",
        ("advice", "critic", "letter", "editing"),
    ),
    Cue(
        r"\byou(?:['’]ve| have| had)? (?:\w+ly )?(?:pointed out|hinted|corrected|reminded|flagged|spotted)\b",
        ("letter", "story", "advice"),
    ),
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
        r"\b(?:incorporat\w+|address\w*|appl(?:y|ied|ying|ies)|follow\w*|heed\w*|reflect\w*|using|per|consider\w*|"
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
