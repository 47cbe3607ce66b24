"""Finds the glossary's terms in a lesson: where each is first used, and which are linked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.course.model import Course, Term

_SKIPPED = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$"  # code, diagrams
    r"|`+[^`]+`+"
    r"|\$\$.+?\$\$|\$[^$\n]+\$"
    r"|^#+ [^\n]*$"
    r"|\[[^\]]*\]\([^)\s]*\)"  # links: their text is linked already
    r"|<https?://[^>\s]+>",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"\[[^\]]*\]\([^)\s]*glossary\.md#([a-z0-9-]+)\)")


@dataclass(frozen=True, slots=True)
class Use:
    """A term as a lesson first uses it."""

    term: Term
    start: int
    end: int
    """Where it stands in the lesson's text."""


def find_uses(text: str, terms: Sequence[Term]) -> list[Use]:
    """Return the first use of each term outside code, formulas, headings and links, in order.

    A term is found in any case, with a plural's ``s`` or ``es``, and by its other names.
    """
    blank = _SKIPPED.sub(lambda m: re.sub(r"[^\n]", "\0", m[0]), text)
    names = {name.lower(): term for term in terms for name in (term.term, *term.also)}
    if not names:
        return []
    found: dict[str, Use] = {}
    for match in _compile_names(names).finditer(blank):
        term = names[" ".join(match["name"].lower().split())]
        found.setdefault(term.term, Use(term, match.start(), match.end()))
    return sorted(found.values(), key=lambda use: use.start)


def _compile_names(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of all names, the longest first, over line ends too."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    parts = (r"\s+".join(map(re.escape, name.split())) for name in ordered)
    return re.compile(rf"(?<![\w-])(?P<name>{'|'.join(parts)})(?:e?s)?(?![\w-])", re.IGNORECASE)


def find_linked(text: str) -> set[str]:
    """Return the anchors of the glossary that a lesson links itself."""
    return set(_LINK.findall(text))


def find_early_uses(course: Course, lessons: dict[str, str]) -> Iterator[tuple[str, Use]]:
    """Yield each lesson's uses of terms that a later exercise explains and it does not link."""
    order = {exercise.id: number for number, exercise in enumerate(course.iterate_exercises())}
    for exercise, number in order.items():
        later = [t for t in course.glossary if t.taught and order[t.taught] > number]
        linked = find_linked(lessons.get(exercise, ""))
        for use in find_uses(lessons.get(exercise, ""), later):
            if use.term.anchor not in linked:
                yield exercise, use


def link_terms(text: str, terms: Sequence[Term], address: str) -> str:
    """Link each term's first use to the glossary, unless the lesson links it itself."""
    linked = find_linked(text)
    for use in reversed(find_uses(text, [t for t in terms if t.anchor not in linked])):
        name = text[use.start : use.end]
        text = f"{text[: use.start]}[{name}]({address}#{use.term.anchor}){text[use.end :]}"
    return text
