"""A sound exercise in a course of its own, ways to spoil it, and one gate run over them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.authoring import check, write_stubs
from grader.base.errors import Fault
from grader.base.paths import Workspace
from grader.grading.client import Engine, Run
from grader.grading.protocol.plan import Plan
from grader.services.session import Session

REFERENCE = '''\
"""Twice."""

import torch


def twice(x: torch.Tensor) -> torch.Tensor:
    """Double each number.

    >>> twice(torch.tensor([1.0]))
    tensor([2.])
    """
    if isinstance(x, str):
        raise ValueError("a word is no number")
    return x + x
'''

CHECKS = '''\
"""What is asked of twice."""

import pytest
import torch

from grader.checks import close, equal


def test_one_and_two_become_two_and_four(twice):
    """1 and 2 become 2 and 4."""
    equal(twice(torch.tensor([1.0, 2.0])), torch.tensor([2.0, 4.0]))


def test_a_matrix_is_doubled(twice, randn):
    """Each entry is doubled."""
    x = randn(2, 3)
    close(twice(x), x + x)


def test_zero_stays_zero(twice):
    """Twice 0 is 0."""
    equal(twice(torch.zeros(2)), torch.zeros(2))


def test_a_negative_number_is_doubled(twice):
    """-1 becomes -2."""
    equal(twice(torch.tensor([-1.0])), torch.tensor([-2.0]))


def test_the_numbers_stay_as_they_were(twice):
    """What went in is not changed."""
    x = torch.ones(3)
    twice(x)
    equal(x, torch.ones(3))


def test_a_word_is_refused(twice):
    """A word raises ValueError."""
    with pytest.raises(ValueError):
        twice("word")
'''

MISTAKES = '''\
"""What goes wrong with twice."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_one_and_two_become_two_and_four")
def squares():
    """the square in place of the double"""

    def twice(x):
        if isinstance(x, str):
            raise ValueError
        return x * x


@caught_by("test_zero_stays_zero")
def one_too_many():
    """the double and one"""

    def twice(x):
        if isinstance(x, str):
            raise ValueError
        return x * 2 + 1


@caught_by("test_a_negative_number_is_doubled")
def no_sign():
    """the double without its sign"""

    def twice(x):
        if isinstance(x, str):
            raise ValueError
        return x.abs() * 2


@caught_by("test_the_numbers_stay_as_they_were")
def in_place():
    """the caller's numbers doubled in place"""

    def twice(x):
        if isinstance(x, str):
            raise ValueError
        x *= 2
        return x


@caught_by("test_a_word_is_refused")
def words_too():
    """words are doubled as well"""

    def twice(x):
        return x * 2


@caught_by("test_one_and_two_become_two_and_four")
def thrice():
    """three times the number"""
    edit("return x + x", "return x + x + x")


@caught_by("test_one_and_two_become_two_and_four")
def four_times():
    """the double of the double"""
    edit("return x + x", "return 4 * x")


@caught_by("test_one_and_two_become_two_and_four")
def half_off():
    """a half too much or too little"""
    with spelling():
        edit("return x + x", "return x + x + 0.5")
    with spelling():
        edit("return x + x", "return x + x - 0.5")
