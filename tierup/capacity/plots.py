"""Plots of a simulation: in the terminal by plotext, and as an SVG document with one panel for each quantity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tierup.capacity.growth import GrowthStep
from tierup.capacity.simulation import SimulationResult

_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _GAP = 880, 150, 90, 50, 60, 50
_INK, _GRID, _LINE, _SECOND = "#1f2933", "#d9dee4", "#1565c0", "#c0561f"
_TICKS: Final = 4
_ROWS: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """The values of one quantity over the same x values as those of the other series."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """The series of one simulation, each in its own panel."""

    title: str
    x_name: str
    x: Sequence[float]
    series: Sequence[Series]
    logarithmic: bool = False
    """Whether x is logarithmic."""


def shown_series(result: SimulationResult) -> Sequence[str]:
    """Return the series of a simulation that a terminal shows: response time and drops where requests had to wait."""
    return ("requests/s", "tasks", "p95 in ms", "dropped requests/min") if result.queued else ("requests/s", "tasks")


def of_simulation(title: str, result: SimulationResult) -> Plot:
    """Return the plot of a load over hours."""
    minutes = result.minutes
    return Plot(
        title=title,
        x_name="hours",
        x=[each.minute / 60 for each in minutes],
        series=[
            Series(name="requests/s", values=[each.rate for each in minutes]),
            Series(name="tasks", values=[each.tasks for each in minutes]),
            Series(name="p95 in ms", values=[each.p95_ms for each in minutes]),
            Series(name="dropped requests/min", values=[each.dropped for each in minutes]),
        ],
    )


def of_growth(title: str, steps: Sequence[GrowthStep]) -> Plot:
    """Return the plot of growth over users."""
    return Plot(
        title=title,
        x_name="users",
        x=[step.users for step in steps],
        logarithmic=True,
        series=[
            Series(name="most tasks", values=[step.result.most_tasks for step in steps]),
            Series(name="tasks that are needed", values=[step.recommendation.plan.tasks for step in steps]),
            Series(name="p95 in ms", values=[step.result.p95_ms for step in steps]),
            Series(name="dropped requests in %", values=[step.result.dropped_percent for step in steps]),
        ],
    )


def terminal(plot: Plot, width: int, *, series: Sequence[str] | None = None) -> str:
    """Return a plot as text without colors, one panel below the other."""
    import plotext

    drawing: Any = plotext
    parts = [plot.title]
    x = [math.log10(each) for each in plot.x] if plot.logarithmic else list(plot.x)
    for each in plot.series:
        if series is not None and each.name not in series:
            continue
        drawing.clear_figure()
        drawing.plotsize(width, _ROWS)
        drawing.plot(x, list(each.values), marker="braille")
        drawing.ylim(0, max(*each.values, 1))
        if plot.logarithmic:
            powers = range(math.floor(x[0]), math.ceil(x[-1]) + 1)
            drawing.xticks(list(powers), [f"{10**power:,}" for power in powers])
        drawing.xlabel(plot.x_name)
        drawing.title(each.name)
        parts.append(str(drawing.uncolorize(drawing.build())).rstrip())
    return "\n".join(parts)


def svg(plots: Sequence[Plot]) -> str:
    """Return a document with all plots, one below the other. The same plots give the same text."""
    heights = [_TOP + len(plot.series) * (_PANEL + _GAP) for plot in plots]
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {sum(heights) + 10}",
            "font-family": "system-ui, sans-serif",
            "font-size": "12",
            "role": "img",
        },
    )
    SubElement(root, "title").text = "; ".join(plot.title for plot in plots)
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "white"})
    top = 0
    for plot, height in zip(plots, heights, strict=True):
        _text(root, 10, top + 26, plot.title, size=16)
        for number, series in enumerate(plot.series):
            _panel(root, plot, series, top + _TOP + number * (_PANEL + _GAP), color=(_LINE, _SECOND)[number % 2])
        top += height
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _panel(root: Element, plot: Plot, series: Series, top: float, *, color: str) -> None:
    highest = _ceiling(max((value for value in series.values if math.isfinite(value)), default=1))
    right = _WIDTH - _RIGHT
    low, high = _scaled(plot.x[0], plot), _scaled(plot.x[-1], plot)

    def across(value: float) -> float:
        return _LEFT + (right - _LEFT) * (_scaled(value, plot) - low) / ((high - low) or 1)

    def down(value: float) -> float:
        return top + _PANEL * (1 - min(value, highest) / highest)

    _text(root, _LEFT, top - 6, series.name)
    for tick in range(_TICKS + 1):
        value = highest * tick / _TICKS
        _line(root, (_LEFT, down(value)), (right, down(value)))
        _text(root, _LEFT - 8, down(value) + 4, f"{value:,.4g}" if value < 1000 else f"{value:,.0f}", anchor="end")
    for value in _x_ticks(plot):
        _line(root, (across(value), top), (across(value), top + _PANEL))
        _text(
            root,
            across(value),
            top + _PANEL + 15,
            f"{value:,.4g}" if value < 1000 else f"{value:,.0f}",
            anchor="middle",
        )
    _text(root, right, top + _PANEL + 30, plot.x_name, anchor="end")
    points = [f"{across(x):.1f},{down(y):.1f}" for x, y in zip(plot.x, series.values, strict=True) if math.isfinite(y)]
    SubElement(root, "polyline", {"points": " ".join(points), "fill": "none", "stroke": color, "stroke-width": "1.6"})


def _scaled(value: float, plot: Plot) -> float:
    return math.log10(value) if plot.logarithmic else value


def _x_ticks(plot: Plot) -> Sequence[float]:
    if plot.logarithmic:
        powers = range(math.ceil(math.log10(plot.x[0])), math.floor(math.log10(plot.x[-1])) + 1)
        return [10.0**power for power in powers]
    step = _ceiling((plot.x[-1] - plot.x[0]) / 8, (1, 2, 2.5, 5, 10))
    return [plot.x[0] + step * number for number in range(int((plot.x[-1] - plot.x[0]) / step) + 1)]


def _ceiling(value: float, factors: Sequence[float] = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)) -> float:
    """Return the next larger of the factors times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(each * power for each in factors if each * power >= value * 0.999999)


def _text(root: Element, x: float, y: float, text: str, *, size: int = 12, anchor: str = "start") -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": _INK, "text-anchor": anchor, "font-size": str(size)}
    SubElement(root, "text", attributes).text = text


def _line(root: Element, begin: tuple[float, float], end: tuple[float, float]) -> None:
    SubElement(
        root,
        "line",
        {
            "x1": f"{begin[0]:.1f}",
            "y1": f"{begin[1]:.1f}",
            "x2": f"{end[0]:.1f}",
            "y2": f"{end[1]:.1f}",
            "stroke": _GRID,
        },
    )
