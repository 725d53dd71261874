"""English phrases by which a writer owns up to an earlier slip, takes up an objection, or says what is new."""

from __future__ import annotations

from aaa.text.leak_cues import OPENING, Cue

_SLIP = r"(?:mistake|oversight|slip|miscalculation|mix-up|error|blunder|misreading|misunderstanding)s?"
_NOTICE = (
    r"(?:consider|notice|account|carry|check|include|mention|reali[sz]e|see|catch|read|convert|apply|count|think|take|"
    r"spell out|answer|give|show|address|say)(?:ed)?"
)
_PART = (
    r"(?:step|error|mistake|issue|point|typo|omission|problem|example|unit|carry|conclusion|paragraph|sentence|section|"
    r"sign|figure|number|result|part|opening|ending|tone|wording|reason|limit|link|gap|slip|detail|bit|item|line)s?"
)
_DONE = (
    r"(?:corrected|added|fixed|addressed|removed|included|clarified|put right|filled in|filled|cut|dropped|"
    r"replaced|shortened|mended|sorted out|repaired|expanded|reworded|tightened)"
)
_BETTER = (
    r"(?:correct|right|fixed|included|clearer|complete|shorter|mentioned|explained|stated|addressed|shown|covered|"
    r"spelled out|in place|better|simpler|gone|more \w+)"
)
_ADVISER = r"(?:critic|reviewer|teacher|tutor|mentor|instructor|coach|grader|evaluator|checker|examiner)"
_NOTE = r"(?:hint|remark|pointer|critique|correction|nudge|objection|prompting|prompt|observation|tip)s?"

_START = r"(?:^|[.!?:] +)[^\w\n]{0,20}"
_FINER = r"(?:better|stronger|clearer|shorter|simpler|tighter|fuller|crisper|cleaner|gentler|plainer|safer|more \w+)"

SLIPS: tuple[Cue, ...] = (
    Cue(
        r"\bI(?:['’]d| had) (?:\w+ )?(?:claimed|said|given|put|stated|written|named|listed|answered|called|assumed|"
        r"counted|used|added|taken|placed)\b",
        ("letter", "story"),
    ),
    Cue(
        rf"\bI (?:\w+ )?(?:misspoke|miswrote|mistyped|misremembered|misapplied|misquoted|misjudged|misplaced)\b|"
        rf"{_START}(?:my )?apologies[,.!:]|\bI kept \w+ing\b",
        ("letter", "story"),
    ),
    Cue(
        r"\b(?:was|were|is|are|,) (?:missing|absent|lacking|left out|wrong|unclear|too \w+) (?:before|earlier|"
        r"previously|last time|at first|the first time)\b",
        ("letter", "story", "earlier"),
    ),
    Cue(rf"\b(?:my|a silly|a careless|a stupid) (?:\w+ )?{_SLIP}\b|\bcareless of me\b", ("letter", "story")),
    Cue(
        r"\bI (?:was|went|got (?:it|that|this|the \w+)) (?:\w+ )?(?:wrong|mistaken|too (?:quick|hasty|fast)|astray)\b",
        ("letter", "story", "claim"),
    ),
    Cue(
        rf"\bI (?:had(?: not|n['’]t)|did(?: not|n['’]t)|failed to|forgot to|should) (?:\w+ )?{_NOTICE}\b"
        r"(?=[^.\n]*\b(?:before|first|earlier|initially|previously|at all|properly|carefully|so)\b)",
        ("letter", "story"),
    ),
    Cue(
        rf"\bI (?:had(?: not|n['’]t)) (?:\w+ )?{_NOTICE}\b|\bI skipped (?:a|the|over)\b|\bI jumped to\b",
        ("letter", "story"),
    ),
    Cue(
        r"\bI \w+(?: \w+){0,4} (?:wrongly|incorrectly|by mistake|twice by accident)(?=[.,;:!)]|$)",
        ("letter", "story"),
    ),
    Cue(
        r"\bthat was (?:wrong|incorrect|an? (?:slip|mistake|miscount|error|oversight))\b", ("letter", "story", "claim")
    ),
    Cue(
        r"\bthe (?:previous|earlier|initial|original|first|old|former) (?:result|figure|value|number|total|sum|claim|"
        r"statement|wording|sentence|paragraph|list|working|reasoning|reply) (?:was (?:wrong|off|too|incorrect|missing|"
        r"unclear|not)|did(?: not|n['’]t)|had an?|missed|left|overlooked|lacked|forgot)\b",
        ("earlier", "story", "editing"),
    ),
    Cue(
        rf"{OPENING}(?:on (?:a )?second (?:look|thoughts?|reading|try)|looking (?:at (?:it|this|that) )?again|having "
        r"(?:now )?(?:re-?\w+|checked (?:it |this )?again|looked (?:at (?:it|this) )?again|"
        r"gone (?:over|through|back)))",
        ("story", "letter"),
    ),
)