'''

LESSON = f"""\
# Twice

## The idea

{"The double of a number is that number and itself once more. " * 25}

```diagram
draw: grids
words: Two cells, each with the number.
grids: [{{cells: x x}}]
```

## The formula

$$y = x + x$$

## See it break

```python
number = 3
once = number
print(once)
```

```text
3
```

## To read

- Euclid, [Elements](https://www.example.org/elements), book 7.
"""

ENTRY = """\
  - id: {name}
    title: Twice
    summary: Double a number.
    writes: [twice]
    minutes: 5
    call_seconds: 1
    hints:
      - What is a number and itself?
      - The sum of the two.
      - One line.
"""


class Small:
    """A course of one unit, ``demo``, whose exercises are sound until they are spoiled."""

    def __init__(self, root: Path, *names: str) -> None:
        self.workspace, self.names = Workspace(root), names
        course = self.workspace.curriculum
        (course / "demo").mkdir(parents=True)
        phase = "{id: first, title: First, weeks: [1, 2], units: [demo]}"
        text = f"title: Small\nobjectives: []\nphases:\n  - {phase}\n"
        self.workspace.course_file.write_text(text, "utf-8")
        self.workspace.resources_file.write_text("resources: []\n", "utf-8")
        entries = "".join(ENTRY.format(name=name) for name in names)
        head = "title: Demo\nsummary: Small exercises.\nexercises:\n"
        self.workspace.locate_unit_file("demo").write_text(head + entries, "utf-8")
        for name in names:
            for of, text in [
                (self.workspace.locate_reference, REFERENCE),
                (self.workspace.locate_checks, CHECKS),
                (self.workspace.locate_mistakes, MISTAKES),
                (self.workspace.locate_lesson, LESSON),
            ]:
                path = of(f"demo/{name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")

    def part(self, name: str, part: str) -> Path:
        """The file of an exercise's part."""
        of: Callable[[str], Path] = getattr(self.workspace, f"locate_{part}")
        return of(f"demo/{name}")

    def edit(self, name: str, part: str, old: str, new: str) -> None:
        """Replace a piece of text, which has to be there."""
        self.replace(self.part(name, part), old, new)

    def replace(self, path: Path, old: str, new: str) -> None:
        """Replace a piece of a file, which has to be there."""
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def line(self, path: Path, text: str) -> int:
        """The first line of a file that holds a text."""
        lines = path.read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def open_session(self) -> Session:
        """The course, opened."""
        return Session.open(self.workspace)

    def stubs(self) -> None:
        """Write the stubs and the schemas."""
        write_stubs(self.open_session())


class Counted(Engine):
    """An engine that keeps the plans of its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: list[Plan] = []

    @contextmanager
    def run(self, plan: Plan) -> Iterator[Run]:
        """Run it, and keep it."""
        self.plans.append(plan)
        with super().run(plan) as conducted:
            yield conducted


@pytest.fixture
def counted() -> Iterator[Counted]:
    """An engine that counts."""
    with Counted() as engine:
        yield engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A course with one sound exercise, ``twice``, and its stub."""
    course = Small(tmp_path, "twice")
    course.stubs()
    return course


Begin = Callable[..., Small]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """``begin("one", "two")``: a course with these sound exercises and no stubs."""
    return lambda *names: Small(tmp_path, *names)


class Spoiled:
    """A course of exercises that are each spoiled in one way, and what the gate said."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.small = Small(root, *SPOILT)
        for name, spoil in SPOILT.items():
            spoil(self.small, name)
        self.small.stubs()
        self.small.edit("old_stub", "stub", "Double each", "Double every")
        self.told: list[str] = []
        session = self.small.open_session()
        exercises = list(session.course.iterate_exercises())
        self.faults = check(session, engine, exercises, self.told.append, cached=False)

    def of(self, name: str) -> list[tuple[str, int, str]]:
        """The faults of one exercise: part, line and problem."""
        parts = ("lesson", "checks", "mistakes", "reference", "stub")
        paths = {self._shown(self.small.part(name, part)): part for part in parts}
        return [(paths[f.path], f.line, f.problem) for f in self.faults if f.path in paths]

    def elsewhere(self) -> list[Fault]:
        """The faults of files that several exercises share."""
        mine = {self._shown(self.small.part(n, p)) for n in SPOILT for p in _PARTS}
        return [fault for fault in self.faults if fault.path not in mine]

    def line(self, name: str, part: str, text: str) -> int:
        """The first line of a part that holds a text."""
        return self.small.line(self.small.part(name, part), text)

    def _shown(self, path: Path) -> Path:
        return Path(self.small.workspace.show_path(path))


_PARTS = ("lesson", "checks", "mistakes", "reference", "stub")


@pytest.fixture(scope="session")
def spoiled(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Spoiled:
    """Every way to spoil an exercise, proved in one run of the gate."""
    return Spoiled(tmp_path_factory.mktemp("spoiled"), engine)


def _sound(small: Small, name: str) -> None:
    """Nothing is wrong with this one."""


def _old_stub(small: Small, name: str) -> None:
    """Its stub is edited once it is written."""


def _untidy(small: Small, name: str) -> None:
    """All that can be seen without running anything."""
    unit = small.workspace.locate_unit_file("demo")
    head, found, tail = unit.read_text("utf-8").partition(f"id: {name}\n")
    named = "    check_hints: [{checks: [test_gone], text: A hint for no check.}]\n"
    tail = tail.replace("      - The sum of the two.\n", f"      - {'word ' * 61}\n", 1)
    tail = tail.replace("    hints:\n", f"{named}    hints:\n", 1)
    unit.write_text(head + found + tail, "utf-8")
    small.part(name, "lesson").write_text("Twice.\n\n## To read\n\nEuclid.\n", "utf-8")
    small.edit(name, "checks", '"""Twice 0 is 0."""', '"""Twice 0 is 0. So it stays."""')
    small.edit(name, "checks", "test_a_matrix_is_doubled", "test_matrix")
    helper = "    return _sum(x)\n\n\ndef _sum(x):\n    return x + x\n"
    small.edit(name, "reference", "    return x + x\n", helper)
    small.edit(name, "mistakes", 'by("test_a_word_is_refused")', 'by("test_words")')


def _few(small: Small, name: str) -> None:
    """Five checks and six mistakes."""
    _drop(small, name, "checks", "def test_a_negative", "\n\ndef ")
    _drop(small, name, "mistakes", '@caught_by("test_a_negative', "\n\n@")
    _drop(small, name, "mistakes", '@caught_by("test_one', "\n\n@")


def _drop(small: Small, name: str, part: str, start: str, end: str) -> None:
    path = small.part(name, part)
    head, found, tail = path.read_text("utf-8").partition(start)
    assert found
    path.write_text(head + tail.partition(end)[1].strip("\n") + tail.partition(end)[2], "utf-8")


def _stub_passes(small: Small, name: str) -> None:
    """NotImplementedError is a RuntimeError, so the check takes it for the one it asks for."""
    small.edit(name, "checks", "raises(ValueError)", "raises(RuntimeError)")
    small.edit(name, "reference", "raise ValueError", "raise RuntimeError")
    small.edit(name, "mistakes", "raise ValueError", "raise RuntimeError")


def _stub_hidden(small: Small, name: str) -> None:
    """A check that turns every error into one of its own."""
    old = '        twice("word")\n'
    new = '        try:\n            twice("word")\n        except NotImplementedError:\n'
    new += '            equal("unwritten", "refused")\n'
    small.edit(name, "checks", old, new)


def _wrong_check(small: Small, name: str) -> None:
    """The reference fails a check."""
    small.edit(name, "checks", "equal(twice(torch.zeros(2)), torch.zeros(2))", "equal(1, 2)")


def _broken_check(small: Small, name: str) -> None:
    """A check that fails by itself."""
    small.edit(name, "checks", "equal(twice(torch.zeros(2)), torch.zeros(2))", '{}["key"]')


def _no_example(small: Small, name: str) -> None:
    small.edit(
        name, "reference", "    >>> twice(torch.tensor([1.0]))\n    tensor([2.])\n", "    -\n"
    )


def _false_example(small: Small, name: str) -> None:
    small.edit(name, "reference", "tensor([2.])", "tensor([3.])")


def _uncaught(small: Small, name: str) -> None:
    """The check that the author names does not catch it."""
    small.edit(name, "mistakes", 'by("test_zero_stays_zero")', 'by("test_a_word_is_refused")')


def _right(small: Small, name: str) -> None:
    """A mistake that is none, and so a check that nothing fails."""
    small.edit(name, "mistakes", "        return x.abs() * 2", "        return x * 2")
    extra = '\n\ndef test_a_large_number_is_doubled(twice):\n    """1e6 becomes 2e6."""\n'
    extra += "    holds(float(twice(torch.tensor([1e6]))[0]) > 1e6, 'larger')\n"
    small.edit(name, "checks", "import close, equal", "import close, equal, holds")
    small.part(name, "checks").write_text(small.part(name, "checks").read_text() + extra, "utf-8")


def _alike(small: Small, name: str) -> None:
    """Two mistakes that nobody can tell apart."""
    small.edit(name, "mistakes", "return x.abs() * 2", "return x + x + 1")


def _edits_that_do_not_apply(small: Small, name: str) -> None:
    """Four edits: of text that is gone, of text that is there twice, idle, and broken."""
    small.edit(name, "mistakes", 'edit("return x + x", "return x + x + x")', 'edit("x * 2", "x")')
    small.edit(name, "mistakes", 'edit("return x + x", "return 4 * x")', 'edit("x", "y")')
    small.edit(name, "mistakes", '"return x + x + 0.5"', '"return x + x"')
    small.edit(name, "mistakes", '"return x + x - 0.5"', '"return x +"')


def _spellings(small: Small, name: str) -> None:
    """A spelling that the named check does not catch, and one that looks like a mistake."""
    small.edit(name, "mistakes", "return x + x + 0.5", "return x + x + x")
    small.edit(name, "mistakes", "return x + x - 0.5", "return x + x * (x.dim() < 2)")


def _endless(small: Small, name: str) -> None:
    """A mistake that never answers."""
    old = "    def twice(x):\n        return x * 2\n"
    loop = "        while isinstance(x, str):\n            pass\n"
    new = f"    def twice(x):\n{loop}        return x * 2\n"
    small.edit(name, "mistakes", old, new)


DAWDLES = """

@caught_by("test_it_keeps_pace_with_the_reference")
def dawdles():
    \"""the double after a long count\"""

    def twice(x):
        sum(range(10**6))
        if isinstance(x, str):
            raise ValueError
        return x * 2
"""
PACED = """

def test_it_keeps_pace_with_the_reference(twice, reference, pace):
    \"""It takes at most 20 times as long as the reference.\"""
    ratio = pace(twice, reference("twice"), lambda: (torch.ones(3),))
    holds(ratio < 20, "it takes too long")
"""


def _slow(small: Small, name: str) -> None:
    """A mistake that is only slow, and the check that measures it."""
    small.edit(name, "checks", "import close, equal", "import close, equal, holds")
    for part, more in [("checks", PACED), ("mistakes", DAWDLES)]:
        path = small.part(name, part)
        path.write_text(path.read_text("utf-8") + more, "utf-8")


def _slow_and_mute(small: Small, name: str) -> None:
    """A mistake that is slow, and does not answer another check at all."""
    _slow(small, name)
    count = "        sum(range(10**6))\n"
    small.edit(
        name, "mistakes", count, f"{count}        while isinstance(x, str):\n            pass\n"
    )


def _measured_two_ways(small: Small, name: str) -> None:
    """A check of the pace that says two things of a mistake which is about something else."""
    _slow(small, name)
    aliased = "    x = torch.zeros(2)\n    y = twice(x)\n    x += 1\n    equal(y, torch.zeros(2))\n"
    path = small.part(name, "checks")
    path.write_text(path.read_text("utf-8") + aliased, "utf-8")


def _two_ways(small: Small, name: str) -> None:
    """A check that sees aliasing, which only one process can show."""
    old = "    equal(twice(torch.zeros(2)), torch.zeros(2))\n"
    new = "    x = torch.zeros(2)\n    y = twice(x)\n    x += 1\n    equal(y, torch.zeros(2))\n"
    small.edit(name, "checks", old, new)


def _unasked(small: Small, name: str) -> None:
    """A function to write that no check asks for."""
    more = '\n\ndef half(x: torch.Tensor) -> torch.Tensor:\n    """Halve it."""\n    return x / 2\n'
    path = small.part(name, "reference")
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    _add_to_writes(small, name, "half")


COUNT = '''

