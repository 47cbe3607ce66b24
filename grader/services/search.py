"""Search through the course and what the learner wrote: every file is read, nothing is indexed.

A whole course and a year of notes are a few megabytes of text, which are read and searched in a
few hundredths of a second; so there is no index that could be stale.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.learner.journal import Journal
from grader.learner.notes import Notes
from grader.services.readings import list_readings
from grader.services.search_ranking import Hit, SearchText, find_hits
from grader.services.session import Session
from grader.services.submission import read_leniently


def search(session: Session, words: str) -> list[Hit]:
    """Return what contains all the words, the best first: one hit for each text."""
    return find_hits(_collect(session), words)


def _collect(session: Session) -> Iterator[SearchText]:
    """Yield every text, in the order in which equally good hits are shown."""
    yield from _collect_exercises(session)
    yield from _collect_lessons(session)
    yield from _collect_terms(session)
    notes, cards = _collect_notes(session)
    yield from cards
    yield from _collect_readings(session)
    yield from notes
    yield from _collect_log(session)


def _collect_exercises(session: Session) -> Iterator[SearchText]:
    """Yield the title and summary of each exercise, and the learner's file with the contract."""
    for exercise in session.course.iterate_exercises():
        path = session.workspace.locate_stub(exercise.id)
        lines = _number_lines(read_leniently(path))
        head = f"{exercise.id} {exercise.title}"
        line = _find_definition(lines, exercise.names[0])
        where = session.workspace.show_path(path)
        yield SearchText("exercise", exercise.id, head, exercise.summary, where, line, lines)


def _collect_lessons(session: Session) -> Iterator[SearchText]:
    for exercise in session.course.iterate_exercises():
        path = session.workspace.locate_lesson(exercise.id)
        lines = _number_lines(read_leniently(path))
        where = session.workspace.show_path(path)
        yield SearchText("lesson", exercise.id, exercise.title, exercise.title, where, 1, lines)


def _collect_terms(session: Session) -> Iterator[SearchText]:
    lines = _map_entries(session.workspace.glossary_file, "term")
    where = session.workspace.show_path(session.workspace.glossary_file)
    for term in session.course.glossary:
        head = " ".join((term.term, *term.also))
        line = lines.get(term.term, 1)
        yield SearchText("term", term.term, head, f"{term.term}: {term.text}", where, line)


def _collect_readings(session: Session) -> Iterator[SearchText]:
    """Yield the course's readings, and the learner's own."""
    workspace = session.workspace
    lines = _map_entries(workspace.resources_file, "id")
    kept = workspace.progress / "readings.json"
    own = _find_lines(kept, lambda name: f'"{name}"')
    for item in list_readings(session):
        resource = item.resource
        facts = (resource.title, resource.authors, resource.kind, str(resource.year or ""))
        words = ", ".join(fact for fact in facts if fact)
        path = kept if item.own else workspace.resources_file
        line = own(item.id) if item.own else lines.get(item.id, 1)
        head = f"{item.id} {words}"
        yield SearchText("reading", item.id, head, words, workspace.show_path(path), line)


def _collect_notes(session: Session) -> tuple[list[SearchText], list[SearchText]]:
    """Return the notes and, apart, their cards; a notebook's lines are the numbers of its cells."""
    from grader.services.deck import read_cards

    workspace, found = session.workspace, list[SearchText]()
    for place, kind, source in Notes(workspace.notes, workspace.cache).read_sources():
        text = source.decode("utf-8-sig", "replace")
        lines = _read_cells(text) if kind == "notebook" else _number_lines(text)
        where = workspace.show_path(workspace.notes / place)
        title = next((line.lstrip("# ") for _, line in lines if line.startswith("# ")), place)
        found.append(SearchText("note", place, f"{place} {title}", title, where, 1, lines))
    cards = [
        SearchText(
            "card",
            card.id,
            card.question,
            card.question,
            workspace.show_path(workspace.notes / card.place),
            card.line,
            [(card.line, card.answer)],
        )
        for card in read_cards(session).cards
    ]
    return found, cards


def _collect_log(session: Session) -> Iterator[SearchText]:
    for entry in Journal(session.workspace.log).read_entries():
        day, where = entry.day.isoformat(), session.workspace.show_path(entry.path)
        yield SearchText("log", day, day, day, where, 1, _number_lines(entry.text))


def _number_lines(text: str) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]


def _read_cells(text: str) -> list[tuple[int, str]]:
    """Return the lines of a notebook's cells, each with the number of its cell."""
    try:
        cells = json.loads(text)["cells"]
        sources = [cell.get("source", "") for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    joined = ("".join(s) if isinstance(s, list) else str(s) for s in sources)
    return [
        (number, line.strip())
        for number, source in enumerate(joined, 1)
        for line in source.splitlines()
    ]


def _find_definition(lines: Iterable[tuple[int, str]], name: str) -> int:
    """Return the line that defines a function or class; 1 where none does."""
    starts = (f"def {name}(", f"class {name}(", f"class {name}:")
    return next((number for number, line in lines if line.startswith(starts)), 1)


def _map_entries(path: Path, key: str) -> dict[str, int]:
    """Return the line on which each entry of a YAML list begins, by the value of its first key."""
    begins = re.compile(rf"\s*- {key}:\s*[\"']?(.*?)[\"']?\s*$")
    found = {}
    for number, line in enumerate(read_leniently(path).splitlines(), 1):
        if match := begins.match(line):
            found[match[1]] = number
    return found


def _find_lines(path: Path, form: Callable[[str], str]) -> Callable[[str], int]:
    """Return a function that finds the first line with a name in a file, read at first use."""
    lines: list[str] = []

    def find(name: str) -> int:
        if not lines:
            lines.extend(read_leniently(path).splitlines() or [""])
        return next((n for n, line in enumerate(lines, 1) if form(name) in line), 1)

    return find