HEARD: tuple[Cue, ...] = (
    Cue(
        r"\b(?:appreciate|glad|grateful|good|happy|nice|pleased)(?: that)? you(?:['’]ve|"
        r" have)? (?:\w+ )?(?:flag|caught|"
        r"catch|point|spot|notic|mention|rais|correct|remind|ask)\w*",
        ("letter", "story"),
    ),
    Cue(
        r"\byou were (?:right|correct|wise) to\b|\byou(?:['’]re| are) (?:right|correct) to (?:doubt|challenge)\b|"
        r"\bas you (?:recommend|suggest|advise|propose|hint|point out)\b",
        ("letter", "story", "claim"),
    ),
    Cue(
        rf"{_START}(?:thanks|thank you)[,.!]|\b(?:fair|good) (?:point|comment)[,.:;!]|\bpoint taken\b",
        ("letter", "story"),
    ),
    Cue(rf"{_START}right, (?:the|I|so|it|that|of course|those|these)\b", ("letter", "story", "claim")),
    Cue(
        r"\b(?:since|because|as|following|after|per|given) the (?:\w+ )?(?:critique|feedback|remarks?|comments?|"
        r"objections?|critic|reviewer)\b(?! (?:of|by|from)\b)|\bthe (?:comments?|feedback|remarks?|objections?) (?:was|"
        r"were) (?:fair|right|correct|that|to|just|apt)\b",
        ("advice", "critic", "letter", "story"),
    ),
    Cue(rf"\byour (?:\w+ )?{_NOTE}\b", ("hint", "letter", "story", "advice")),
    Cue(r"\bat your (?:suggestion|request|prompting|advice)\b|\bon your advice\b", ("letter", "story", "advice")),
    Cue(rf"{OPENING}(?:good|great|nice) (?:idea|thinking|remark|hint|advice|spot|eye)\b", ("letter", "story")),
    Cue(
        rf"\bthe {_ADVISER}(?:['’]s)? (?:\w+ly |has |had )?(?:said|suggested|mentioned|pointed|noted|recommended|"
        r"advised|hinted|asked|wanted|told|flagged|found|spotted|proposed|reminded|noticed|corrected|objected|meant)\b",
        ("teacher", "critic", "story", "letter"),
    ),
    Cue(
        r"\bthe (?:feedback|critique|hint|comments?|review|remarks?) (?:\w+ )?(?:said|says|asked|asks|mentioned|"
        r"mentions|suggested|suggests|pointed|points|showed|made|helped|wanted|reminded|led)\b",
        ("advice", "critic", "hint", "letter", "story"),
    ),
    Cue(r"\bnow that you (?:mention|say|point|explain|put|ask)\b", ("letter", "story")),
    Cue(r"\byou (?:rightly|correctly|kindly) \w+(?:ed|ught|und|id)\b", ("letter", "story")),
    Cue(
        r"\byou(?:['’]re| are| were) (?:\w+ )?right (?:that|about|to (?:question|object|point|ask (?:for|about) "
        r"(?:the|a|more)|say))",
        ("letter", "story", "claim"),
    ),
    Cue(
        r"\b(?:helped|made|got|led|set|pointed|steered|put) me (?:to )?(?:see|reali[sz]e|notice|find|understand|think|"
        r"look|in the right|on the right|straight|back)\b",
        ("letter", "story"),
    ),
    Cue(r"\bwith (?:that|this|the) (?:help|hint|nudge|pointer|in mind now)\b", ("letter", "story", "hint")),
)

