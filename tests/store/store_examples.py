"""One row of every type that the store holds, with a text of the caller's choice wherever a model or a user writes."""

from aaa.types import (
    Answer,
    AnswerEvolution,
    Attempt,
    Batch,
    Call,
    CallFailure,
    CallUse,
    Critique,
    Decision,
    Episode,
    Evolution,
    Failure,
    Game,
    Instruction,
    InstructionRating,
    Judgment,
    LabelledSample,
    Message,
    MethodCandidate,
    MethodStep,
    MethodTally,
    Model,
    NamedIssue,
    PreferencePair,
    Producer,
    Record,
    Rejection,
    Reply,
    Score,
    Session,
    SessionRecord,
    SetAside,
    SftSample,
    SteppedSample,
    StepReading,
    StepVerdict,
    StepVote,
    Suggestion,
    Tagging,
    TextPart,
    TextStyle,
    ToolCall,
    Usage,
    Verdict,
    Verifier,
    Vote,
    assistant,
    user,
)

GPT = Producer(model="gpt", family="gpt", license="openai-terms")
STYLE = TextStyle(words=3, bold=1)


def session(name="s", text="a text"):
    return Session(
        id=name,
        scenario={"name": name, "seed": 7, "note": text},
        cards={"judge": {"persona": text}},
        prompts={"hash": text},
        stages={"battle": text},
        version="0.1.0",
        simulated=True,
    )


def instruction(key="i", session="s", text="a text"):
    return Instruction(
        id=key,
        session=session,
        source_id="seed-1",
        messages=(user(text), assistant(text), user(text)),
        system=text,
        reference=text,
        verifier=Verifier(kind="numeric", unit="km"),
        tools=({"type": "function", "function": {"name": "f", "parameters": {"deep": [1, 2.5, None, {"x": True}]}}},),
        skill=text,
        difficulty=0.3,
        tags=("a", text),
        meta={"any": [text, {"key": None}], text: 1},
    )


def episode(key="e", session="s", status="done", **more):
    return Episode(
        id=key, session=session, stage="battle", instruction="i", status=status, fingerprint="f", result="r", **more
    )


def answer(key="a", session="s", episode="e", instruction="i", text="a text", **more):
    return Answer(
        id=key,
        session=session,
        episode=episode,
        instruction=instruction,
        member="gpt",
        prompt=(Message(role="user", content=(TextPart(text=text),)),),
        messages=(
            Message(role="assistant", content=text, tool_calls=(ToolCall(id="1", name="f", arguments=text),)),
            Message(role="tool", content=text, tool_call_id="1"),
            assistant(text),
        ),
        reasoning=text,
        producers=(GPT,),
        style=STYLE,
        calls=("k",),
        **more,
    )


def judgment(key="j", session="s", episode="e", text="a text", pairwise=True):
    game = Game(match="m", number=2, first="b", second="a", winner="tie", first_style=STYLE, second_style=STYLE)
    return Judgment(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        panel="judges",
        judge="claude",
        family="claude",
        answered_by="claude",
        reading=game if pairwise else Score(answer="a", score=7, low=1, high=10),
        words=text,
        prompt="hash",
        call="k",
    )


def stepwise(key="js", text="a text"):
    reading = StepReading(answer="a", steps=((0, 3), (4, 9)), first_wrong=None)
    return judgment(key, text=text).model_copy(update={"reading": reading})


def verdict(key="v", session="s", episode="e", panel="judges"):
    return Verdict(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        match="m",
        panel=panel,
        left="a",
        right="b",
        outcome="win",
        winner="b",
        margin=2.0,
        decided_by="panel",
        votes=(Vote(judge="claude", choice="b"),),
        quorum=2,
    )


def answer_evolution(key="n", session="s", episode="e"):
    return AnswerEvolution(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        answer="a",
        candidate="b",
        aim="logic",
        round=2,
        outcome="better",
        ratio=1.25,
        growth=1.5,
        verdict="v",
    )


def evolution(key="ev", session="s", episode="e", text="a text"):
    return Evolution(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        parent="i",
        operation="deepen",
        direction="up",
        round=1,
        attempt=2,
        evolver="claude",
        text=text,
        words=2,
        outcome="lost_code",
        prompt="h",
        call="k",
    )


def instruction_rating(key="ir", session="s", episode="e"):
    return InstructionRating(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        rated="i",
        judge="claude",
        family="claude",
        difficulty=4.0,
        definition=7.0,
        precision=6.0,
        integrity=8.0,
        beside=3,
        prompt="h",
        call="k",
    )


def tagging(key="ta", session="s", episode="e", text="a text"):
    return Tagging(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        tagger="claude",
        family="claude",
        skill="logic",
        difficulty=4,
        language="en",
        task=None,
        safety="safe",
        tags=("riddles", text),
        beside=8,
        prompt="h",
        call="k",
    )


def method_step(key="m", session="s", episode="e", text="a text"):
    tally = MethodTally(method="h", tried=3, failed=1, faults={"lost_input": 1}, missing={"parse_failed": 1})
    return MethodStep(
        id=key,
        session=session,
        episode=episode,
        number=1,
        current=tally,
        text=text,
        issues=(NamedIssue(issue="padding", words=text),),
        candidates=(MethodCandidate(**tally.model_dump(), text=text, better=2, worse=1, p_value=0.5),),
        level=0.01,
        accepted=0,
        ended=text,
    )


