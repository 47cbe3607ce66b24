"""What the four kinds of course file hold, key by key; the one source of their schemas."""

from __future__ import annotations

import json
import keyword

from grader.course import KINDS
from grader.curriculum.shapes import Key, ListOf, Record
from grader.curriculum.words import Choice, Number, Text
from grader.workspace import Workspace

_KEYWORDS = "|".join(word for word in keyword.kwlist if word.islower())
_NAME = rf"(?!(?:{_KEYWORDS})\b)[a-z][a-z0-9_]{{0,39}}"
_PYTHON = r"[A-Za-z_][A-Za-z0-9_]*"

NAME = Text(_NAME, "use up to 40 of a-z, 0-9 and _, a letter first, and no Python keyword")
FULL = Text(f"{_NAME}/{_NAME}", "write unit/exercise, such as attention/softmax")
WRITTEN = Text(rf"{_PYTHON}(?:\.{_PYTHON})?", "write a function, a Class or a Class.method")
DOTTED = Text(rf"{_PYTHON}(?:\.{_PYTHON})+", "write the full name, such as torch.softmax")
LINK = Text(r"https://[^\s/]+\.[^\s]+", "write a full address that begins with https://")

OBJECTIVE = Record(
    {
        "id": Key(NAME, "a short name"),
        "text": Key(Text(), "what a learner can do at the end, in one sentence"),
    }
)
PHASE = Record(
    {
        "id": Key(NAME, "a short name"),
        "title": Key(Text(), "the phase's heading"),
        "weeks": Key(ListOf(Number(1, 520), count=2), "the planned pace, [fastest, slowest]"),
        "units": Key(ListOf(NAME), "the unit folders in the order of learning"),
    }
)
COURSE = Record(
    {
        "title": Key(Text(), "the course's name"),
        "objectives": Key(ListOf(OBJECTIVE), "what a learner can do at the end"),
        "phases": Key(ListOf(PHASE, least=1), "the phases in the order of learning"),
    }
)
RESOURCE = Record(
    {
        "id": Key(NAME, "a short name, such as vaswani2017"),
        "title": Key(Text(), "the work's title"),
        "kind": Key(Choice(KINDS), "what it is"),
        "url": Key(LINK, "where it is"),
        "authors": Key(Text(), "who wrote it", optional=True),
        "year": Key(Number(1600, 2100), "when it appeared", optional=True),
        "objectives": Key(ListOf(NAME), "objectives of course.yml", optional=True),
    }
)
RESOURCES = Record({"resources": Key(ListOf(RESOURCE), "the reading list")})
EXERCISE = Record(
    {
        "id": Key(NAME, "the stem of the exercise's files"),
        "title": Key(Text(), "the exercise's heading"),
        "summary": Key(Text(), "what is built, in one sentence"),
        "writes": Key(ListOf(WRITTEN, least=1), "the functions and methods to write"),
        "needs": Key(ListOf(FULL), "exercises to pass before, as unit/exercise", optional=True),
        "minutes": Key(Number(1, 10_000), "how long it takes a learner"),
        "objectives": Key(ListOf(NAME), "objectives of course.yml", optional=True),
        "resources": Key(ListOf(NAME), "what to read, from resources.yml", optional=True),
        "hints": Key(ListOf(Text(), count=3), "a question, the fact needed, the shape of the code"),
        "forbids": Key(
            ListOf(DOTTED), "library names that may not be used: torch.softmax", optional=True
        ),
        "call_seconds": Key(
            Number(0.1, 3600, fraction=True), "deadline of one question (5)", optional=True
        ),
        "seconds": Key(
            Number(0.1, 36_000, fraction=True), "deadline of all checks (60)", optional=True
        ),
        "memory_mb": Key(
            Number(1, 1_000_000), "what the code may allocate, in MiB (2048)", optional=True
        ),
    }
)
UNIT = Record(
    {
        "title": Key(Text(), "the unit's heading"),
        "summary": Key(Text(), "what the unit is about, in one sentence"),
        "exercises": Key(ListOf(EXERCISE, least=1), "the exercises in the order of learning"),
    }
)
SAME = Record(
    {
        "was": Key(Text(), "the reference's line before the change"),
        "becomes": Key(Text(), "the line after it"),
        "reason": Key(Text(), "why no check can notice it, in one sentence"),
    }
)
EQUIVALENT = Record({"equivalent": Key(ListOf(SAME, least=1), "changes that change nothing")})
MODELS = {
    "course": COURSE,
    "resources": RESOURCES,
    "unit": UNIT,
    "equivalent": EQUIVALENT,
}


def schemas() -> dict[str, str]:
    """The JSON Schema of each kind of course file, by file name, for editors."""
    return {f"{kind}.schema.json": _schema(kind, model) for kind, model in MODELS.items()}


def write_schemas(workspace: Workspace) -> None:
    """Write the schemas beside the course's files."""
    for name, text in schemas().items():
        (workspace.curriculum / name).write_text(text, "utf-8", newline="\n")


def _schema(kind: str, model: Record) -> str:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Groundwork {kind}",
    }
    return json.dumps(head | model.schema(), indent=2) + "\n"
