"""How a forecast is shown, alone and beside what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType

from aaa.cli.output import count, headed, plain, table
from aaa.cli.progress import duration

if TYPE_CHECKING:
    from aaa.scenario import Allowance, Budget
    from aaa.session import Resolved
    from aaa.session.planning import Actual, Forecast, Range, Total
    from aaa.types import Model

SOURCES = {
    "probe": "measured by the probe",
    "journal": "measured, from the journal",
    "simulated": "simulated models, as they are",
    "prior": "a declared guess per role, not measured",
}


def report(forecast: Forecast, resolved: Resolved) -> Iterator[RenderableType]:
    """All parts of a forecast, in order."""
    part = "all of them rehearsed"
    if forecast.rehearsed < forecast.prompts:
        part = f"{forecast.rehearsed:,} of them rehearsed and scaled"
    yield plain(f"Forecast of session {forecast.session}: {count(forecast.prompts, 'prompt')}, {part}.")
    if forecast.failures:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(forecast.failures.items()))
        yield plain(
            f"Failures in the rehearsal: {kinds}. What they cut short is in no figure below: `aaa run --rehearse` "
            "shows them.",
            "bold",
        )
    yield ""
    yield _sums("By stage", "stage", forecast.by(lambda line: line.stage), forecast, resolved.simulated)
    yield _sums("By model", "model", forecast.by(lambda line: line.model), forecast, resolved.simulated)
    yield from map(plain, _worst(forecast))
    yield from map(plain, _budget(forecast, resolved.scenario.budget))
    yield plain(f"Time: about {duration(forecast.duration.seconds)}, limited by {forecast.duration.limited_by}.")
    yield from map(plain, _rows(forecast, resolved))
    yield ""
    yield from map(plain, _sources(forecast))
    yield from map(plain, _warnings(forecast, resolved.models))


def _sums(title: str, key: str, totals: Mapping[str, Total], forecast: Forecast, simulated: bool) -> RenderableType:
    made = table(key, "#calls", "#tokens in", "#tokens out", "#USD", "#from", "#to")
    for name, total in totals.items():
        made.add_row(plain(name), *_figures(total))
    made.add_row(plain("total", "bold"), *_figures(forecast.total))
    return headed(title, made, simulated=simulated)


def _figures(total: Total) -> tuple[str, ...]:
    tokens = (f"{figure.likely:,.0f}" for figure in (total.calls, total.prompt_tokens, total.completion_tokens))
    return (*tokens, *_usd(total))


def _usd(total: Total) -> tuple[str, str, str]:
    """Likely, low, high; a question mark where some price is unknown."""
    unknown = " + ?" if total.unpriced_calls else ""
    low, likely, high = (f"{usd:,.4f}{unknown}" for usd in (total.usd.low, total.usd.likely, total.usd.high))
    return likely, low, high


def _worst(forecast: Forecast) -> Iterator[str]:
    worst, likely = forecast.worst_total, forecast.total
    without = f" without {count(worst.unpriced_calls, 'call')} of unknown price" if worst.unpriced_calls else ""
    yield (
        f"Hard worst case: {count(worst.calls, 'call')}, {worst.tokens:,} tokens, ${worst.usd:,.2f}{without}: every "
        "call that can be made, at `max_tokens` and list price (attempts that fail and are tried again come on top)."
    )
    if likely.unpriced_calls:
        yield f"Sums in USD are without {likely.unpriced_calls:,.0f} likely calls of unknown price."


def _budget(forecast: Forecast, budget: Budget) -> Iterator[str]:
    """What each limit of the budget is enough for."""
    from aaa.session.planning import Total

    worst, by_model = forecast.worst_total, forecast.by(lambda line: line.model)
    lines = [*_allowance("budget", budget, forecast.total, (worst.usd, worst.calls, worst.tokens))]
    for name, allowance in budget.models.items():
        lines += _allowance(f"budget.models.{name}", allowance, by_model.get(name, Total()), (inf, inf, inf))
    for name, allowance in budget.cast.items():
        limits = allowance.model_dump(exclude_none=True).items()
        lines += [f"budget.cast.{name}.{kind} = {limit:,.10g}: not forecast; it is kept." for kind, limit in limits]
    if budget.seconds is not None:
        enough = budget.seconds >= forecast.duration.seconds
        lines.append(f"budget.wall = {budget.wall}: {'likely' if enough else 'likely not'} enough for one run.")
    yield from lines or ["There is no budget: nothing stops the session before the worst case."]


def _allowance(path: str, budget: Allowance, likely: Total, worst: tuple[float, float, float]) -> Iterator[str]:
    limits, figures = (budget.usd, budget.calls, budget.tokens), (likely.usd, likely.calls, likely.tokens)
    for name, limit, figure, most in zip(("usd", "calls", "tokens"), limits, figures, worst, strict=True):
        if limit is not None:
            yield f"{path}.{name} = {limit:,.10g}: {_verdict(limit, figure, most)}"


def _verdict(budget: float, likely: Range, worst: float) -> str:
    if budget >= worst:
        return "enough for the worst case."
    if budget >= likely.high:
        return "enough for the upper end of the forecast; the session stops there in any case."
    if budget >= likely.likely:
        return "enough for what is likely, not for the upper end; the session stops there in any case."
    share = budget / likely.likely
    return f"likely to end the session after about {share:.0%} of it; it can be raised, and the session goes on."


def _rows(forecast: Forecast, resolved: Resolved) -> Iterator[str]:
    """What the selections and exports would hold, as far as a rehearsal can tell."""
    for rows in forecast.rows:
        numbers = {"trl-preference": rows.preference_pairs, "trl-sft": rows.sft_samples}
        numbers |= {"trl-unpaired": rows.labelled_samples, "trl-stepwise": rows.stepped_samples}
        further = {"labels": rows.labelled_samples, "answers with labelled steps": rows.stepped_samples}
        others = "".join(f", {number:,} {name}" for name, number in further.items() if number)
        yield (
            f"Selection {rows.selection}: about {rows.preference_pairs:,} preference pairs and {rows.sft_samples:,} "
            f"SFT samples{others}, if models agreed as simulated ones do (simulated; no promise)."
        )
        for export in resolved.scenario.export:
            if export.selection == rows.selection and export.format in numbers:
                yield f"  {export.to}: about {numbers[export.format]:,} rows of {export.format}"


def _sources(forecast: Forecast) -> Iterator[str]:
    calls: dict[str, float] = {}
    for line in forecast.lines:
        calls[line.source] = calls.get(line.source, 0.0) + line.calls.likely
    for source, number in calls.items():
        yield f"Lengths of replies in {number:,.0f} calls: {SOURCES[source]}."
    if "prior" in calls:
        yield "`from` and `to` hold if all are short or all are long. `--probe 5` pays for five prompts and measures."
    elif "probe" in calls:
        yield "`from` and `to` are 95 % intervals of the stages that were probed, added up."
    if (probe := forecast.probe) is not None:
        done = f"The probe made {count(probe.calls, 'call')} for ${probe.usd:.4f}; the run goes on from there."
        yield done if probe.stopped is None else f"{done} It ended early: {probe.stopped}"


def _warnings(forecast: Forecast, models: Mapping[str, Model]) -> Iterator[str]:
    for line in forecast.lines:
        if line.too_long.high >= 0.5:
            yield (
                f"Context of {line.model}: as {line.role} in stage {line.stage} it likely cannot hold prompt and reply "
                f"of {line.too_long.likely:,.0f} of {line.calls.likely:,.0f} calls, {line.too_long.high:,.0f} at the "
                "upper end. Lower `max_tokens`, or take a model with a larger context."
            )
    for name in forecast.unpriced:
        yield (
            f"Price: unknown for {name} ({models[name].model}). Give it: models.{name}.price: {{input: 0.15, output: "
            "0.60} in USD per million tokens, or `price: free`."
        )


def comparison(forecast: Forecast, actual: Mapping[tuple[str, str], Actual], *, simulated: bool) -> RenderableType:
    """A table of forecast against actual, by stage and model."""
    from aaa.session.planning import Actual, Total

    made = table("stage", "model", "#calls", "#forecast", "#tokens", "#forecast", "#USD", "#forecast")
    forecasts = forecast.by(lambda line: (line.stage, line.model))
    for key in dict.fromkeys((*forecasts, *actual)):
        found, expected = actual.get(key, Actual()), forecasts.get(key, Total())
        made.add_row(*map(plain, key), *_beside(found, expected))
    whole = sum(actual.values(), Actual())
    made.add_row(plain("total", "bold"), "", *_beside(whole, forecast.total))
    title = f"Actual against forecast (of {count(forecast.prompts, 'prompt')}, likely figures)"
    return headed(title, made, simulated=simulated)


def _beside(found: Actual, expected: Total) -> tuple[str, ...]:
    return (
        f"{found.calls:,}",
        f"{expected.calls.likely:,.0f}",
        f"{found.tokens:,}",
        f"{expected.tokens.likely:,.0f}",
        f"{found.usd:,.4f}{' + ?' if found.unpriced_calls else ''}",
        _usd(expected)[0],
    )


def comparison_document(forecast: Forecast, actual: Mapping[tuple[str, str], Actual]) -> dict[str, Any]:
    """The same as JSON."""
    forecasts = forecast.by(lambda line: (line.stage, line.model))
    return {
        "prompts": forecast.prompts,
        "total": forecast.total.model_dump(mode="json"),
        "lines": [
            {
                "stage": stage,
                "model": model,
                "forecast": forecasts[stage, model].model_dump(mode="json") if (stage, model) in forecasts else None,
                "actual": actual[stage, model].model_dump(mode="json") if (stage, model) in actual else None,
            }
            for stage, model in dict.fromkeys((*forecasts, *actual))
        ],
    }