def step_verdict(key="sv", session="s", episode="e"):
    return StepVerdict(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        answer="a",
        panel="judges",
        steps=((0, 3), (4, 9)),
        outcome="decided",
        first_wrong=1,
        agreement=0.75,
        votes=(StepVote(judge="claude", first_wrong=1, weight=1.5), StepVote(judge="gpt", first_wrong=None)),
        quorum=2,
        passed=False,
    )


def critique(key="c", session="s", episode="e", text="a text"):
    return Critique(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        answer="a",
        critic="claude",
        producer=GPT,
        suggestions=(Suggestion(aim="clarity", place=text, change=text),),
        words=text,
        prompt="hash",
        call="k",
    )


def failure(key="f", session="s", episode="e", text="a text"):
    return Failure(
        id=key,
        session=session,
        episode=episode,
        instruction="i",
        stage="battle",
        step="draw-0",
        role="member",
        kind="refused",
        message=text,
        raw=text,
        transient=False,
    )


def call(key="k", text="a text", **more):
    reply = Reply(
        text=text,
        reasoning=text,
        tool_calls=(ToolCall(id="1", name="f", arguments=text),),
        usage=Usage(prompt_tokens=10, completion_tokens=5, reasoning_tokens=2),
        answered_by="gpt",
    )
    given = {"reply": reply, "usd": 0.001, "request": {"messages": [{"role": "user", "content": text}]}, **more}
    return Call(id=key, model="openai/gpt-4o-mini", seconds=0.25, **given)


def use(key="u", session="s", call="k", paid=True):
    return CallUse(id=key, session=session, episode="e", step="draw-0", role="member", call=call, paid=paid)


def attempt(key="t", session="s", call="k", state="settled", usd=0.5, tokens=(10, 5)):
    return Attempt(
        id=key,
        session=session,
        call=call,
        number=1,
        model="gpt",
        state=state,
        usd=usd,
        prompt_tokens=tokens[0],
        completion_tokens=tokens[1],
    )


def _sample(key, session, selection, text):
    return {
        "id": key,
        "session": session,
        "selection": selection,
        "instruction": "i",
        "source_id": "seed-1",
        "prompt": (user(text),),
        "skill": None,
        "language": "en",
        "producers": (GPT,),
        "licenses": ("openai-terms",),
        "judges": ("claude",),
        "simulated": False,
        "lineage": {"answers": ["a"], "note": text},
    }


def sft(key="x", session="s", selection="main", text="a text"):
    return SftSample(
        **_sample(key, session, selection, text),
        answer="a",
        completion=(assistant(text),),
        context="plain",
        grade=None,
        verified=True,
        by="verdict",
    )


def pair(key="p", session="s", selection="main", text="a text", margin=2.0):
    return PreferencePair(
        chosen_model="gpt",
        rejected_model="qwen",
        **_sample(key, session, selection, text),
        chosen_answer="a",
        rejected_answer="b",
        chosen=(assistant(text + " better"),),
        rejected=(assistant(text + " worse"),),
        chosen_context="revised",
        rejected_context="plain",
        by="verdict",
        decided_by="panel",
        margin=margin,
        grade=8.5,
        rejected_grade=None,
        disagree=None,
    )


def labelled(key="l", session="s", selection="main", text="a text"):
    return LabelledSample(
        **_sample(key, session, selection, text),
        answer="a",
        completion=(assistant(text),),
        label=False,
        context="plain",
        grade=2.0,
        verified=None,
    )


def stepped(key="t", session="s", selection="main", text="a text"):
    return SteppedSample(
        **_sample(key, session, selection, text), answer="a", steps=(text, "so 2"), labels=(True, False)
    )


def rejection(key="n", session="s", selection="main", text="a text"):
    return Rejection(
        id=key,
        session=session,
        selection=selection,
        target="pair",
        instruction="i",
        rows=("v",),
        reason="tie",
        detail=text,
    )


def every_type(text: str) -> list[Record]:
    """At least one row of each type, with this text in it."""
    rows: list[SessionRecord] = [
        instruction(text=text),
        episode(reason=text),
        Decision(id="d", session="s", name="gaps", inputs="hash", value={"gaps": [text, 1, 0.5, None]}),
        use(),
        attempt(),
        Batch(
            id="b",
            session="s",
            model=Model(name="gpt", model="openai/gpt", family=text),
            remote=text,
            state="submitted",
            requests=2,
            usd=0.5,
        ),
        answer(text=text),
        judgment(text=text),
        judgment("j2", text=text, pairwise=False),
        verdict(),
        step_verdict(),
        stepwise(text=text),
        critique(text=text),
        answer_evolution(),
        evolution(),
        instruction_rating(),
        tagging(text=text),
        method_step(text=text),
        failure(text=text),
        SetAside(
            id="o", session="s", episode="e", instruction="i", stage="dedup", reason="near_duplicate", detail=text
        ),
        sft(text=text),
        pair(text=text),
        labelled(text=text),
        stepped(text=text),
        rejection(text=text),
    ]
    failed = CallFailure(kind="policy", message=text, raw=text)
    return [session(text=text), call(text=text), call("k2", text=text, reply=None, usd=None, failure=failed), *rows]
