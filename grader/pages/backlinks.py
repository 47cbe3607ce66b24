"""Which note is about which exercise, and which notes mention one another.

A note is about an exercise that its front matter names, that it links to (its file, its lesson or
its page's name) or that its text calls by its id. Pure: paths are compared, nothing is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from urllib.parse import unquote

from grader.course import Course
from grader.notes import Note
from grader.notes.clean import is_remote
from grader.notes.wikilink import by_name, target
from grader.workspace import Workspace

_MENTION = re.compile(r"(?<![\w./-])(?:exercises/)?(\w[\w-]*/\w[\w-]*)(?:\.py)?(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Backlinks:
    """Notes by their places, exercises by their ids, each in order."""

    exercises: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each note is about."""
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The notes about each exercise."""
    mentions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The notes that link to each note."""
    unknown: tuple[str, ...] = ()
    """Names in front matter that are no exercise's, each with path and line and what to do."""


def find(workspace: Workspace, course: Course, notes: tuple[Note, ...]) -> Backlinks:
    """All that the notes say of exercises and of one another."""
    known = _Known.of(workspace, course, notes)
    about: dict[str, tuple[str, ...]] = {}
    held: dict[str, list[str]] = {}
    mentioned: dict[str, list[str]] = {}
    for note in notes:
        leads = [lead for address in note.leads if (lead := known.lead(note, address))]
        ids = {*known.named(note), *(id for kind, id in leads if kind == "exercise")}
        ids |= {id for part in note.parts for id in _MENTION.findall(part) if id in known.order}
        about[note.place] = tuple(sorted(ids, key=known.order.__getitem__))
        for id in about[note.place]:
            held.setdefault(id, []).append(note.place)
        for place in dict.fromkeys(id for kind, id in leads if kind == "note"):
            if place != note.place:
                mentioned.setdefault(place, []).append(note.place)
    return Backlinks(about, _frozen(held), _frozen(mentioned), tuple(_unknown(known, notes)))


def _frozen(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(places) for name, places in lists.items()}


def _unknown(known: _Known, notes: tuple[Note, ...]) -> Iterator[str]:
    for note in notes:
        where = f"{note.path}:{note.about_line}" if note.about_line else f"{note.path}"
        for name in note.about:
            if known.exercise(name) is None:
                yield f"{where}: no exercise is called {name!r}; `grade list` shows all of them."


@dataclass(frozen=True, slots=True)
class _Known:
    """What a note can speak of."""

    order: Mapping[str, int]
    """Each exercise's place in the course."""
    short: Mapping[str, str]
    """Exercises by their own names, where only one has it."""
    files: Mapping[str, tuple[str, str]]
    """What lies at a path: an exercise or a note."""
    called: Mapping[str, str]
    """Notes by what a wikilink may call them."""

    @classmethod
    def of(cls, workspace: Workspace, course: Course, notes: tuple[Note, ...]) -> _Known:
        exercises = list(course.exercises())
        names = [exercise.name for exercise in exercises]
        files = {normpath(note.path): ("note", note.place) for note in notes}
        for exercise in exercises:
            for path in (workspace.stub(exercise.id), workspace.lesson(exercise.id)):
                files[normpath(path)] = ("exercise", exercise.id)
        return cls(
            order={exercise.id: number for number, exercise in enumerate(exercises)},
            short={e.name: e.id for e in exercises if names.count(e.name) == 1},
            files=files,
            called=by_name((note.place, note.title) for note in notes),
        )

    def named(self, note: Note) -> Iterator[str]:
        """The exercises that the note says it is about."""
        yield from (id for name in note.about if (id := self.exercise(name)))

    def exercise(self, name: str) -> str | None:
        """The exercise that a name stands for: an id, a path, or a name that only one has."""
        name = name.replace("\\", "/").removesuffix(".py").rpartition("exercises/")[2]
        return name if name in self.order else self.short.get(name)

    def lead(self, note: Note, address: str) -> tuple[str, str] | None:
        """What the note's link leads to."""
        name = target(address)
        if name is not None:
            place = self.called.get(name.partition("#")[0].strip().casefold())
            id = self.exercise(name)
            return ("note", place) if place else ("exercise", id) if id else None
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or is_remote(address):
            return None
        return self.files.get(normpath(note.path.parent / path))
