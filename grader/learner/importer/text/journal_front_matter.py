"""The front matter of a journal: its title, its day and its tags, and how a note keeps it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from grader.learner.importer.text.pieces import Heading, Piece

_FIELD = re.compile(r"(?P<name>[\w-]+(?: [\w-]+)?)[ \t]*[:=](?:[ \t]+(?P<value>.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.+)")
_TITLES = ("title", "titel", "titre", "título", "标题", "名称")
_DATES = ("date", "day", "datum", "fecha", "data", "日期", "created", "created_at", "creation_date")
_TAGS = ("tags", "tag", "keywords", "schlagwörter", "标签")


@dataclass(frozen=True, slots=True)
class JournalFrontMatter:
    """What the lines between ``---`` at the top of a journal say, each as it was written."""

    title: str = ""
    date: str = ""
    tags: tuple[str, ...] = ()
    lines: str = ""
    """All of the lines."""

    @property
    def others(self) -> str:
        """Return the lines of fields that say something else than a title, a date and tags."""
        return _list_others(self.lines)

    def quote(self, lines: str) -> str:
        """Return some of the lines as a block of code."""
        return f"```{'toml' if self.is_toml else 'yaml'}\n{lines}\n```"

    @property
    def is_toml(self) -> bool:
        """Return True if the lines are TOML, not YAML: ``title = "Masks"``."""
        first = self.lines.split("\n", 1)[0]
        return bool(re.match(r"[\w-]+[ \t]*=|\[", first))


def read_front_matter(lines: str) -> JournalFrontMatter:
    """Read the lines between ``---`` one by one.

    They are not parsed as YAML: in many journals a title with a colon would make that fail.
    """
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines.split("\n"):
        if found := _FIELD.fullmatch(line.rstrip()):
            current = fields.setdefault(found["name"].casefold(), [])
            current += _split_values(found["value"] or "", found["name"])
        elif found := _ITEM.fullmatch(line.rstrip()):
            current.append(_unquote(found["value"]))
    return JournalFrontMatter(
        _first(fields, _TITLES),
        _first(fields, _DATES),
        tuple(tag.lstrip("#") for name in _TAGS for tag in fields.get(name, ())),
        lines.strip("\n"),
    )


def is_front_matter(lines: str) -> bool:
    """Return True if lines between two marks are fields, and not text between two rules."""
    held = [line for line in lines.split("\n") if line.strip()]
    inside = (line[0] in " \t#-[]{}" or _FIELD.match(line) for line in held)
    return bool(held) and bool(_FIELD.match(held[0]) or held[0][0] in "#[") and all(inside)


def names_day(line: str) -> bool:
    """Return True for the line of a title or a date, which head an entry of the log."""
    found = _FIELD.fullmatch(line.rstrip())
    return found is not None and found["name"].casefold() in (*_TITLES, *_DATES)


def is_empty(line: str) -> bool:
    """Return True for the line of a field without a value, but for tags, which follow it."""
    found = _FIELD.fullmatch(line.rstrip())
    if found is None or found["name"].casefold() in _TAGS:
        return False
    return not (found["value"] or "").strip(" \"'[]{}")


def _split_values(value: str, name: str) -> list[str]:
    """Return a field's value; several where it is a list in brackets, or tags with commas."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        parts = value[1:-1].split(",")
    elif name.casefold() in _TAGS:
        parts = re.split(r"[,\s]+", value)
    else:
        parts = [value]
    return [part for part in map(_unquote, parts) if part]


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _first(fields: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((fields[name][0] for name in names if fields.get(name)), "")


def list_day_pieces(front: JournalFrontMatter, headings: Collection[str], day: str) -> list[Piece]:
    """Return what an entry of the log says of the front matter of its file.

    The log has no front matter: a title that is no heading of the file becomes one, tags a line,
    and other lines that say something stay a block of YAML.
    """
    known = {words.casefold() for words in headings}
    title = front.title if front.title.casefold() not in known and front.title != day else ""
    above = (Heading(2, title, f"## {title}", 1),) if title else ()
    pieces = [Piece(f"Tags: {', '.join(front.tags)}", 1, above, -1)] if front.tags else []
    if front.others:
        pieces.append(Piece(front.quote(front.others), 1, above, -2))
    if title and not pieces:
        pieces = [Piece(f"## {title}", 1, (), -1)]
    return pieces


def _list_others(lines: str) -> str:
    held: list[list[str]] = []
    for line in lines.split("\n"):
        found = _FIELD.fullmatch(line.rstrip())
        if found or line.startswith("#") or not held:
            held.append([])
        held[-1].append(line)
    kept = (field for field in held if _says_more(field))
    return "\n".join(line for field in kept for line in field)


def _says_more(field: list[str]) -> bool:
    found = _FIELD.fullmatch(field[0].rstrip())
    if found is None:
        return any(line.strip() for line in field)
    value = (found["value"] or "").strip(" \"'[]{}") or len(field) > 1
    return bool(value) and found["name"].casefold() not in (*_TITLES, *_DATES, *_TAGS)