def count(reward, path, steps):
    """Count steps in a file, and go on where it ends."""
    from pathlib import Path

    file = Path(path)
    done = int(file.read_text()) if file.exists() else 0
    while done < steps:
        reward([0])
        done += 1
        file.write_text(str(done))
    return done
'''
KILLED = '''

def test_a_count_goes_on_after_a_kill(count, prop, killed, tmp_path):
    """A count whose process was killed goes on where it was."""
    path, reward = str(tmp_path / "done"), prop("Reward", [1.0])
    killed(count, reward, path, 9, at=(reward, 4))
    reward = prop("Reward", [1.0])
    equal(count(reward, path, 9), 9)
    equal(reward.calls, 6)
'''
ANEW = '''

@caught_by("test_a_count_goes_on_after_a_kill")
def counts_anew():
    """a count that begins anew after a kill"""
    edit("int(file.read_text()) if file.exists() else 0", "0")
'''


def _killed(small: Small, name: str) -> None:
    """A mistake that shows only after its process was killed."""
    for part, more in [("reference", COUNT), ("checks", KILLED), ("mistakes", ANEW)]:
        path = small.part(name, part)
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    _add_to_writes(small, name, "count")


LONG = '''

def test_a_thousand_numbers_are_doubled(twice, long_run):
    """Many numbers are doubled."""
    x = torch.arange(1000.0)
    equal(twice(x), x + x)
