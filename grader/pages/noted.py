"""The learner's notes as pages."""

from __future__ import annotations

from itertools import groupby
from posixpath import dirname

from grader.notes import Note, markup
from grader.notes.clean import Link
from grader.pages.places import Places, exercise_page
from grader.pages.scene import Scene
from grader.pages.words import day_in_words, escape, one_line, to, warning

_INDEX = "notes/index.md"
_SHOWN = '<div class="gw-output gw-shown"'
"""What a notebook showed, wide perhaps: a keyboard must reach it to scroll it."""

_RUN = "The outputs are those of a run of a copy, asked for with `--execute`, on"


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """A page for each note, and their index."""
    made = {_INDEX: _index(scene, places)}
    for note in scene.notes:
        made[places.note_pages[note.place]] = _page(scene, places, note)
    return made


def _index(scene: Scene, places: Places) -> str:
    parts = ["# Notes", "Markdown files and notebooks in `docs/notes`, yours to write."]
    by_folder = sorted(scene.notes, key=lambda note: (dirname(note.place), note.place))
    for folder, notes in groupby(by_folder, lambda note: dirname(note.place)):
        lines = [
            f"- [{escape(note.title)}]({to(_INDEX, places.note_pages[note.place])})"
            + (" (cannot be read)" if note.fault else "")
            + _about(scene, note, _INDEX, ": ")
            for note in notes
        ]
        parts += [f"## {escape(folder)}"] if folder else []
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _page(scene: Scene, places: Places, note: Note) -> str:
    root = f"{scene.workspace.root}/"
    file = scene.workspace.shown(note.path)
    page = places.note_pages[note.place]
    parts = [f"# {escape(note.title)}", f"From {escape(file)}"]
    parts += [f"About {about}"] if (about := _about(scene, note, page)) else []
    parts += [f"{_RUN} {day_in_words(note.run)}."] if note.run else []
    if note.fault:
        return "\n\n".join([*parts, warning("Cannot be read", [note.fault.replace(root, "")])])
    troubles = list(note.warnings)
    link = _link(places, note, troubles)
    for block in _blocks(note, link):
        mark = "#" * block.level
        shown = block.content.replace(_SHOWN, f'{_SHOWN} tabindex="0"')
        plain = f'<div class="gw-note">{one_line(shown)}</div>'
        parts.append(f"{mark} {escape(block.content)}" if mark else plain)
    parts.append(_mentioned(scene, places, note.place, page))
    if troubles:
        parts.append(warning("Not everything could be shown", list(dict.fromkeys(troubles))))
    return "\n\n".join(part for part in parts if part) + "\n"


def about_exercise(scene: Scene, places: Places, exercise: str) -> str:
    """The notes about an exercise, for its page; empty when there are none."""
    held = scene.backlinks.notes.get(exercise, ())
    return _listed("## Notes about it", scene, places, held, exercise_page(exercise))


def _mentioned(scene: Scene, places: Places, place: str, page: str) -> str:
    held = scene.backlinks.mentions.get(place, ())
    return _listed("## Mentioned in", scene, places, held, page)


def _listed(heading: str, scene: Scene, places: Places, held: tuple[str, ...], page: str) -> str:
    titles = {note.place: note.title for note in scene.notes} if held else {}
    lines = [f"- [{escape(titles[p])}]({to(page, places.note_pages[p])})" for p in held]
    return "\n".join([heading, "", *lines]) if lines else ""


def _about(scene: Scene, note: Note, page: str, before: str = "") -> str:
    """The exercises that the note is about, as links."""
    titles = [
        f"[{escape(scene.course.exercise(id).title)}]({to(page, exercise_page(id))})"
        for id in scene.backlinks.exercises.get(note.place, ())
    ]
    return before + ", ".join(titles) if titles else ""


def _link(places: Places, note: Note, troubles: list[str]) -> Link:
    pictures = places.keep_pictures(note)
    others = places.link(places.note_pages[note.place], note.path, troubles.append)
    return lambda tag, address: pictures(tag, address) or others(tag, address)


def _blocks(note: Note, link: Link) -> list[markup.Block]:
    """The note's blocks; when it has top headings of its own, all go below the page's."""
    levels = [heading.level for part in note.parts for heading in markup.headings(part)]
    shift = 1 if 1 in levels else 0
    return [
        block
        for number, part in enumerate(note.parts)
        for block in markup.blocks(part, link, shift=shift, prefix=_prefix(note, number))
    ]


def _prefix(note: Note, number: int) -> str:
    """Ids of a notebook's cells are kept apart; those of a file are as they were written."""
    return f"cell-{number}-" if note.kind == "notebook" else ""
