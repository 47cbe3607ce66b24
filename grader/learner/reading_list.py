"""The reading list: the course's and the learner's own as one, by pure rules."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from grader.base.urls import normalize_url
from grader.course.model import Course, Resource
from grader.learner.model import Reading, ReadingState

ItemState = Literal[ReadingState, "open"]
OPEN: ItemState = "open"
"""What the course offers and the learner has put nowhere yet."""

MARKED: tuple[ReadingState, ...] = ("next", "reading", "inbox", "done")
"""What the learner has put somewhere, in the order in which it is shown."""

_LONGEST = 28
"""Characters of a title that make an id."""


class Item(NamedTuple):
    """One entry of the list, and where the learner is with it."""

    resource: Resource
    state: ItemState = "open"
    day: str = ""
    """The learner's local date of the last change; empty where nothing was changed."""
    own: bool = False
    """Whether the entry is the learner's and not the course's."""
    changed_at: str = ""
    """UTC of the last change."""

    @property
    def id(self) -> str:
        """The name under which it is found."""
        return self.resource.id


def join_lists(course: Course, readings: Mapping[str, Reading]) -> tuple[Item, ...]:
    """Return the course's entries in its order, then the learner's by day.

    An own entry that leads where one of the course's does is that one: the course has caught up.
    """
    ours = {normalize_url(resource.url): resource.id for resource in course.resources}
    known = {resource.id for resource in course.resources}
    marks: dict[str, Reading] = {}
    own: dict[str, Reading] = {}
    for key, reading in sorted(readings.items(), key=lambda pair: pair[0] in known):
        name = (
            key if key in known else ours.get(normalize_url(reading.url)) if reading.url else None
        )
        if name is None:
            own[key] = reading
        elif name not in marks or marks[name].changed_at <= reading.changed_at:
            marks[name] = reading
    listed = [_mark(resource, marks.get(resource.id)) for resource in course.resources]
    by_day = sorted(own.items(), key=lambda pair: (pair[1].changed_at, pair[0]))
    return (*listed, *(_make_own(key, reading) for key, reading in by_day))


def _mark(resource: Resource, mark: Reading | None) -> Item:
    if mark is None:
        return Item(resource)
    return Item(resource, mark.state, mark.day, changed_at=mark.changed_at)


def _make_own(key: str, reading: Reading) -> Item:
    """Return an own entry; one of the course's that is no longer in it keeps its id for a title."""
    resource = Resource(
        *(key, reading.title or key, reading.kind or "article", reading.url),
        *(reading.authors, reading.year, reading.objectives),
    )
    return Item(resource, reading.state, reading.day, own=True, changed_at=reading.changed_at)


def make_id(title: str, url: str) -> str:
    """Return the id of an own entry, the same wherever it is made: ``the-illustrated-gpt-2-1c9a``.

    Its end says the address, so two entries of one title stay two when clones are merged, and
    its hyphen keeps it apart from all that the course names.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    short = words[: _LONGEST + 1].rpartition("-")[0] if len(words) > _LONGEST else words
    end = hashlib.sha256(normalize_url(url).encode("utf-8", "replace")).hexdigest()[:4]
    return f"{short or 'reading'}-{end}"


def guess_kind(url: str) -> str:
    """Return what an address most likely leads to."""
    host, _, path = normalize_url(url).partition("/")
    if host == "arxiv.org":
        return "paper"
    if host in ("youtube.com", "vimeo.com"):
        return "video"
    return "codebase" if host == "github.com" and path.count("/") == 1 else "article"


def find_by_url(items: Iterable[Item], url: str) -> Item | None:
    """Return the entry that leads to the same thing as the address."""
    wanted = normalize_url(url)
    return next(
        (i for i in items if i.resource.url and normalize_url(i.resource.url) == wanted), None
    )


def find_by_name(items: Iterable[Item], name: str) -> list[Item]:
    """Return the entries that a name stands for: its id, its whole title, or else a part of either.

    Case and punctuation make no difference.
    """
    wanted = _normalize(name)
    forms = [(item, _normalize(item.id), _normalize(item.resource.title)) for item in items]
    for match in (
        [item for item, key, _ in forms if key == wanted],
        [item for item, _, title in forms if title == wanted],
        [item for item, key, title in forms if wanted in title or key.startswith(wanted)],
    ):
        if match and wanted:
            return match
    return []


def search(items: Iterable[Item], words: str) -> list[Item]:
    """Return the entries whose id, title, authors, kind or year hold every word."""
    wanted = _normalize(words).split()
    return [item for item in items if all(word in _join_words(item) for word in wanted)]


def map_uses(course: Course) -> dict[str, list[str]]:
    """Return for each entry of the course the exercises that name it, in course order."""
    found: dict[str, list[str]] = {}
    for exercise in course.iterate_exercises():
        for name in exercise.resources:
            found.setdefault(name, []).append(exercise.id)
    return found


def find_next(items: Iterable[Item], course: Course, exercise: str | None) -> Item | None:
    """Return what to read next.

    The first put down as next, then what is being read, then what the next exercise names and
    is not read yet, then the inbox; the longest waiting first.
    """
    entries = list(items)
    resources = course.find_exercise(exercise).resources if exercise else ()
    unread = {item.id: item for item in entries if item.state != "done"}
    waiting = (
        *(_sort_by_wait(entries, state) for state in ("next", "reading")),
        [unread[name] for name in resources if name in unread],
        _sort_by_wait(entries, "inbox"),
    )
    return next((found[0] for found in waiting if found), None)


def filter_by_state(items: Iterable[Item], state: ItemState) -> list[Item]:
    """Return the entries in a state: of those done the latest first, else the longest waiting."""
    found = _sort_by_wait(items, state)
    return found[::-1] if state == "done" else found


def _sort_by_wait(items: Iterable[Item], state: ItemState) -> list[Item]:
    waiting = (item for item in items if item.state == state)
    return sorted(waiting, key=lambda item: (item.day, item.changed_at))


def _join_words(item: Item) -> str:
    resource = item.resource
    known: Iterator[object] = filter(None, (resource.authors, resource.year))
    return _normalize(" ".join(map(str, (resource.id, resource.title, resource.kind, *known))))


def _normalize(text: str) -> str:
    """Return the words alone, for comparing."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", text.casefold().replace("_", " "))))
