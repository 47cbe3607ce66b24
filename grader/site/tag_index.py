"""The tags of notes and log: where each stands, those in front matter and those in the text.

Case does not count, and a tag ``attention/heads`` also counts for ``attention``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from grader.learner.journal import Entry
from grader.learner.notes import Note, markup
from grader.learner.notes.hashtag import normalize_tag


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it was first written, without its sign, and what it stands in."""

    name: str
    notes: tuple[str, ...] = ()
    """The places of the notes, in their order."""
    days: tuple[date, ...] = ()
    """The days of the log, newest first."""


@dataclass(frozen=True, slots=True)
class TagIndex:
    """All tags by their keys, in the order of these."""

    tags: Mapping[str, Tag] = field(default_factory=dict)

    def list_below(self, key: str) -> list[str]:
        """List the keys of the tags directly below a tag."""
        return [k for k in self.tags if k.rpartition("/")[0] == key]


def make_key(tag: str) -> str:
    """Return what two spellings of one tag have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag).casefold())


def index_tags(notes: Iterable[Note], entries: Iterable[Entry]) -> TagIndex:
    """Collect the tags of all notes and days."""
    names: dict[str, str] = {}
    places: dict[str, dict[str, None]] = {}
    days: dict[str, set[date]] = {}
    for note in notes:
        for key in _collect_keys(list_tags(note), names):
            places.setdefault(key, {})[note.place] = None
    for entry in entries:
        for key in _collect_keys(markup.list_hashtags(entry.text), names):
            days.setdefault(key, set()).add(entry.day)
    return TagIndex(
        {
            key: Tag(
                names[key],
                tuple(places.get(key, ())),
                tuple(sorted(days.get(key, ()), reverse=True)),
            )
            for key in sorted(names)
        }
    )


def list_tags(note: Note) -> list[str]:
    """List the tags of a note, those of its front matter first."""
    front = [tag for words in note.tags if (tag := normalize_tag(words))]
    return [*front, *note.hashtags]


def _collect_keys(tags: Iterable[str], names: dict[str, str]) -> list[str]:
    """Return the keys of the tags and of those above them; keep how each was written first."""
    found = []
    for tag in tags:
        parts = tag.split("/")
        for count in range(1, len(parts) + 1):
            name = "/".join(parts[:count])
            names.setdefault(make_key(name), name)
            found.append(make_key(name))
    return found
