"""The gate's questions to a lesson: a diagram, lines that run as printed, terms in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.lessons import check_lesson
from grader.authoring.snippets import is_same_output, run_snippet

GOOD = """# Title

```diagram
draw: grids
words: One cell.
grids: [{cells: a}]
```

## See it break

```python
import math

x = 2.0
y = math.sqrt(x)
print(round(y, 4))
```

```text
1.4142
```
"""


def faults(text: str) -> list[str]:
    """What the gate says of a lesson."""
    return [str(fault) for fault in check_lesson(text, Path("lesson.md"))]


def test_a_sound_lesson_has_no_faults() -> None:
    """A diagram and a snippet that prints what it says are all that is asked here."""
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.4142\n", "1.5142\n", "prints something else: '1.4142'"),
        ("x = 2.0\n", "x = 1 / 0\n", "ZeroDivisionError"),
        ("x = 2.0\ny = math.sqrt(x)\n", "", "1 lines beside imports"),
        ("## See it break", "## Another", 'no section "See it break"'),
        ("cells: a}", f"cells: {'x' * 90}" + "}", "units wide"),
        ("grids: [{cells: a}]", "grids: []", "lesson.md:6"),
    ],
)
def test_each_shortfall_is_told(old: str, new: str, says: str) -> None:
    """Other output, an error, too few lines, no section, too wide, no diagram: each is named."""
    assert old in GOOD
    assert any(says in fault for fault in faults(GOOD.replace(old, new)))


def test_numbers_are_compared_as_numbers() -> None:
    """A last digit may differ; words, signs and counts of numbers may not."""
    assert is_same_output("tensor([0.1234,  nan])", "tensor([0.1229, nan])")
    assert is_same_output("12345.0", "12346.0")
    assert not is_same_output("tensor([0.1234, inf])", "tensor([0.1229, nan])")
    assert not is_same_output("0.12", "-0.12")
    assert not is_same_output("1 2", "1 2 3")


def test_an_error_shows_as_its_last_line() -> None:
    """What a snippet prints is followed by its error, as a learner sees it at the end."""
    assert run_snippet("print(1)\nraise ValueError('no')") == "1\nValueError: no"


def test_a_snippet_that_does_not_end_is_ended() -> None:
    """A loop without an end is stopped after the deadline and said to have printed nothing."""
    assert run_snippet("while True: pass", seconds=0.5) == "(no end after 0.5 seconds)"
