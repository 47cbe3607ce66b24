"""The navigation: mkdocs.yml names its sections, the course and the learner fill them."""

from __future__ import annotations

from posixpath import dirname
from typing import Any

from grader.pages.guide import titled
from grader.pages.log import month_pages
from grader.pages.places import Places, exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.words import escape

Item = dict[str, Any]
GUIDE = "guide/commands.md"
"""The section of the project's own pages, which all are there or none."""


def contents(sections: list[Item] | None, scene: Scene, places: Places) -> list[Item]:
    """The sections of mkdocs.yml, with the pages below their first ones."""
    filled = {
        GUIDE: [{title: page} for title, page in titled(scene)],
        "units/index.md": _units(scene),
        "log/index.md": _log(scene),
        "notes/index.md": _notes(scene, places),
    }
    return [section for s in sections or [] for section in _section(s, filled)]


def _section(section: Item, filled: dict[str, list[Item]]) -> list[Item]:
    """The section filled; a section of sections has each of them filled, in its order."""
    ((name, page),) = section.items()
    if isinstance(page, list):
        return [{name: [inner for item in page for inner in _section(item, filled)]}]
    below = filled.get(page, [])
    if page == GUIDE:
        return [{name: below}] if below else []
    return [{name: [page, *below]}] if below else [section]


def _units(scene: Scene) -> list[Item]:
    return [
        {
            unit.title: [
                unit_page(unit.id),
                *({e.title: exercise_page(e.id)} for e in unit.exercises),
            ]
        }
        for unit in scene.course.units()
    ]


def _log(scene: Scene) -> list[Item]:
    return [{title: page} for title, page in month_pages(scene)]


def _notes(scene: Scene, places: Places) -> list[Item]:
    """The notes, those of each folder in a section of its own, folded away while not in use."""
    folders: dict[str, list[Item]] = {}
    for note in scene.notes:
        item = {escape(note.title): places.note_pages[note.place]}
        folders.setdefault(dirname(note.place), []).append(item)
    top = folders.pop("", [])
    return [*top, *({escape(folder): held} for folder, held in sorted(folders.items()))]
