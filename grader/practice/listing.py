"""Entries of a journal's reading lists beside the list that there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.address import identity
from grader.arrival.found import Found, Listed
from grader.arrival.lists import likenesses, plain_words
from grader.journal import plain
from grader.learner import Reading
from grader.practice.desk import Desk
from grader.practice.journals import Source
from grader.readinglist import joined, kind_of, named
from grader.records import shelves


class Listing:
    """The reading list as it is, by address and by title."""

    def __init__(self, desk: Desk) -> None:
        self.taken = shelves.readings(desk.workspace.progress).all()
        self.course = {resource.id for resource in desk.course.resources}
        items = joined(desk.course, self.taken)
        self.at = {identity(i.resource.url): i.id for i in reversed(items) if i.resource.url}
        self.titled = {
            words: i.id for i in reversed(items) for words in likenesses(i.resource.title)[::-1]
        }

    def place(self, listed: Listed) -> tuple[str, bool]:
        """The id under which it is kept, and whether it is one of the course's."""
        found = self.at.get(identity(listed.url)) if listed.url else None
        for words in likenesses(listed.title):
            alike = self.titled.get(words)
            if alike and (not listed.url or alike in self.course):
                found = found or alike
        if found:
            return found, found in self.course
        name = named(listed.title, listed.url)
        if listed.url:
            self.at[identity(listed.url)] = name
        self.titled.setdefault(plain_words(listed.title), name)
        return name, False

    def row(self, listed: Listed, ours: bool, today: str, now: str) -> Reading:
        """What is kept of it: of the course's only where the learner is with it."""
        own = Reading(listed.state, today, now)
        if ours:
            return own
        kind = listed.kind or (kind_of(listed.url) if listed.url else "article")
        return replace(
            own, title=one_line(listed.title), url=listed.url, kind=kind, authors=listed.authors
        )


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join(plain(text).split())[:300]


def doubled(source: Source, found: Found) -> Iterable[str]:
    """Entries of reading lists whose address was listed before."""
    first: dict[str, Listed] = {}
    for listed in found.readings:
        before = first.setdefault(identity(listed.url) if listed.url else listed.title, listed)
        if before is not listed:
            where = f"{source.name}:{listed.line}"
            yield f"{where}: {listed.title!r} leads where line {before.line} does; listed once"


def alike_by_title(listed: Listed, name: str, desk: Desk) -> str:
    """What to say of an entry that is the course's by its title and has another address."""
    known = {resource.id: resource for resource in desk.course.resources}
    if not listed.url or name not in known or identity(known[name].url) == identity(listed.url):
        return ""
    return f"taken for {name} of the course by its title; the note keeps its address"
