"""A journal's Markdown as headings and blocks in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from markdown_it.token import Token

from grader.learner.importer.text.blocks import LISTS, Block, build_block, split_runs
from grader.learner.importer.text.day_lines import split_lines
from grader.learner.importer.text.journal_front_matter import is_front_matter
from grader.learner.importer.text.pieces import Heading
from grader.learner.importer.text.tokens import extract_words, parse

BOLD, COLON = 7, 8
"""The levels of a line in bold, and of a line that ends in a colon, that serve as headings."""

_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*_\n].{0,98}?)\1:?")
_COLON = re.compile(r"[^|\n]{1,60}:")
_FRONT = re.compile(
    r"\A(?:---[ \t]*\n(?P<inside>(?:.*\n)*?)(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n(?P<toml>(?:.*\n)*?)\+\+\+)[ \t]*(?:\n|\Z)"
)
"""YAML, or TOML as Hugo has it."""
_FOOTNOTE = re.compile(r" {0,3}\[(\^[^\]]+)\]:")


@dataclass(frozen=True, slots=True)
class Document:
    """A journal's headings and blocks in order."""

    parts: tuple[Heading | Block, ...]
    paths: tuple[tuple[Heading, ...], ...]
    """For each part the headings that it stands below, outermost first."""
    front: str = ""
    """The lines between ``---`` at the top."""
    definitions: dict[str, str] = field(default_factory=dict)
    """The lines that define links and footnotes, by their labels."""
    lines: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()
    """The lines that are rules, such as ``---``."""
    repeated: tuple[int, ...] = ()
    """The lines of definitions whose label is defined before; Markdown does not use them."""

    @property
    def headings(self) -> Iterator[Heading]:
        """Return the headings in order."""
        return (part for part in self.parts if isinstance(part, Heading))

    def find_line(self, text: str) -> int:
        """Return the line where a text of one or more whole lines begins; 1 where it is none."""
        first = text.split("\n", 1)[0]
        return self.lines.index(first) + 1 if first in self.lines else 1


def parse_document(text: str) -> Document:
    """Parse a journal into headings and blocks."""
    front = _FRONT.match(text)
    inside = (front["inside"] or front["toml"] or "") if front else ""
    if inside.strip() and not is_front_matter(inside):
        front, inside = None, ""
    if front:  # blank lines take the place of the front matter, so that line numbers stay right
        text = "\n" * front[0].count("\n") + text[front.end() :]
    environment: dict[str, Any] = {}
    tokens = parse(text, environment)
    lines = text.split("\n")
    definitions = _read_definitions(lines, environment)
    runs = list(split_runs(tokens))
    parts = tuple(_build_parts(runs, lines, definitions))
    rules = tuple(run[0].map[0] + 1 for run in runs if run[0].type == "hr" and run[0].map)
    repeated = tuple(known["map"][0] + 1 for known in environment.get("duplicate_refs", ()))
    paths = tuple(_list_paths(parts))
    return Document(parts, paths, inside, definitions, tuple(lines), rules, repeated)


def _read_definitions(lines: list[str], environment: dict[str, Any]) -> dict[str, str]:
    definitions = {}
    for label, known in environment.get("references", {}).items():
        start, end = known["map"]
        definitions[label.casefold()] = "\n".join(lines[start:end])
    return definitions


def _build_parts(
    runs: list[list[Token]], lines: list[str], definitions: dict[str, str]
) -> Iterator[Heading | Block]:
    """Yield each heading and block; footnotes go to ``definitions`` instead."""
    path: list[Heading] = []
    numbers = count()
    for place, run in enumerate(runs):
        after = runs[place + 1] if place + 1 < len(runs) else []
        for part in _read_run(run, after, lines):
            if isinstance(part, Heading):
                path = [other for other in path if other.level < part.level] + [part]
                yield part
                continue
            block = build_block(run, next(numbers), lines, tuple(path), part)
            if block and (footnote := _FOOTNOTE.match(block.pieces[0].text)):
                definitions[footnote[1].casefold()] = block.pieces[0].text
            elif block:
                yield block


def _read_run(
    run: list[Token], after: list[Token], lines: list[str]
) -> list[Heading | tuple[int, int]]:
    """Return what one run of tokens holds: a heading, or spans of lines between day's headings."""
    heading = _read_heading(run, after, lines)
    if heading is not None and heading.level < COLON:
        return [heading]
    if run[0].map is None or run[0].type not in ("paragraph_open", "html_block"):
        return [heading or (0, 0)]
    start, end = run[0].map
    parts = list(split_lines(lines[start:end], start, run[0].type))
    return parts if any(isinstance(part, Heading) for part in parts) else [heading or (0, 0)]


def _list_paths(parts: tuple[Heading | Block, ...]) -> Iterator[tuple[Heading, ...]]:
    path: tuple[Heading, ...] = ()
    for part in parts:
        if isinstance(part, Heading):
            path = tuple(other for other in path if other.level < part.level)
            yield path
            path = (*path, part)
        else:
            yield part.above


def _read_heading(run: list[Token], after: list[Token], lines: list[str]) -> Heading | None:
    """Return the heading that this run is, or None.

    Many journals have no real headings: a paragraph that is one bold phrase serves as one, and so
    does a line with a colon at its end directly before a list or a table.
    """
    first = run[0]
    if first.map is None:
        return None
    start, end = first.map
    text = "\n".join(lines[start:end]).strip()
    if first.type == "heading_open":
        return Heading(int(first.tag[1]), extract_words(run[1]), text, start + 1)
    if first.type != "paragraph_open":
        return None
    if (bold := _BOLD.fullmatch(text)) and "**" not in bold["words"]:
        return Heading(BOLD, extract_words(run[1]).rstrip(":"), text, start + 1)
    if after and after[0].type in (*LISTS, "table_open") and _COLON.fullmatch(text):
        return Heading(COLON, extract_words(run[1]).rstrip(":"), text, start + 1)
    return None
