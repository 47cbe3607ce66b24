"""A workspace of the real course in which a learner has been busy, for tests that look at it."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.source.claims import read_claims
from grader.grading.outcome import Attempt, Status
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.services.session import Session

REPO = Path(__file__).resolve().parents[2]
LAST = date(2026, 11, 22)
WIDE = "a_very_long_name_without_a_blank_" * 8

NOTE = f"""# A note with everything

## Words

A [link](second.md), **bold**, `code`, $x^2$, ~~gone~~ and a footnote[^1].

> [!question]- What is a query?
> What a position looks for.

> [!warning]
> A wide table comes.

| {WIDE} | b | c |
|--|--|--|
| 1 | 2 | {WIDE} |

- [x] done
- [ ] to do

```python
def f(x: int) -> int:  # a comment
    return x + 1.5 if x is not None else "text"
```

$$
{" + ".join(["x^{2}"] * 60)}
$$

[^1]: Here.
"""

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# A notebook\n\nWith $e^x$."},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 1,
            "source": "print(1)",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\n1\n"},
                {
                    "output_type": "error",
                    "ename": "ValueError",
                    "evalue": "no",
                    "traceback": ["\x1b[0;31mValueError\x1b[0m: no"],
                },
            ],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}


def lay(root: Path) -> Workspace:
    """The workspace: four exercises begun, a log of ten days, notes, settings."""
    for folder in ("curriculum", "solutions", "docs/assets"):
        shutil.copytree(REPO / folder, root / folder)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(REPO / name, root)
    for page in (REPO / "docs").glob("*.md"):
        shutil.copy(page, root / "docs")
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    own = Workspace(root)
    _grade(own)
    _write(own)
    return own


def _grade(own: Workspace) -> None:
    """Three passes, the second after a failure, and one exercise that is not passed yet."""
    records, session = Records(own.progress), Session.open(own)
    for number, exercise in enumerate(list(load(own).iterate_exercises())[:4]):
        names = [
            claim.name for claim in read_claims(own.locate_checks(exercise.id).read_text("utf-8"))
        ]
        ends: list[Status] = [["passed"], ["failed", "passed"], ["passed"], ["failed"]][number]  # type: ignore[assignment]
        for second, status in enumerate(ends):
            day = LAST - timedelta(days=9 - number)
            records.record(
                Attempt(
                    exercise=exercise.id,
                    verdict="passed" if status == "passed" else "failed",
                    checks=dict.fromkeys(names, status),
                    seed=1,
                    seconds=0.5,
                    file_hash="f" * 64,
                    checks_hash=session.hash_checks(exercise),
                    at=f"{day.isoformat()}T20:00:0{second}+00:00",
                    day=day.isoformat(),
                    hints=second,
                )
            )


def _write(own: Workspace) -> None:
    """A log, notes of each kind, and settings that let a share card be made."""
    journal = Journal(own.log)
    for number in range(10):
        journal.add(LAST - timedelta(days=number), f"Read about attention: `softmax`, $x_{number}$")
    journal.add(LAST, f"{WIDE}\n\n| a | b |\n|--|--|\n| {WIDE} | x |")
    own.notes.mkdir(parents=True)
    (own.notes / "everything.md").write_text(NOTE, "utf-8")
    (own.notes / "second.md").write_text("# A second one\n\nShort. [gone](nowhere.md)\n", "utf-8")
    (own.notes / "book.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")
    (own.notes / "broken.ipynb").write_text("{", "utf-8")
    own.settings.write_text('name = "Ada"\naddress = "https://example.org/llm"\n', "utf-8")