NEW: tuple[Cue, ...] = (
    Cue(
        r"\bI(?:['’]ve| have)? (?:took out|taken out|left (?:it|that|this|them) out|dropped (?:the|it|that|"
        r"['\"‘“])|cut the|"
        r"replaced (?:the|it|that)|swapped|toned down|made (?:the|it|this|that) (?:\w+ ){0,3}(?:less|more|"
        r"shorter|clearer|"
        r"simpler))\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        rf"\bhere(?:['’]s| is| comes) (?:a|the|my) {_FINER} (?:answer|version|reply|text|explanation|one|try|"
        rf"list|summary|"
        rf"wording|title|proof|solution)\b|\b{_FINER} (?:\w+ ){{0,2}}than (?:the (?:last|first|previous|earlier|old) "
        r"(?:one|version|time|draft|try|answer)|before)\b",
        ("editing", "earlier"),
    ),
    Cue(
        r"\bthis time (?:around|instead|with|I)\b|\bthis time\b(?=[^.\n]*\binstead\b)|\bin (?:the|this|my) new "
        r"(?:version|draft|answer)\b",
        ("story", "letter", "editing"),
    ),
    Cue(
        rf"\b(?:the|that|this|all|both|your|a|an) (?:\w+ ){{0,3}}{_PART} (?:\w+ ){{0,3}}(?:has|have) (?:now |since "
        rf"|also )*been {_DONE}\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        rf"\b(?:the|that|this|all|both|my|each) (?:\w+ ){{0,3}}{_PART} (?:\w+ ){{0,3}}(?:is|are) now (?:\w+ly )?"
        rf"{_BETTER}\b",
        ("editing", "letter", "story"),
    ),
    Cue(
        r"\b(?:it|this|the (?:answer|list|text|summary|explanation|reply|poem|code|plan)) (?:now|no longer) (?:also )?"
        r"(?:includes?|mentions?|covers?|explains?|states?|shows|addresses|says|contains|claims|repeats|rhymes|keeps|"
        r"ends|begins|starts|names|gives|fits)\b",
        ("editing",),
    ),
    Cue(
        r"\b(?:made|making|applied|applying|worked in|taken up|took up|picked up) (?:the|your|these|those|some|all) "
        r"(?:\w+ )?(?:changes|edits|corrections|adjustments|fixes|improvements|revisions|suggestions|points|comments|"
        r"remarks|hints)\b",
        ("editing", "letter", "advice"),
    ),
    Cue(
        r"\b(?:hope|hopefully|trust|think) (?:that )?(?:this|it)(?: one| version| answer)?(?:['’]s)? (?:now |is |reads "
        r"|works |looks )*(?:better|clearer|correct now|right now|more \w+ now)\b",
        ("editing", "letter"),
    ),
    Cue(
        rf"{OPENING}(?:here(?:['’]s| is| comes) )?(?:my |a |another |one more |the )?(?:second|another|next|new|fresh|"
        r"other) (?:try|attempt|go|take|shot|pass)\b",
        ("editing", "story"),
    ),
    Cue(
        r"^\W{0,5}(?:v|version|draft|attempt|take|try|revision|rev\.?|round) ?(?:2|3|4|two|three)\b",
        ("editing", "earlier", "story"),
    ),
    Cue(
        r"\b(?:redone|re-?done|re-?worked|re-?checked|re-?calculated|re-?computed|re-?did|re-?wrote) (?:it|this|that|"
        r"everything|the (?:sum|calculation|steps?|answer|text|last|first|second|whole))\b",
        ("editing", "story"),
    ),
    Cue(r"\bas (?:before|I had it),? but\b|\bbetter than (?:my|the) (?:first|last|previous)\b", ("earlier", "story")),
)
