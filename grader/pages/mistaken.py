"""The page of the mistakes that were met: what they looked like, and when they were mended."""

from __future__ import annotations

from grader.pages.history import told
from grader.pages.mended import Met, all_met
from grader.pages.places import Places, exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.words import address, attribute, count, escape, table, to, wide

_PAGE = "mistakes.md"
_SHOWN = 150
"""Mended mistakes that the page lists, the newest ones."""


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of mistakes."""
    found = all_met(scene)
    hand = sorted((m for m in found if m.mended is None), key=lambda m: m.first.at, reverse=True)
    done = sorted((m for m in found if m.mended), key=_mended_at, reverse=True)
    parts = ["# Mistakes I learned from", _lead(found, done)]
    if hand:
        parts += ["## In hand", _cards(scene, hand)]
    if done:
        parts += ["## Mended", _cards(scene, done[:_SHOWN])]
    if len(done) > _SHOWN:
        parts.append(f"And {count(len(done) - _SHOWN, 'earlier one')}, on the exercises' pages.")
    if found:
        parts += ["## By unit", _units(scene, found)]
    return {_PAGE: wide("\n\n".join(parts) + "\n")}


def _lead(found: list[Met], done: list[Met]) -> str:
    if not found:
        return (
            "Nothing yet. When wrong answers are those of a known mistake, `grade` names it, and "
            "the mistake stands here from then on, with the day on which it was mended."
        )
    return (
        "Each is a known mistake whose answers an attempt gave. "
        f"{count(len(found), 'mistake')} met, {len(done)} mended."
    )


def _mended_at(one: Met) -> str:
    return one.mended.at if one.mended else ""


def _cards(scene: Scene, found: list[Met]) -> str:
    titles = {exercise.id: exercise.title for exercise in scene.course.exercises()}
    items = "".join(_card(titles, one) for one in found)
    return f'<ul class="gw-mistakes">{items}</ul>'.replace("`", "&#96;")


def _card(titles: dict[str, str], one: Met) -> str:
    link = address(_PAGE, exercise_page(one.exercise))
    mark, state = ("●", "passed") if one.mended else ("◐", "started")
    broke = f"<p><small>It broke: {attribute(one.claim)}</small></p>" if one.claim else ""
    return (
        f'<li><p class="gw-says">{attribute(one.says)}</p>{broke}'
        f'<p><small><a href="{link}">{attribute(titles[one.exercise])}</a> '
        f'<span class="gw-state gw-{state}">{mark} {"mended" if one.mended else "in hand"}</span> '
        f"{told(one)}</small></p></li>"
    )


def _units(scene: Scene, found: list[Met]) -> str:
    """Which units cost the most, the costliest first."""
    rows = []
    for unit in scene.course.units():
        here = [one for one in found if one.exercise.partition("/")[0] == unit.id]
        link = f"[{escape(unit.title)}]({to(_PAGE, unit_page(unit.id))})"
        cost = sum(one.attempts for one in here)
        if here:
            rows.append((cost, [link, str(len(here)), str(sum(bool(m.mended) for m in here))]))
    rows.sort(key=lambda row: -row[0])
    return table(
        ["Unit", "Mistakes met", "Mended", "Attempts spent"], [[*row, str(c)] for c, row in rows]
    )
