"""The plots of simulations: SVG with a panel for each quantity, and text for the terminal."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tierup.capacity.plots import Plot, Series, svg, terminal

SVG = "{http://www.w3.org/2000/svg}"
LINE = Plot(
    title="Load <1>",
    x_name="hours",
    x=[0.0, 1.0, 2.0],
    series=[
        Series(name="requests/s", values=[0.0, 5.0, 10.0]),
        Series(name="p95 in ms", values=[20.0, float("nan"), 20.0]),
    ],
)
GROWTH = Plot(
    title="Growth", x_name="users", x=[1e4, 1e5, 1e7], logarithmic=True, series=[Series(name="tasks", values=[1, 2, 3])]
)


def lines(plot: Plot) -> list[list[tuple[float, float]]]:
    root = ElementTree.fromstring(svg([plot]))  # noqa: S314 (written by the module)
    drawn = [each.attrib["points"].split() for each in root.iter(f"{SVG}polyline")]
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in points)] for points in drawn]


def texts(plot: Plot) -> list[str]:
    root = ElementTree.fromstring(svg([plot]))  # noqa: S314 (written by the module)
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_each_series_has_a_line_from_the_left_to_the_right() -> None:
    first, second = lines(LINE)
    assert [x for x, _ in first] == sorted(x for x, _ in first)
    assert first[0][1] > first[1][1] > first[2][1], "larger values are higher up"
    assert len(second) == 2, "a value that is not a number is left out"
    assert first[0][0] == second[0][0]


def test_a_logarithmic_axis_has_equal_distances_for_equal_factors() -> None:
    ((one, _), (two, _), (three, _)) = lines(GROWTH)[0]
    assert three - two == pytest.approx(2 * (two - one), abs=0.3)


def test_titles_and_ticks_are_shown() -> None:
    assert {"Load <1>", "requests/s", "hours", "10", "7.5"} <= set(texts(LINE))
    assert {"10,000", "1,000,000", "10,000,000"} <= set(texts(GROWTH))


def test_the_same_plots_give_the_same_document() -> None:
    assert svg([LINE, GROWTH]) == svg([LINE, GROWTH])


def test_the_terminal_shows_the_chosen_series_without_colors() -> None:
    shown = terminal(LINE, 60, series=["requests/s"])
    assert "Load <1>" in shown
    assert "requests/s" in shown
    assert "p95 in ms" not in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 60
