"""Lessons taken apart: diagrams, the snippet, and the first use of the glossary's terms."""

from __future__ import annotations

from pathlib import Path

from grader.course.lessons.diagrams.diagram import Diagram
from grader.course.lessons.lesson import Prose, read_lesson
from grader.course.lessons.terms import find_early_uses, find_uses, link_terms
from grader.course.model import Course, Exercise, Phase, Term, Unit

LESSON = """# Title

Before.

```diagram
draw: grids
words: One cell.
grids: [{cells: a}]
```

After.

## See it break

Look:

```python
print(1)
```

```text
1
```

## To read
"""
TERMS = (
    Term("softmax", "Probabilities.", "u/one"),
    Term("KV cache", "Keys and values.", "u/two", ("key-value cache",)),
    Term("query", "A vector.", "u/two"),
    Term("tensor", "Numbers."),
)


def test_a_lesson_is_taken_apart_in_order() -> None:
    """Prose and diagrams come in the lesson's order, each with its line, and the snippet too."""
    lesson = read_lesson(LESSON, Path("lesson.md"))
    kinds = [type(piece) for piece in lesson.pieces]
    assert kinds == [Prose, Diagram, Prose] and lesson.faults == ()
    assert lesson.diagrams[0].line == 5 and lesson.diagrams[0].words == "One cell."
    assert lesson.snippet is not None
    assert (lesson.snippet.code, lesson.snippet.output) == ("print(1)\n", "1\n")


def test_a_fault_in_a_diagram_has_the_lessons_line() -> None:
    """The line that a fault names is the line of the lesson, not of the block."""
    broken = LESSON.replace("grids: [{cells: a}]", "grids: [{cell: a}]")
    lesson = read_lesson(broken, Path("lesson.md"))
    assert lesson.diagrams == ()
    assert {fault.line for fault in lesson.faults} == {8}


def test_a_snippet_without_output_is_a_fault() -> None:
    """ "See it break" holds lines and below them what they print."""
    without = LESSON.replace("```text\n1\n```\n", "")
    lesson = read_lesson(without, Path("lesson.md"))
    assert lesson.snippet is None and "output" in str(lesson.faults[0])


def test_terms_are_found_in_prose_alone() -> None:
    """Code, formulas, headings and links hold no uses; case and other names hide none."""
    text = (
        "# Softmax\n\n`softmax` and $softmax$ and [softmax](x.md)\n\n```python\nsoftmax\n```\n\n"
        "The key-value\ncache, two Queries; a softmaxed tensor."
    )
    found = [(use.term.term, text[use.start : use.end]) for use in find_uses(text, TERMS)]
    assert found == [("KV cache", "key-value\ncache"), ("tensor", "tensor")]
    assert [u.term.term for u in find_uses("Three querys, SOFTMAX", TERMS)] == ["query", "softmax"]


def test_first_uses_are_linked_once() -> None:
    """The first use of each term is linked, later ones and those that the lesson links are not."""
    text = "Softmax, softmax. The [cache](../../glossary.md#kv-cache) is a KV cache."
    linked = link_terms(text, TERMS, "../../glossary.md")
    assert linked == (
        "[Softmax](../../glossary.md#softmax), softmax. "
        "The [cache](../../glossary.md#kv-cache) is a KV cache."
    )


def test_a_term_before_its_lesson_is_found_unless_linked() -> None:
    """A lesson that uses what a later one explains has to link it; the later one need not."""
    exercises = tuple(Exercise(f"u/{n}", n, "s", ("f",), 5, ()) for n in ("one", "two"))
    course = Course(
        "c", (Phase("p", "P", (1, 2), (Unit("u", "U", "s", exercises),)),), (), (), TERMS
    )
    lessons = {"u/one": "A softmax and a query.", "u/two": "A query, a KV cache."}
    early = [(exercise, use.term.term) for exercise, use in find_early_uses(course, lessons)]
    assert early == [("u/one", "query")]
    lessons["u/one"] = "A softmax and a [query](../../glossary.md#query)."
    assert list(find_early_uses(course, lessons)) == []
