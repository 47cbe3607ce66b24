"""Which note is about which exercise, and which notes mention one another.

A note is about an exercise that its front matter names, that it links to (its file, its lesson or
its page's name) or whose id is in its text. Pure: paths are compared, no file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from urllib.parse import unquote

from grader.base.paths import Workspace
from grader.course.model import Course
from grader.learner.notes import Note
from grader.learner.notes.clean import is_remote
from grader.learner.notes.wikilink import index_notes, parse_target

_MENTION = re.compile(r"(?<![\w./-])(?:exercises/)?(\w[\w-]*/\w[\w-]*)(?:\.py)?(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Backlinks:
    """The links between notes (by path below ``docs/notes``) and exercises (by id), in order."""

    exercises: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each note is about."""
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The notes about each exercise."""
    mentions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The notes that link to each note."""
    unknown: tuple[str, ...] = ()
    """Names in front matter that are no exercise's, each with path and line and what to do."""


def find_backlinks(workspace: Workspace, course: Course, notes: tuple[Note, ...]) -> Backlinks:
    """Find which exercises and which other notes each note is about or links to."""
    targets = _LinkTargets.collect(workspace, course, notes)
    about: dict[str, tuple[str, ...]] = {}
    notes_about: dict[str, list[str]] = {}
    linking: dict[str, list[str]] = {}
    for note in notes:
        links = [link for address in note.links if (link := targets.resolve(note, address))]
        ids = {*targets.list_named(note), *(id for kind, id in links if kind == "exercise")}
        ids |= {id for part in note.parts for id in _MENTION.findall(part) if id in targets.order}
        about[note.place] = tuple(sorted(ids, key=targets.order.__getitem__))
        for id in about[note.place]:
            notes_about.setdefault(id, []).append(note.place)
        for place in dict.fromkeys(id for kind, id in links if kind == "note"):
            if place != note.place:
                linking.setdefault(place, []).append(note.place)
    unknown = tuple(_find_unknown(targets, notes))
    return Backlinks(about, _freeze(notes_about), _freeze(linking), unknown)


def _freeze(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(places) for name, places in lists.items()}


def _find_unknown(targets: _LinkTargets, notes: tuple[Note, ...]) -> Iterator[str]:
    for note in notes:
        where = f"{note.path}:{note.about_line}" if note.about_line else f"{note.path}"
        for name in note.about:
            if targets.find_exercise(name) is None:
                yield f"{where}: no exercise is called {name!r}; `grade list` shows all of them."


@dataclass(frozen=True, slots=True)
class _LinkTargets:
    """Everything that a note can name or link to."""

    order: Mapping[str, int]
    """Each exercise's position in the course."""
    short: Mapping[str, str]
    """Exercises by their own names, where only one has it."""
    files: Mapping[str, tuple[str, str]]
    """The kind (exercise or note) and id of what is at a path."""
    names: Mapping[str, str]
    """Notes by the names that a wikilink may use."""

    @classmethod
    def collect(cls, workspace: Workspace, course: Course, notes: tuple[Note, ...]) -> _LinkTargets:
        """Collect the course's exercises and these notes."""
        exercises = list(course.iterate_exercises())
        names = [exercise.name for exercise in exercises]
        files = {normpath(note.path): ("note", note.place) for note in notes}
        for exercise in exercises:
            for path in (workspace.locate_stub(exercise.id), workspace.locate_lesson(exercise.id)):
                files[normpath(path)] = ("exercise", exercise.id)
        return cls(
            order={exercise.id: number for number, exercise in enumerate(exercises)},
            short={e.name: e.id for e in exercises if names.count(e.name) == 1},
            files=files,
            names=index_notes((note.place, note.title) for note in notes),
        )

    def list_named(self, note: Note) -> Iterator[str]:
        """List the exercises that the note's front matter names."""
        yield from (id for name in note.about if (id := self.find_exercise(name)))

    def find_exercise(self, name: str) -> str | None:
        """Return the exercise with this id, path, or name that no other exercise has."""
        name = name.replace("\\", "/").removesuffix(".py").rpartition("exercises/")[2]
        return name if name in self.order else self.short.get(name)

    def resolve(self, note: Note, address: str) -> tuple[str, str] | None:
        """Return kind and id of what the note's link leads to; None for anything else."""
        name = parse_target(address)
        if name is not None:
            place = self.names.get(name.partition("#")[0].strip().casefold())
            id = self.find_exercise(name)
            return ("note", place) if place else ("exercise", id) if id else None
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or is_remote(address):
            return None
        return self.files.get(normpath(note.path.parent / path))
