"""Parses YAML into a tree of nodes with places: no types guessed, no shared nodes.

The tree is built from the parser's events, so that depth, aliases and tags are refused while
they are read and no text can make the reader run out of stack or memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from grader.course.loader.faults import TOP, FaultReport, Place, quote

DEEPEST = 12
"""Levels of nesting that a course file may have; real ones have five."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word, number or text as written; ``plain`` means without quotes."""

    text: str
    plain: bool
    line: int
    column: int

    @property
    def meaning(self) -> str:
        """The type that YAML 1.1 would give it: ``str``, ``int``, ``bool``, ``null``, ..."""
        if not self.plain:
            return "str"
        rules = yaml.SafeLoader.yaml_implicit_resolvers.get(self.text[:1], [])
        tags = (tag for tag, pattern in rules if pattern.match(self.text))
        return str(next(tags, "str")).rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping, in the order written; two pairs may have the same key."""

    pairs: tuple[tuple[Node, Node], ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A node that was refused and reported already."""

    line: int
    column: int


Node = Scalar | Items | Pairs | Broken


_DEEP = f"nested more than {DEEPEST} levels deep", "a course file needs five"


class _TooDeep(Exception):
    """Nested too deeply to go on; reported already."""


def compose(text: str, report: FaultReport) -> Node | None:
    """Return the one document in ``text``; report a fault and return None if there is none."""
    try:
        return _read_document(yaml.parse(text, Loader=_Loader), report)
    except _TooDeep:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        at = Place(mark.line + 1, mark.column + 1) if mark else TOP
        if "nesting depth" in problem:  # where the YAML library has a limit of its own
            report.add(at, *_DEEP)
            return None
        remedy = "fix the line or the one before it; text with ': ' or ' #' in it needs quotes"
        report.add(at, f"this is not YAML: {problem}", remedy)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an escape beyond Unicode's end
        report.add(TOP, f"this is not YAML: {error}", "fix the file")
    return None


def _read_document(events: Iterator[yaml.Event], report: FaultReport) -> Node | None:
    next(events)  # the stream's start
    if isinstance(next(events), yaml.StreamEndEvent):
        report.add(TOP, "the file is empty", "write it or restore it")
        return None
    node = _read_node(next(events), events, report, 0)
    next(events)  # the document's end
    if not isinstance(event := next(events), yaml.StreamEndEvent):
        report.add(
            _get_place(event), "a second document begins here", "keep one; delete the '---' line"
        )
    return node


def _read_node(
    event: yaml.Event, events: Iterator[yaml.Event], report: FaultReport, depth: int
) -> Node:
    at = _get_place(event)
    if isinstance(event, yaml.AliasEvent):
        report.add(at, f"an alias, *{event.anchor}", "write the value out")
        return Broken(at.line, at.column)
    _refuse_extras(event, at, report)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, event.style in (None, ""), at.line, at.column)
    if depth == DEEPEST:
        report.add(at, *_DEEP)
        raise _TooDeep
    children = []
    while not isinstance(child := next(events), yaml.CollectionEndEvent):
        children.append(_read_node(child, events, report, depth + 1))
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(tuple(children), at.line, at.column)
    return Pairs(tuple(zip(children[::2], children[1::2], strict=True)), at.line, at.column)


def _refuse_extras(event: yaml.Event, at: Place, report: FaultReport) -> None:
    if anchor := getattr(event, "anchor", None):
        report.add(at, f"an anchor, &{anchor}", "delete it and write each value out")
    if tag := getattr(event, "tag", None):
        report.add(at, f"a tag, {quote(tag)}", "delete it")


def _get_place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else TOP
