"""What a milestone's program reports, and what is made of messages of another form."""

from __future__ import annotations

import math
from typing import Any

import pytest

from grader.milestones import (
    Continued,
    Evaluation,
    Figure,
    Line,
    Parts,
    Piece,
    Progress,
    Reached,
    format_figure,
)
from grader.milestones.events import parse_event


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"event": "line", "text": "a"}, Line("a")),
        ({"event": "piece", "text": "b"}, Piece("b")),
        ({"event": "figure", "name": "bigram", "value": 2.46}, Figure("bigram", 2.46)),
        (
            {
                "event": "progress",
                "step": 3,
                "steps": 9,
                "loss": 2.5,
                "tokens_per_second": 100.0,
                "seconds_left": 4,
            },
            Progress(3, 9, 2.5, 100.0, 4.0),
        ),
        (
            {
                "event": "evaluation",
                "step": 9,
                "seconds": 2.0,
                "train": 2.1,
                "valid": 2.3,
                "sample": "To be",
            },
            Evaluation(9, 2.0, 2.1, 2.3, "To be"),
        ),
        ({"event": "continued", "step": 7}, Continued(7)),
        ({"event": "parts", "hashes": {"a/b": "12"}}, Parts({"a/b": "12"})),
        ({"event": "reached", "reached": True, "why": "so"}, Reached(True, "so")),
        ({"event": "reached", "reached": 1, "why": "so"}, Reached(False, "so")),
    ],
)
def test_each_event_is_parsed(message: dict[str, Any], event: object) -> None:
    """A message of each form is its event; only ``true`` itself is a milestone reached."""
    assert parse_event(message) == event


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"event": "other"},
        {"event": ["line"]},
        {"event": "line"},
        {"event": "line", "text": 3},
        {"event": "figure", "name": "x", "value": "many"},
        {"event": "figure", "name": "x", "value": True},
        {"event": "progress", "step": -1, "steps": 2},
        {"event": "progress", "step": 1e300, "steps": 2},
        {"event": "parts", "hashes": ["a"]},
        {"event": "parts", "hashes": {"a": 1}},
    ],
)
def test_another_form_is_dropped(message: dict[str, Any]) -> None:
    """What anybody may have written to the pipe is no event, and no error."""
    assert parse_event(message) is None


def test_texts_are_cut_and_harmless() -> None:
    """A control character does not reach a terminal, and a text of a megabyte is short."""
    line = parse_event({"event": "line", "text": "\x1b[2J" + "a" * 1_000_000})
    assert isinstance(line, Line)
    assert "\x1b" not in line.text and len(line.text) < 3_000


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_nan(value: float) -> None:
    """An infinite loss is shown as no number."""
    figure = parse_event({"event": "figure", "name": "loss", "value": value})
    assert isinstance(figure, Figure) and math.isnan(figure.value)


def test_a_count_is_shown_as_it_is() -> None:
    """Three answers are 3; a loss has three decimals, and what is no number is shown as that."""
    assert [format_figure(value) for value in (3.0, 2.46, -0.5)] == ["3", "2.460", "-0.500"]
    assert [format_figure(value) for value in (math.nan, math.inf)] == ["nan", "inf"]
