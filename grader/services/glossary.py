"""The glossary in use: the term that a word stands for."""

from __future__ import annotations

from grader.course.model import Course, Term


def find_term(course: Course, words: str) -> Term | None:
    """Return the term that the words name, by any of its names, in the singular or plural."""
    wanted = _normalize(words)
    forms = {wanted, wanted.removesuffix("s"), wanted.removesuffix("es")}
    exact = [t for t in course.glossary if wanted in map(_normalize, list_names(t))]
    close = [t for t in course.glossary if forms & {*map(_normalize, list_names(t))}]
    return next(iter([*exact, *close]), None)


def list_names(term: Term) -> tuple[str, ...]:
    """Return the term and the other names that people use."""
    return (term.term, *term.also)


def _normalize(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in words.casefold()).split())
