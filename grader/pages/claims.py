"""What a learner's journals say is done: shown as said, beside what was graded here."""

from __future__ import annotations

from collections.abc import Iterable

from grader.learner import Said
from grader.pages.places import unit_page
from grader.pages.scene import Scene
from grader.pages.words import component, day_in_words, escape, table, to

_SIGNS = {True: "✎ said to be done", False: "○ not done yet"}


def section(scene: Scene, page: str) -> list[str]:
    """The part of a page that shows the claims; nothing when there are none."""
    claims = _settled(scene.said)
    if not claims:
        return []
    rows = [_row(scene, said, page) for said in claims]
    told = (
        "Brought along from journals by `grade import`, in their words. "
        "None of it counts as passed until it is graded here."
    )
    return ["## Said to be done", told, table(["What", "Said", "Units here"], rows)]


def _settled(claims: Iterable[Said]) -> list[Said]:
    """Each claim once, in the order of its source; what became done since is done."""
    by_text: dict[str, Said] = {}
    for said in sorted(claims, key=_place):
        name = said.text.casefold()
        if name not in by_text or (said.done and not by_text[name].done):
            by_text[name] = said
    return sorted(by_text.values(), key=lambda said: (not said.done, *_place(said)))


def _place(said: Said) -> tuple[str, int, str]:
    file, _, line = said.source.rpartition(":")
    return file, int(line) if line.isdecimal() else 0, said.text


def _row(scene: Scene, said: Said, page: str) -> list[str]:
    state = "gw-claimed" if said.done else "gw-open"
    sign = f'<span class="gw-state {state}">{_SIGNS[said.done]}</span>'
    more = [said.detail] if said.detail else []
    more.append(f"{said.source}, brought {day_in_words(said.day)}")
    small = "".join(f"<br><small>{escape(line)}</small>" for line in more)
    return [escape(said.text) + small, sign, _units(scene, said, page)]


def _units(scene: Scene, said: Said, page: str) -> str:
    """The units that it speaks of, each with its state here."""
    known = {unit.id: unit for unit in scene.course.units()}
    return "<br>".join(
        f"[{escape(known[name].title)}]({to(page, unit_page(name))}) "
        f"{component(scene.progress.units[name])}"
        for name in said.units
        if name in known
    )
