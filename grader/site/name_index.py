"""The index of everything that a text can mention: exercises, readings and notes, by name.

An exercise is named by its id or a path of its files; a reading by its URL, or by its id when
that is no ordinary word; a note by its path, or by its title when that has two words or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple
from urllib.parse import unquote

from grader.base.urls import normalize_url
from grader.course.model import Course
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise

TargetKind = Literal["exercise", "reading", "note"]

_WORD = re.compile(r"[^\s<>()\[\]{}\"“”,;|*]+")
_PUNCTUATION = ".,:!?'’`_…"
_COMMON_NAMES = {"readme", "index"}
"""File names that are too common to name a note without its folder."""
_LINE = re.compile(r":\d+\Z")


class MentionTarget(NamedTuple):
    """An exercise, a reading or a note, which has a page."""

    kind: TargetKind
    id: str
    """An exercise's or a reading's id, or a note's path below ``docs/notes``."""
    page: str
    """Its page on the site."""


class Mention(NamedTuple):
    """A part of a text that names a target."""

    start: int
    end: int
    target: MentionTarget


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Everything that can be mentioned, by its names."""

    names: Mapping[str, MentionTarget] = field(default_factory=dict)
    """By id, path or URL."""
    titles: Mapping[tuple[str, ...], MentionTarget] = field(default_factory=dict)
    """By the words of their titles, in lower case."""
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """How many words the titles have that begin with this word, the longest first."""

    digest: str = ""
    """A hash of the whole index: cached results depend on it."""

    @classmethod
    def build(cls, course: Course, links: LinkResolver) -> NameIndex:
        """Index the course's exercises, the reading list, and the learner's notes."""
        names: dict[str, MentionTarget] = {}
        titles: dict[tuple[str, ...], MentionTarget] = {}
        for item in links.site.readings:
            target = MentionTarget("reading", item.id, "reading.md")
            if item.resource.url:
                names[normalize_url(item.resource.url)] = target
            if re.search(r"[\d_-]", item.id):
                names[item.id] = target
        for note in links.site.notes:
            target = MentionTarget("note", note.place, links.note_pages[note.place])
            common = note.path.stem.casefold() in _COMMON_NAMES
            names |= {f"notes/{note.place}": target} | ({} if common else {note.place: target})
            words = tuple(word.casefold() for _, _, word in _split_words(note.title))
            if len(words) > 1:
                titles.setdefault(words, target)
        for exercise in course.iterate_exercises():
            target = MentionTarget("exercise", exercise.id, locate_exercise(exercise.id))
            code = (f"exercises/{exercise.id}", f"solutions/{exercise.id}")
            names |= dict.fromkeys((exercise.id, *code, f"curriculum/{exercise.id}.md"), target)
        digest = sha256(repr((names, titles)).encode("utf-8", "surrogatepass")).hexdigest()
        return cls(names, titles, _group_lengths(titles), digest)

    def find_mentions(self, text: str) -> list[Mention]:
        """Find where a plain text names things, in order and without overlaps."""
        words = list(_split_words(text))
        mentions, number = [], 0
        while number < len(words):
            target, taken = self._match(words, number)
            if target is not None:
                end = words[number + taken - 1][1]
                mentions.append(Mention(words[number][0], end, target))
            number += taken
        return mentions

    def _match(
        self, words: list[tuple[int, int, str]], number: int
    ) -> tuple[MentionTarget | None, int]:
        """Return what is named at a word, and how many words its name takes."""
        for length in self.lengths.get(words[number][2].casefold(), ()):
            title = tuple(word.casefold() for _, _, word in words[number : number + length])
            if len(title) == length and (target := self.titles.get(title)) is not None:
                return target, length
        return self.names.get(_normalize_name(words[number][2])), 1


def _split_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each word without the punctuation around it: start, end and the word."""
    for match in _WORD.finditer(text):
        word = match[0].rstrip(_PUNCTUATION)
        start = match.start() + len(word) - len(word.lstrip(_PUNCTUATION.replace(".", "")))
        word = word.lstrip(_PUNCTUATION.replace(".", ""))
        if word:
            yield start, start + len(word), word


def _normalize_name(word: str) -> str:
    """Return a name as the index has it: without ``./``, without ``.py`` and a line number."""
    if word.lower().startswith("http"):
        return normalize_url(word)
    path = unquote(_LINE.sub("", word)).replace("\\", "/").partition("#")[0]
    path = re.sub(r"\A(?:\.{1,2}/)+", "", path)
    return path.removeprefix("docs/").removesuffix(".py")


def _group_lengths(titles: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for words in titles:
        found.setdefault(words[0], set()).add(len(words))
    return {first: tuple(sorted(held, reverse=True)) for first, held in found.items()}
