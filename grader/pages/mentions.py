"""What the log speaks of: exercises, readings and notes, found in a text or linked on a page.

An exercise is named by its id or a path of its files; a reading by its address, or by its id when
that is no plain word; a note by its path, or by its title when that has two words or more. Code
and links are left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal, NamedTuple
from urllib.parse import unquote

from grader import pieces
from grader.address import identity
from grader.course import Course
from grader.journal import Entry
from grader.logline import spoken
from grader.pages.places import Places, exercise_page
from grader.pages.words import attribute, to

Kind = Literal["exercise", "reading", "note"]

_WORD = re.compile(r"[^\s<>()\[\]{}\"“”,;|*]+")
_ENDS = ".,:!?'’`_…"
_TAG = re.compile(r"(<[^>]*>)")
_APART = {"a", "code", "pre", "math", "summary"}
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_USUAL = {"readme", "index"}
"""Names of files that are too common to stand for a note without its folder."""
_LINE = re.compile(r":\d+\Z")


class Thing(NamedTuple):
    """Something of the workspace that has a page."""

    kind: Kind
    id: str
    """An exercise's or reading's id, a note's place."""
    page: str
    """Where it lies on the site."""


class Mention(NamedTuple):
    """A stretch of a text that names a thing."""

    start: int
    end: int
    thing: Thing


@dataclass(frozen=True, slots=True)
class Known:
    """All things that can be mentioned, by what they are called."""

    names: Mapping[str, Thing] = field(default_factory=dict)
    """By id, path or address."""
    titles: Mapping[tuple[str, ...], Thing] = field(default_factory=dict)
    """By the words of their titles, in small letters."""
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By a first word the numbers of words that titles have, the longest first."""

    digest: str = ""
    """A hash of all that is known: what a text mentions depends on it."""

    @classmethod
    def of(cls, course: Course, places: Places) -> Known:
        """The course's exercises, the reading list, and the learner's notes."""
        names: dict[str, Thing] = {}
        titles: dict[tuple[str, ...], Thing] = {}
        for item in places.scene.readings:
            thing = Thing("reading", item.id, "reading.md")
            if item.resource.url:
                names[identity(item.resource.url)] = thing
            if re.search(r"[\d_-]", item.id):
                names[item.id] = thing
        for note in places.scene.notes:
            thing = Thing("note", note.place, places.note_pages[note.place])
            usual = note.path.stem.casefold() in _USUAL
            names |= {f"notes/{note.place}": thing} | ({} if usual else {note.place: thing})
            words = tuple(word.casefold() for _, _, word in _words(note.title))
            if len(words) > 1:
                titles.setdefault(words, thing)
        for exercise in course.exercises():
            thing = Thing("exercise", exercise.id, exercise_page(exercise.id))
            code = (f"exercises/{exercise.id}", f"solutions/{exercise.id}")
            names |= dict.fromkeys((exercise.id, *code, f"curriculum/{exercise.id}.md"), thing)
        digest = sha256(repr((names, titles)).encode("utf-8", "surrogatepass")).hexdigest()
        return cls(names, titles, _lengths(titles), digest)

    def found(self, text: str) -> list[Mention]:
        """Where a plain text names things, in order; none overlaps another."""
        words = list(_words(text))
        mentions, number = [], 0
        while number < len(words):
            thing, taken = self._at(words, number)
            if thing is not None:
                end = words[number + taken - 1][1]
                mentions.append(Mention(words[number][0], end, thing))
            number += taken
        return mentions

    def _at(self, words: list[tuple[int, int, str]], number: int) -> tuple[Thing | None, int]:
        """What is named from a word on, and how many words that takes."""
        for length in self.lengths.get(words[number][2].casefold(), ()):
            said = tuple(word.casefold() for _, _, word in words[number : number + length])
            if len(said) == length and (thing := self.titles.get(said)) is not None:
                return thing, length
        return self.names.get(_plain_name(words[number][2])), 1

    def linked(self, clean: str, page: str) -> str:
        """Clean HTML, in which what it mentions is a link from that page."""
        made_from = (self.digest, clean, page)
        return str(pieces.made(lambda: self._linked(clean, page), "linked", *made_from))

    def _linked(self, clean: str, page: str) -> str:
        parts, apart = [], 0
        for piece in _TAG.split(clean):
            if piece.startswith("<"):
                apart += _opens(piece)
                parts.append(piece)
            else:
                parts.append(piece if apart > 0 else self._woven(piece, page))
        return "".join(parts)

    def _woven(self, escaped: str, page: str) -> str:
        text = html.unescape(escaped)
        done, at = [], 0
        for start, end, thing in self.found(text):
            there = re.sub(r"\.md\b", ".html", to(page, thing.page))
            words = html.escape(text[start:end], quote=False)
            done += [html.escape(text[at:start], quote=False)]
            done += [f'<a href="{attribute(there)}">{words}</a>']
            at = end
        return "".join([*done, html.escape(text[at:], quote=False)]) if done else escaped


def days(entries: Iterable[Entry], known: Known) -> dict[tuple[Kind, str], tuple[date, ...]]:
    """For each thing, by kind and id, the days whose entries mention it, the newest first."""
    found: dict[tuple[Kind, str], set[date]] = {}
    for entry in entries:
        for kind, id in _named(entry.text, known):
            found.setdefault((kind, id), set()).add(entry.day)
    return {thing: tuple(sorted(held, reverse=True)) for thing, held in found.items()}


def _named(text: str, known: Known) -> list[tuple[Kind, str]]:
    """What a day's text mentions, by kind and id."""

    def made() -> list[tuple[Kind, str]]:
        rows = (known.found(_CODE.sub(" ", row)) for row in spoken(text))
        return [(mention.thing.kind, mention.thing.id) for row in rows for mention in row]

    return [(kind, id) for kind, id in pieces.made(made, "named", known.digest, text)]


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word without the signs around it: where it starts and ends, and the word."""
    for match in _WORD.finditer(text):
        word = match[0].rstrip(_ENDS)
        start = match.start() + len(word) - len(word.lstrip(_ENDS.replace(".", "")))
        word = word.lstrip(_ENDS.replace(".", ""))
        if word:
            yield start, start + len(word), word


def _plain_name(word: str) -> str:
    """A name as ``Known`` keeps it: without the way to it, without ``.py`` and a line's number."""
    if word.lower().startswith("http"):
        return identity(word)
    path = unquote(_LINE.sub("", word)).replace("\\", "/").partition("#")[0]
    path = re.sub(r"\A(?:\.{1,2}/)+", "", path)
    return path.removeprefix("docs/").removesuffix(".py")


def _opens(tag: str) -> int:
    """1 for a tag that opens what is left alone, -1 for one that closes it, else 0."""
    name = re.match(r"</?([a-z0-9]+)", tag)
    if name is None or name[1] not in _APART:
        return 0
    return -1 if tag.startswith("</") else 1


def _lengths(titles: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for words in titles:
        found.setdefault(words[0], set()).add(len(words))
    return {first: tuple(sorted(held, reverse=True)) for first, held in found.items()}
