"""Pictures of numbers as Plotly figures: trade-off, parallel coordinates, history, settling runs, fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from ...surrogate.trust.prediction import HALF_WIDTH
from ..messages.words import Words

if TYPE_CHECKING:
    from ...surrogate.studies.contract import Study

INK, SOFT, ACCENT, GOOD, GREY = "#17191d", "#5b626d", "#c8481f", "#1c7a4a", "#b9bfc6"
HEIGHT = 330  # px
MOST_LINES = 300  # designs in the parallel coordinates
#: from the best to the worst
SHADES = ("#c8481f", "#b0583c", "#8f6a66", "#6b7f92", "#9fb3c8")


def trade_off(
    trials: Sequence[Mapping[str, Any]],
    objectives: Sequence[str],
    words: Words,
    maximise: Collection[str] = (),
) -> Any:
    """Tried designs over the first two of what is asked; a point's `customdata` is its trial number.

    Passing designs are filled, the others are hollow, so that the difference is not colour alone. More is
    better of what is in `maximise`.
    """
    names = _axes(trials, objectives)
    if len(names) == 1:
        return history(trials, names[0], words, names[0] in maximise)
    figure = _figure(words.name(names[0]), words.name(names[1])) if len(names) > 1 else _figure("", "")
    for feasible, colour, symbol in ((False, GREY, "circle-open"), (True, ACCENT, "circle")):
        rows = [
            t
            for t in trials
            if bool(t["feasible"]) is feasible and all(_number(t, n) is not None for n in names)
        ]
        if not rows or len(names) < 2:
            continue
        sigma = [HALF_WIDTH * float(t["sigmas"].get(names[0], 0.0)) for t in rows]
        bars = {"type": "data", "array": sigma, "thickness": 0.8, "width": 0, "color": colour}
        figure.add_scatter(
            x=[_number(t, names[0]) for t in rows],
            y=[_number(t, names[1]) for t in rows],
            mode="markers",
            name=words.feasible if feasible else words.misses,
            customdata=[int(t["number"]) for t in rows],
            marker={"color": colour, "symbol": symbol, "size": 9 if feasible else 6},
            error_x=bars if feasible and any(sigma) else None,
            hovertemplate=f"{words.trial} %{{customdata}}<br>%{{x:.4g}}, %{{y:.4g}}<extra></extra>",
        )
    return figure


def history(trials: Sequence[Mapping[str, Any]], quantity: str, words: Words, maximise: bool = False) -> Any:
    """Value of one quantity by trial, and the best passing one so far: the least, or the most."""
    figure = _figure(words.trial, words.name(quantity))
    rows = [t for t in trials if _number(t, quantity) is not None]
    for feasible, colour, symbol in ((False, GREY, "circle-open"), (True, ACCENT, "circle")):
        some = [t for t in rows if bool(t["feasible"]) is feasible]
        figure.add_scatter(
            x=[t["number"] for t in some],
            y=[_number(t, quantity) for t in some],
            mode="markers",
            name=words.feasible if feasible else words.misses,
            customdata=[int(t["number"]) for t in some],
            marker={"color": colour, "symbol": symbol, "size": 7 if feasible else 5},
        )
    best: list[float] = []
    steps = []
    sign = -1.0 if maximise else 1.0
    for t in rows:
        value = _number(t, quantity)
        if t["feasible"] and value is not None and (not best or sign * value < sign * best[-1]):
            best.append(value)
            steps.append(t["number"])
    if best:
        figure.add_scatter(x=steps, y=best, mode="lines", line={"shape": "hv", "color": INK}, name=words.best)
    return figure


def parallel(
    trials: Sequence[Mapping[str, Any]], parameters: Sequence[Any], words: Words, by: str, more: bool = False
) -> Any:
    """The passing designs (all, when none passes) over the parameters that they differ in most.

    Drawn as plain lines: Plotly's own parallel coordinates take WebGL contexts, of which a page has few, from
    the 3D views. Lines are coloured by the number `by` (more is better if `more`), or where it is not known
    by how much is missed.
    """
    rows = [t for t in trials if t["feasible"]] or list(trials)
    figure = _figure("", "")
    if not rows:
        return figure
    rows = rows[:: -(-len(rows) // MOST_LINES)]
    spread = []
    for p in parameters:
        low, span = p.range.low, p.range.high - p.range.low
        shares = [(float(t["parameters"][p.name]) - low) / span for t in rows]
        spread.append((max(shares) - min(shares), p, shares))
    axes = sorted(spread, key=lambda item: -item[0])[:8]
    numbers = [_number(t, by) for t in rows]
    sign = -1.0 if more else 1.0
    values = [float(t["violation"]) if n is None else sign * n for t, n in zip(rows, numbers, strict=True)]
    least, most = min(values), max(values)
    shades = len(SHADES)
    for k in reversed(range(shades)):  # the best lie on top
        x: list[float | None] = []
        y: list[float | None] = []
        for j, value in enumerate(values):
            if min(shades - 1, int(shades * (value - least) / ((most - least) or 1.0))) == k:
                x += [*range(len(axes)), None]
                y += [*(shares[j] for _, _, shares in axes), None]
        line = {"color": SHADES[k], "width": 1}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, opacity=0.7, hoverinfo="skip")
    for k, (_, p, _) in enumerate(axes):
        figure.add_shape(type="line", x0=k, x1=k, y0=0, y1=1, line={"color": INK, "width": 1})
        for at, anchor, value in ((1.0, "bottom", p.range.high), (0.0, "top", p.range.low)):
            kind = p.range.kinds.get(value)
            text = words.name(kind) if kind else f"{value:g}"
            figure.add_annotation(x=k, y=at, yanchor=anchor, text=text, showarrow=False, font={"color": SOFT})
        name = words.name(p.name).replace(" ", "<br>", 1)
        figure.add_annotation(x=k, y=1.1, yref="paper", yanchor="bottom", text=name, showarrow=False)
    figure.update_layout(showlegend=False, margin={"l": 40, "r": 40, "t": 96, "b": 26})
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[-0.3, len(axes) - 0.7], **hidden)
    figure.update_yaxes(range=[-0.02, 1.02], **hidden)
    return figure


def settling(events: Sequence[Mapping[str, Any]], words: Words) -> Any:
    """A run's output by iteration; the wild first iterations are outside the picture."""
    name = words.name(events[0]["quantity"])
    figure = _figure("", name)
    its = [i for ev in events for i in ev["iterations"]]
    values = [v for ev in events for v in ev["values"]]
    figure.add_scatter(x=its, y=values, mode="lines", line={"color": INK, "width": 1.5}, name=name)
    late = [v for v in values[len(values) // 3 :] if v is not None]
    if late:
        low, high = min(late), max(late)
        pad = max(0.01, 0.4 * (high - low))
        figure.update_yaxes(range=[low - pad, high + pad])
    return figure


def fit(rows: Sequence[tuple[str, str, float, float, float]], study: Study | None, words: Words) -> Any:
    """Predicted against simulated: rows of (run, fidelity, simulated, predicted, half interval); None where
    nothing was predicted."""
    if not rows or study is None:
        return None
    name = words.name(study.headline.name)
    figure = _figure(f"{words.simulated}: {name}", f"{words.predicted}: {name}")
    low = min(min(r[2], r[3]) for r in rows) - 0.01
    high = max(max(r[2], r[3]) for r in rows) + 0.01
    figure.add_scatter(x=[low, high], y=[low, high], mode="lines", line={"color": GREY}, name="1 : 1")
    marks = cycle((("#7f93a8", "circle-open"), (ACCENT, "circle"), (GOOD, "diamond")))
    for level, (colour, symbol) in zip(study.levels, marks, strict=False):
        some = [r for r in rows if r[1] == level]
        if some:
            figure.add_scatter(
                x=[r[2] for r in some], y=[r[3] for r in some], mode="markers", name=words.said(level),
                customdata=[r[0] for r in some], marker={"color": colour, "symbol": symbol, "size": 8},
                error_y={
                    "type": "data", "array": [r[4] for r in some], "thickness": 0.7, "width": 0,
                    "color": colour,
                },
                hovertemplate="%{customdata}<br>%{x:.3f}, %{y:.3f}<extra></extra>",
            )  # fmt: skip
    return figure


def _axes(trials: Sequence[Mapping[str, Any]], objectives: Sequence[str]) -> list[str]:
    """Up to two quantities to draw: what is to be improved first, then what is asked for."""
    known = [n for n in objectives if n != "departure"]
    for t in trials[:1]:
        known += [n for n in sorted(t["numbers"], key=lambda n: n not in t["sigmas"]) if n not in known]
        known += [n for n in t["objectives"] if n not in known]
    return known[:2]


def _number(trial: Mapping[str, Any], name: str) -> float | None:
    for place in ("objectives", "numbers", "parameters"):
        value = trial[place].get(name)
        if value is not None:
            return float(value)
    return None


def _figure(x: str, y: str) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    axis = {
        "gridcolor": "#eceef0",
        "zeroline": False,
        "linecolor": "#c9cdd3",
        "ticks": "outside",
        "tickcolor": "#c9cdd3",
    }
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 58, "r": 14, "t": 60, "b": 46},  # Gradio's label lies over the top of the picture
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        font={"color": INK, "size": 12},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "font": {"color": SOFT}},
        xaxis={"title": x, **axis},
        yaxis={"title": y, **axis},
    )
    return figure
