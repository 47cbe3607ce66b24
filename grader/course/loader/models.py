"""The keys of the four kinds of course file; their JSON Schemas are built from these."""

from __future__ import annotations

import json
import keyword

from grader.base.paths import Workspace
from grader.course.loader.scalars import Choice, Number, Text
from grader.course.loader.schema import Key, ListOf, Record, TextOrRecord
from grader.course.model import KINDS

_KEYWORDS = "|".join(word for word in keyword.kwlist if word.islower())
_NAME = rf"(?!(?:{_KEYWORDS})\b)[a-z][a-z0-9_]{{0,39}}"
_PYTHON = r"[A-Za-z_][A-Za-z0-9_]*"

NAME = Text(_NAME, "use up to 40 of a-z, 0-9 and _, a letter first, and no Python keyword")
FULL = Text(f"{_NAME}/{_NAME}", "write unit/exercise, such as attention/softmax")
WRITTEN = Text(rf"{_PYTHON}(?:\.{_PYTHON})?", "write a function, a Class or a Class.method")
CHECK = Text(r"test_[a-z0-9_]+", "write a check's name, such as test_every_row_sums_to_one")
DOTTED = Text(
    rf"{_PYTHON}(?:\.{_PYTHON})+|{_PYTHON}(?:\.{_PYTHON})*\.\*|\.{_PYTHON}|{_PYTHON}\(\.\.\.\)",
    "write a full name (torch.softmax), a package (torch.fft.*, torch.*), an attribute (.encode) "
    "or a call with more than one argument (str(...))",
)
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
        "weeks": Key(
            ListOf(Number(1, 520), count=2),
            "how many weeks it is estimated to take, [fastest, slowest]",
        ),
        "units": Key(ListOf(NAME), "the unit folders in the order of learning"),
    }
)
TRAINED_MODEL = Record(
    {
        "id": Key(NAME, "what grade milestone --model takes"),
        "exercises": Key(ListOf(FULL, least=1), "exercises that only this kind runs on"),
    }
)
MILESTONE = Record(
    {
        "id": Key(NAME, "a short name"),
        "title": Key(Text(), "its heading, a short sentence such as It speaks"),
        "text": Key(Text(), "what a learner has then, in a sentence or two"),
        "needs": Key(ListOf(FULL, least=1), "exercises to pass before, as unit/exercise"),
        "models": Key(
            ListOf(TRAINED_MODEL, least=1),
            "the kinds of model that it trains, the usual one first; without them it trains none",
            optional=True,
        ),
        "talk": Key(
            Choice(("chat",)), "what grade talk --model ID does with its model", optional=True
        ),
    }
)
STEP = TextOrRecord(
    Text(FULL.pattern, "write unit/exercise, or milestone: and its id"),
    Record({"milestone": Key(NAME, "the id of a milestone")}),
)
COURSE = Record(
    {
        "title": Key(Text(), "the course's name"),
        "summary": Key(Text(), "what the course is, in one sentence", optional=True),
        "goal": Key(Text(), "what a learner has built at the end, in a sentence", optional=True),
        "objectives": Key(ListOf(OBJECTIVE), "what a learner can do at the end"),
        "phases": Key(ListOf(PHASE, least=1), "the phases in the order of learning"),
        "milestones": Key(ListOf(MILESTONE), "what a learner has on the way", optional=True),
        "spine": Key(
            ListOf(STEP, least=1),
            "the main path: exercises and milestones in order; the other exercises are optional",
            optional=True,
        ),
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
TERM = Record(
    {
        "term": Key(Text(), "the term, as papers and PyTorch have it"),
        "text": Key(Text(), "what it means, in one or two sentences"),
        "taught": Key(FULL, "the exercise whose lesson explains it", optional=True),
        "also": Key(ListOf(Text()), "other names that people use", optional=True),
    }
)
GLOSSARY = Record({"terms": Key(ListOf(TERM, least=1), "the terms, in alphabetical order")})
CHECK_HINT = Record(
    {
        "checks": Key(ListOf(CHECK, least=1), "names of checks in the exercise's check file"),
        "text": Key(Text(), "the hint for who fails one of them"),
    }
)
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
        "check_hints": Key(
            ListOf(CHECK_HINT), "hints for failed checks, in place of the first", optional=True
        ),
        "forbids": Key(
            ListOf(DOTTED),
            "what may not be used: torch.softmax, torch.fft.*, .encode, str(...)",
            optional=True,
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
        "expected_seconds": Key(
            Number(0.1, 36_000, fraction=True),
            "how long a right answer takes (2); the learner is told before",
            optional=True,
        ),
    }
)
QUOTED = Text(
    r"""[^"$`\\!\n]+""",
    "write one line without double quotes, $, `, \\ and !: a shell gets it in double quotes",
)
FINISH = Record(
    {
        "text": Key(Text(), "what the learner has now, in a sentence or two"),
        "example": Key(QUOTED, 'an input for the demo: grade try UNIT "..."'),
        "log": Key(QUOTED, "the line that is proposed for the log"),
    }
)
UNIT = Record(
    {
        "title": Key(Text(), "the unit's heading"),
        "summary": Key(Text(), "what the unit is about, in one sentence"),
        "finish": Key(FINISH, "what is announced at the end; needs demo.py", optional=True),
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
    "glossary": GLOSSARY,
    "unit": UNIT,
    "equivalent": EQUIVALENT,
}


def build_schemas() -> dict[str, str]:
    """Return the JSON Schema of each kind of course file by file name, for editors."""
    return {f"{kind}.schema.json": _dump_schema(kind, model) for kind, model in MODELS.items()}


def write_schemas(workspace: Workspace) -> None:
    """Write the schemas beside the course's files."""
    for name, text in build_schemas().items():
        (workspace.curriculum / name).write_text(text, "utf-8", newline="\n")


def _dump_schema(kind: str, model: Record) -> str:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Groundwork {kind}",
    }
    return json.dumps(head | model.build_schema(), indent=2) + "\n"
