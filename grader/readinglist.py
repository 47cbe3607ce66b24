"""The reading list: the course's and the learner's own as one, by pure rules."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from grader.address import identity
from grader.course import Course, Resource
from grader.learner import Reading, ReadingState

State = Literal[ReadingState, "open"]
OPEN: State = "open"
"""What the course offers and the learner has put nowhere yet."""

KEPT: tuple[ReadingState, ...] = ("next", "reading", "inbox", "done")
"""What the learner has put somewhere, in the order in which it is shown."""

_LONGEST = 28
"""Characters of a title that make an id."""


class Item(NamedTuple):
    """One entry of the list, and where the learner is with it."""

    resource: Resource
    state: State = "open"
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


def joined(course: Course, readings: Mapping[str, Reading]) -> tuple[Item, ...]:
    """The course's entries in its order, then the learner's by day.

    An own entry that leads where one of the course's does is that one: the course has caught up.
    """
    ours = {identity(resource.url): resource.id for resource in course.resources}
    known = {resource.id for resource in course.resources}
    marks: dict[str, Reading] = {}
    own: dict[str, Reading] = {}
    for key, reading in sorted(readings.items(), key=lambda pair: pair[0] in known):
        name = key if key in known else ours.get(identity(reading.url)) if reading.url else None
        if name is None:
            own[key] = reading
        elif name not in marks or marks[name].changed_at <= reading.changed_at:
            marks[name] = reading
    listed = [_marked(resource, marks.get(resource.id)) for resource in course.resources]
    by_day = sorted(own.items(), key=lambda pair: (pair[1].changed_at, pair[0]))
    return (*listed, *(_own(key, reading) for key, reading in by_day))


def _marked(resource: Resource, mark: Reading | None) -> Item:
    if mark is None:
        return Item(resource)
    return Item(resource, mark.state, mark.day, changed_at=mark.changed_at)


def _own(key: str, reading: Reading) -> Item:
    """An own entry; one of the course's that is no longer in it keeps its id for a title."""
    resource = Resource(
        *(key, reading.title or key, reading.kind or "article", reading.url),
        *(reading.authors, reading.year, reading.objectives),
    )
    return Item(resource, reading.state, reading.day, own=True, changed_at=reading.changed_at)


def named(title: str, url: str) -> str:
    """The id of an own entry, the same wherever it is made: ``the-illustrated-gpt-2-1c9a``.

    Its end says the address, so two entries of one title stay two when clones are merged, and
    its hyphen keeps it apart from all that the course names.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    short = words[: _LONGEST + 1].rpartition("-")[0] if len(words) > _LONGEST else words
    end = hashlib.sha256(identity(url).encode("utf-8", "replace")).hexdigest()[:4]
    return f"{short or 'reading'}-{end}"


def kind_of(url: str) -> str:
    """What an address most likely leads to."""
    host, _, path = identity(url).partition("/")
    if host == "arxiv.org":
        return "paper"
    if host in ("youtube.com", "vimeo.com"):
        return "video"
    return "codebase" if host == "github.com" and path.count("/") == 1 else "article"


def at(items: Iterable[Item], url: str) -> Item | None:
    """The entry that leads to the same thing as the address."""
    wanted = identity(url)
    return next((i for i in items if i.resource.url and identity(i.resource.url) == wanted), None)


def matching(items: Iterable[Item], name: str) -> list[Item]:
    """The entries that a name stands for: its id, its whole title, or else a part of either.

    Case and punctuation make no difference.
    """
    wanted = _plain(name)
    held = [(item, _plain(item.id), _plain(item.resource.title)) for item in items]
    for match in (
        [item for item, key, _ in held if key == wanted],
        [item for item, _, title in held if title == wanted],
        [item for item, key, title in held if wanted in title or key.startswith(wanted)],
    ):
        if match and wanted:
            return match
    return []


def searched(items: Iterable[Item], words: str) -> list[Item]:
    """The entries whose id, title, authors, kind or year hold every word."""
    wanted = _plain(words).split()
    return [item for item in items if all(word in _told(item) for word in wanted)]


def uses(course: Course) -> dict[str, list[str]]:
    """For each entry of the course the exercises that name it, in course order."""
    found: dict[str, list[str]] = {}
    for exercise in course.exercises():
        for name in exercise.resources:
            found.setdefault(name, []).append(exercise.id)
    return found


def following(items: Iterable[Item], course: Course, exercise: str | None) -> Item | None:
    """What to read next.

    The first put down as next, then what is being read, then what the next exercise names and
    is not read yet, then the inbox; the longest waiting first.
    """
    held = list(items)
    named = course.exercise(exercise).resources if exercise else ()
    unread = {item.id: item for item in held if item.state != "done"}
    waiting = (
        *(_waiting(held, state) for state in ("next", "reading")),
        [unread[name] for name in named if name in unread],
        _waiting(held, "inbox"),
    )
    return next((found[0] for found in waiting if found), None)


def in_state(items: Iterable[Item], state: State) -> list[Item]:
    """The entries in a state: what is done the latest first, all else the longest waiting."""
    found = _waiting(items, state)
    return found[::-1] if state == "done" else found


def _waiting(items: Iterable[Item], state: State) -> list[Item]:
    held = (item for item in items if item.state == state)
    return sorted(held, key=lambda item: (item.day, item.changed_at))


def _told(item: Item) -> str:
    resource = item.resource
    known: Iterator[object] = filter(None, (resource.authors, resource.year))
    return _plain(" ".join(map(str, (resource.id, resource.title, resource.kind, *known))))


def _plain(text: str) -> str:
    """The words alone, for comparing."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", text.casefold().replace("_", " "))))