'''
ONLY_SMALL = '''

@caught_by("test_a_thousand_numbers_are_doubled")
def only_small():
    """large numbers left as they are"""
    edit("return x + x", "return x + x.clamp(max=500)")
'''


def _long_run(small: Small, name: str) -> None:
    """A mistake that shows only in a check that waits for all others."""
    for part, more in [("checks", LONG), ("mistakes", ONLY_SMALL)]:
        path = small.part(name, part)
        path.write_text(path.read_text("utf-8") + more, "utf-8")


def _add_to_writes(small: Small, name: str, function: str) -> None:
    unit = small.workspace.locate_unit_file("demo")
    head, found, tail = unit.read_text("utf-8").partition(f"id: {name}\n")
    tail = tail.replace("[twice]", f"[twice, {function}]", 1)
    unit.write_text(head + found + tail, "utf-8")


def _unreadable(small: Small, name: str) -> None:
    """A mistakes file that is not Python."""
    small.edit(name, "mistakes", "return x * x", "return x *")


SPOILT: dict[str, Callable[[Small, str], None]] = {
    "sound": _sound,
    "old_stub": _old_stub,
    "untidy": _untidy,
    "few": _few,
    "stub_passes": _stub_passes,
    "stub_hidden": _stub_hidden,
    "wrong_check": _wrong_check,
    "broken_check": _broken_check,
    "no_example": _no_example,
    "false_example": _false_example,
    "uncaught": _uncaught,
    "right": _right,
    "alike": _alike,
    "edits": _edits_that_do_not_apply,
    "spellings": _spellings,
    "endless": _endless,
    "slow": _slow,
    "slow_and_mute": _slow_and_mute,
    "measured_two_ways": _measured_two_ways,
    "two_ways": _two_ways,
    "unasked": _unasked,
    "killed": _killed,
    "long_run": _long_run,
    "unreadable": _unreadable,
}
