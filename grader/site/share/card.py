"""The share card: a picture of the progress, 1200 by 630, for those who link to the site."""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from grader.learner.progress import ExerciseState, Total
from grader.learner.states import COMING_LATER
from grader.site.share import Facts

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIZE = (1200, 630)
PLACE = "assets/share.png"

_GROUND, _INK, _SOFT, _TRACK = "#1f3240", "#ffffff", "#b9c7d0", "#3a4f5e"
_COLOURS: dict[ExerciseState, str] = {
    "passed": "#6fcf97",
    "stale": "#e0b84c",
    "started": "#7db7ee",
    "skipped": "#8d98a5",
}
_LEFT, _RIGHT = 80, 1120
_MOST = 6
"""Phases that have a line of their own; with more there is one for the whole course."""

_Weight = Literal["normal", "bold"]
_Line = tuple[str, Total]


def describe_card(facts: Facts) -> str:
    """Return the card's text, as its alternative text."""
    whose = f", {facts.name}" if facts.name else ""
    phases = "; ".join(f"{title} {_format_count(total)}" for title, total in _list_bars(facts))
    return (
        f"{facts.course}{whose}: {facts.share} exercises passed. {phases}. {facts.days_in_words}."
    )


def draw_card(facts: Facts) -> bytes:
    """Draw the card as PNG: the same bytes for the same facts."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 12), fill=_COLOURS["passed"])
    _draw_header(draw, facts)
    lines = _list_bars(facts)
    step = min(64, 270 // len(lines))
    for number, (title, total) in enumerate(lines):
        _draw_phase(draw, 270 + number * step, title, total)
    _draw_footer(draw, facts)
    data = io.BytesIO()
    picture.quantize(64).save(data, "PNG", optimize=True)
    return data.getvalue()


def _list_bars(facts: Facts) -> list[_Line]:
    if 0 < len(facts.phases) <= _MOST:
        return [(phase.title, phase.total) for phase in facts.phases]
    return [("The whole course", facts.total)]


def _format_count(total: Total) -> str:
    return f"{total.passed} of {total.exercises}" if total.exercises else COMING_LATER


def _draw_header(draw: ImageDraw.ImageDraw, facts: Facts) -> None:
    """Draw course and name on the left, how many are passed on the right."""
    share = _load_font("bold", 84)
    edge = _RIGHT - share.getlength(facts.share)
    draw.text((edge, 148), facts.share, font=share, fill=_INK, anchor="ls")
    words = "exercises passed"
    draw.text((_RIGHT, 196), words, font=_load_font("normal", 34), fill=_SOFT, anchor="rs")
    room = min(edge, _RIGHT - _load_font("normal", 34).getlength(words)) - _LEFT - 40
    _draw_text(draw, (_LEFT, 136), facts.course, "bold", 64, room, _INK)
    if _is_drawable(facts.name):
        _draw_text(draw, (_LEFT, 196), facts.name, "normal", 40, room, _SOFT)


def _draw_phase(draw: ImageDraw.ImageDraw, y: int, title: str, total: Total) -> None:
    """Draw a phase's title, its bar and its count, side by side."""
    _draw_text(draw, (_LEFT, y + 26), title, "normal", 30, 430, _INK)
    draw.text(
        (_RIGHT, y + 26), _format_count(total), font=_load_font("bold", 30), fill=_INK, anchor="rs"
    )
    left, right = _LEFT + 460, _RIGHT - 150
    draw.rounded_rectangle((left, y + 4, right, y + 28), radius=12, fill=_TRACK)
    for colour, share in reversed(_compute_shares(total)):
        draw.rounded_rectangle((left, y + 4, left + (right - left) * share, y + 28), 12, colour)


def _compute_shares(total: Total) -> list[tuple[str, float]]:
    """Return where each state that occurs ends on the bar, from 0 to 1."""
    ends, reached = [], 0
    for state, colour in _COLOURS.items():
        if number := getattr(total, state):
            reached += number
            ends.append((colour, reached / total.exercises))
    return ends


def _draw_footer(draw: ImageDraw.ImageDraw, facts: Facts) -> None:
    """Draw the days on the left, the address on the right."""
    draw.line((_LEFT, 548, _RIGHT, 548), fill=_TRACK, width=2)
    days = facts.days_in_words
    _draw_text(draw, (_LEFT, 590), days, "normal", 28, 600, _SOFT)
    where = facts.address.partition("://")[2]
    if _is_drawable(where):
        room = _RIGHT - _LEFT - _load_font("normal", 28).getlength(days) - 40
        _draw_text(draw, (_RIGHT, 590), where, "normal", 28, room, _SOFT, anchor="rs")


def _draw_text(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    weight: _Weight,
    size: int,
    room: float,
    colour: str,
    anchor: str = "ls",
) -> None:
    """Draw one line that fits the width: smaller if needed, and cut at half the size."""
    sizes = range(size, size // 2 - 1, -2)
    font = next((f for s in sizes if (f := _load_font(weight, s)).getlength(text) <= room), None)
    font = font or _load_font(weight, size // 2)
    draw.text(place, _truncate(text, font, room), font=font, fill=colour, anchor=anchor)


def _truncate(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """Return as much of the text as fits, with an ellipsis if that is not all."""
    if font.getlength(text) <= room:
        return text
    fits = (n for n in range(len(text) - 1, 0, -1) if font.getlength(text[:n] + "…") <= room)
    return text[: next(fits, 0)].rstrip() + "…"


@cache
def _load_font(weight: _Weight, size: int) -> ImageFont.FreeTypeFont:
    """Load Lato, a part of MkDocs that has Latin, Greek and Cyrillic; else Pillow's own font."""
    from PIL import ImageFont

    spec = find_spec("mkdocs")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    file = folder / "themes" / "readthedocs" / "css" / "fonts" / f"lato-{weight}.woff"
    try:
        return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        own = ImageFont.load_default(size)
        assert isinstance(own, ImageFont.FreeTypeFont)
        return own


def _is_drawable(text: str) -> bool:
    """Return whether the font has every letter: a name in boxes is worse than none."""
    font = _load_font("normal", 28)
    box = bytes(font.getmask("\uffff"))
    return bool(text) and all(bytes(font.getmask(c)) != box for c in text if not c.isspace())
