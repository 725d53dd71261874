"""English phrases by which a text betrays that it had an earlier version."""

from __future__ import annotations

from aaa.text.leak_cues import OPENING, Cue

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

BEFORE: tuple[Cue, ...] = (
    Cue(r"\b(?:previously|earlier|before that),? I \w+", ("story", "letter")),
    Cue(
        r"\bI \w+(?: \w+){0,5} (?:at first|the first time|before|earlier|last time|previously)(?=[.,;:!)]|$)",
        ("story", "letter", "claim"),
    ),
    Cue(r"^[^\w\n]{0,20}sorry[,!.]? I (?:got|made|was|had|did|mis\w+)\b", ("story", "letter")),
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
    Cue(rf"\bI (?:had |have |had also |also )?(?!left out|skipped|ignored){_FAIL}\b", ("story", "letter")),
    Cue(
        r"\b(?:as|what|than) I (?:claimed|wrote|said|stated|answered|gave)\b|\bI take (?:that |"
        r"it )?back\b",
        ("story", "letter"),
    ),
    Cue(
        r"\bmy (?:earlier|previous|initial|original) (?!job|employer|career|company|"
        r"role)\w+",
        ("story", "letter", "earlier"),
    ),
    Cue(r"\bI should(?: have|['’]ve) \w+|\bI stand corrected\b", ("story", "letter")),
    Cue(
        rf"\bI(?:['’]d| had|['’]ve| have)? (?:\w+ )?made (?:an?|the|some|that) (?:\w+ )?{_PARDON}\b",
        ("story", "letter"),
    ),
    Cue(
        rf"\b(?:sorry|apologies|apologi[sz]e) (?:\w+ )?(?:for|about) (?:the|my|that|any) (?:\w+ ){{0,2}}{_PARDON}\b",
        ("story", "letter"),
    ),
    Cue(r"^[^\w\n]{0,20}(?:oops|whoops|my bad|my mistake|scratch that|correction)\b", ("story", "letter", "editing")),
    Cue(
        rf"{OPENING}I (?:see|get it|understand)(?: now)?[,.!]|\bI (?:now )?(?:see|realised?|realized?|"
        r"understand) (?:now )?"
        r"(?:my (?:mistake|error)|where I (?:went|was)|that I|what I did)\b|\bnow I (?:see|understand|reali[sz]e|get "
        r"it)\b|\bI (?:see|understand|get it|know|reali[sz]e)(?: it)? now\b|\bI understand my\b",
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

REVISION: tuple[Cue, ...] = (
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
        rf"{OPENING}(?:let me|I(?:['’]ll| will)) (?:now )?(?:try (?:this |that |it )?again|(?:correct|fix|redo|"
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
        r"^[^\w\n]{0,20}(?:(?:sure|okay|ok|certainly)[,!.]* )?(?:(?:here(?:['’]s| is| are| comes)|below is|this is|"
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
        r"^[^\w\n]{0,20}(?:revised|corrected|updated|improved|fixed|revision|edited|rewritten|second attempt|"
        r"second draft|"
        r"final revision|"
        r"correction|edit)\W{0,3}:|\((?:edited|revised|corrected|updated|improved|second draft|second version)"
        r"(?:\)| to (?:add|include|make|fix|correct))",
        ("editing",),
    ),
    Cue(rf"^[^\w\n]{{0,20}}(?:new|newer|better|second|shorter|clearer|next) {_WORK}\W{{0,3}}:", ("editing", "earlier")),
    Cue(r"^[^\w\n]{0,20}(?:better now|now (?:with|correct|fixed|complete)|once more|take two)\b", ("editing", "story")),
    Cue(r"\bI(?:['’]ve| have) now \w+", ("letter", "story")),
    Cue(rf"\bthis is (?:the|my|a) {_REVISED} {_WORK}\b", ("editing",)),
    Cue(
        r"^[^\w\n]{0,20}(?:changes made|what (?:I|has) changed|what changed|summary of (?:changes|revisions|"
        r"improvements)|"
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
