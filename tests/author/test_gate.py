"""The course gate: it passes a sound exercise and names each shortfall of a spoiled one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.author import check
from grader.cache import Cache
from grader.engine.client import Engine
from grader.practice.pace import Pace


def test_a_sound_exercise_has_no_fault(spoiled: Any) -> None:
    """Nothing is said of an exercise that is as it should be, and a line tells of its proof."""
    assert spoiled.of("sound") == []
    (line,) = [line for line in spoiled.told if line.startswith("demo/sound:")]
    assert "6 checks, 5 mistakes" in line


def test_a_file_that_is_not_the_stub_is_named_at_its_first_other_line(spoiled: Any) -> None:
    """The learner's side of the course's own repository is the reference, blanked."""
    line = spoiled.line("old_stub", "stub", "Double every")
    problem = "the file is not solutions/demo/old_stub.py with its bodies blanked"
    assert spoiled.of("old_stub") == [("stub", line, problem)]


def test_all_that_is_untidy_is_told_at_once(spoiled: Any) -> None:
    """Lesson, names, docstrings, helpers and unknown checks: each at its own line."""
    line = lambda part, text: spoiled.line("untidy", part, text)  # noqa: E731
    zero, helper = "test_zero_stays_zero", "the stub would keep _sum, which only the solution uses"
    assert sorted(spoiled.of("untidy")) == [
        ("checks", line("checks", "def test_matrix"), "test_matrix is no claim"),
        ("checks", line("checks", f"def {zero}"), f"{zero} has no docstring of one sentence"),
        ("lesson", 1, "the lesson has 4 words beside code and formulas"),
        ("lesson", 1, "the lesson has neither a formula nor a table"),
        ("lesson", 1, "the lesson has no heading"),
        ("lesson", 3, '"To read" holds no link'),
        (
            "mistakes",
            line("mistakes", "def words_too"),
            "words_too names test_words, which is no check",
        ),
        ("reference", line("reference", "def _sum"), helper),
    ]


def test_a_long_hint_is_named_at_its_line(spoiled: Any) -> None:
    """The unit's file is named where the hint stands."""
    (fault,) = spoiled.elsewhere()
    unit = spoiled.small.workspace.unit_file("demo")
    assert (fault.path.as_posix(), fault.problem) == (
        "curriculum/demo/unit.yml",
        "hint 2 has 61 words",
    )
    assert fault.line == spoiled.small.line(unit, "word word")


def test_too_few_checks_and_mistakes_are_counted(spoiled: Any) -> None:
    """Six checks and four mistakes are the least."""
    assert spoiled.of("few") == [("checks", 1, "5 checks"), ("mistakes", 1, "3 mistakes")]


def test_a_check_that_the_stub_passes_is_named(spoiled: Any) -> None:
    """A check for RuntimeError takes the stub's NotImplementedError for it."""
    line = spoiled.line("stub_passes", "checks", "def test_a_word")
    assert spoiled.of("stub_passes") == [("checks", line, "the stub passes test_a_word_is_refused")]


def test_a_check_that_hides_the_stubs_error_is_named(spoiled: Any) -> None:
    """The stub has to fail with its own NotImplementedError."""
    ((part, line, problem),) = spoiled.of("stub_hidden")
    assert (part, line) == ("checks", spoiled.line("stub_hidden", "checks", "def test_a_word"))
    assert "the stub fails test_a_word_is_refused otherwise than unwritten" in problem


def test_a_check_that_the_reference_fails_is_named_with_the_seeds(spoiled: Any) -> None:
    """The seeds with which it fails replay it."""
    line = spoiled.line("wrong_check", "checks", "def test_zero")
    said = "the reference fails test_zero_stays_zero (seed 1, 2, 3): 1 came where 2 is due"
    assert ("checks", line, said) in spoiled.of("wrong_check")


def test_a_check_that_breaks_is_named_once(spoiled: Any) -> None:
    """A check that fails by itself is the only thing that is said."""
    ((part, line, problem),) = spoiled.of("broken_check")
    assert (part, line) == ("checks", spoiled.line("broken_check", "checks", "def test_zero"))
    assert "KeyError: 'key'" in problem


def test_a_reference_without_an_example_is_named(spoiled: Any) -> None:
    """The place is the function's definition."""
    line = spoiled.line("no_example", "reference", "def twice")
    assert spoiled.of("no_example") == [("reference", line, "no docstring has an example")]


def test_an_example_that_does_not_hold_is_named_at_its_line(spoiled: Any) -> None:
    """What it gives is said."""
    line = spoiled.line("false_example", "reference", ">>>")
    problem = "the example does not hold: it gives tensor([2.])"
    assert spoiled.of("false_example") == [("reference", line, problem)]


def test_a_mistake_that_the_named_check_lets_pass_is_named(spoiled: Any) -> None:
    """That some other check catches it is not enough."""
    line = spoiled.line("uncaught", "mistakes", "def one_too_many")
    problem = "one_too_many is not caught by test_a_word_is_refused"
    assert spoiled.of("uncaught") == [("mistakes", line, problem)]


def test_a_right_mistake_and_an_idle_check_are_named(spoiled: Any) -> None:
    """A mistake that passes everything is none; a check that nothing fails proves nothing."""
    right = spoiled.line("right", "mistakes", "def no_sign")
    idle = spoiled.line("right", "checks", "def test_a_large")
    assert spoiled.of("right") == [
        ("checks", idle, "no mistake fails test_a_large_number_is_doubled"),
        ("mistakes", right, "no_sign passes every check"),
    ]


def test_two_mistakes_that_look_alike_name_each_other(spoiled: Any) -> None:
    """Nobody could be told which of the two was made."""
    first, second = (
        spoiled.line("alike", "mistakes", f"def {name}") for name in ("one_too_many", "no_sign")
    )
    assert spoiled.of("alike") == [
        ("mistakes", first, "one_too_many looks like no_sign"),
        ("mistakes", second, "no_sign looks like one_too_many"),
    ]


def test_a_mistake_that_never_answers_is_not_recognised(spoiled: Any) -> None:
    """It is caught by its deadline, here and under plain pytest, but answers nothing."""
    line = spoiled.line("endless", "mistakes", "def words_too")
    problem = "words_too is not recognised by its answers"
    assert spoiled.of("endless") == [("mistakes", line, problem)]


def test_a_mistake_that_is_only_slow_need_not_be_recognised(spoiled: Any) -> None:
    """Its answers are right, so only checks of the pace catch it, and that is enough."""
    assert spoiled.of("slow") == []


def test_a_slow_mistake_that_fails_another_check_is_still_to_be_recognised(spoiled: Any) -> None:
    """A check that does not measure time has asked for an answer."""
    line = spoiled.line("slow_and_mute", "mistakes", "def dawdles")
    problem = "dawdles is not recognised by its answers"
    assert spoiled.of("slow_and_mute") == [("mistakes", line, problem)]


def test_what_a_measure_says_of_another_mistake_is_left_to_chance(spoiled: Any) -> None:
    """A check of the pace may pass and fail the same mistake, unless the mistake is about it."""
    assert spoiled.of("measured_two_ways") == []


def test_a_check_with_two_verdicts_is_named(spoiled: Any) -> None:
    """Plain pytest sees that the answer is the question's own tensor; the judge cannot."""
    ((part, line, problem),) = spoiled.of("two_ways")
    assert (part, line) == ("checks", spoiled.line("two_ways", "checks", "def test_zero"))
    said = "in_place passes test_zero_stays_zero in the judge, and fails it in plain pytest"
    assert problem.startswith(said)


def test_answers_that_take_no_thought_are_named(spoiled: Any) -> None:
    """A function that no check asks for may give anything."""
    answers = ["0.0", "None", "an empty list", "its first argument", "zeros"]
    assert spoiled.of("unasked") == [
        ("checks", 1, f"every check passes when half gives {answer}") for answer in answers
    ]


def test_a_mistakes_file_that_is_not_python_is_named(spoiled: Any) -> None:
    """The rest of the exercise is proved all the same."""
    line = spoiled.line("unreadable", "mistakes", "return x *")
    problem = "this is not Python: invalid syntax"
    assert spoiled.of("unreadable") == [("mistakes", line, problem)]


def test_strays_are_named(small: Any, engine: Engine) -> None:
    """Files of no exercise in curriculum and solutions are named; caches and data are none."""
    root = small.workspace.root
    for name in ("curriculum/demo/old.md", "solutions/demo/left.py", "curriculum/note.txt"):
        (root / name).write_text("left over\n", "utf-8")
    for name in ("curriculum/demo/__pycache__/x.pyc", "curriculum/data/words.txt", ".DS_Store"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("fine\n", "utf-8")
    assert [str(fault.path) for fault in check(small.desk(), engine, [])] == [
        "curriculum/demo/old.md",
        "curriculum/note.txt",
        "solutions/demo/left.py",
    ]


def test_an_old_schema_is_named(small: Any, engine: Engine) -> None:
    """A schema that the models no longer give has to be written again."""
    (small.workspace.curriculum / "unit.schema.json").write_text("{}\n", "utf-8")
    (fault,) = check(small.desk(), engine, [])
    assert fault.path == Path("curriculum/unit.schema.json")
    small.stubs()
    assert check(small.desk(), engine, []) == []


def test_a_proof_is_kept_until_something_changes_and_a_fault_never(
    small: Any, engine: Engine
) -> None:
    """A second run knows the first; a lesson cut short proves anew, and its fault comes again."""
    told: list[str] = []

    def prove() -> list[str]:
        desk = small.desk()
        faults = check(desk, engine, list(desk.course.exercises()), told.append)
        return [fault.problem for fault in faults]

    assert prove() == []
    assert "runs" in told[-1]
    assert prove() == []
    assert told[-1] == "demo/twice: proved before"
    small.edit("twice", "lesson", "## The formula\n\n$$y = x + x$$\n", "")
    for _ in range(2):
        assert prove() == ["the lesson has neither a formula nor a table"]
        assert "runs" in told[-1]


class _Runs:
    """Counts what the gate says of its runs."""

    def __init__(self) -> None:
        self.names, self.begun = list[str](), list[str]()

    def planned(self, names: Sequence[str]) -> None:
        self.names += names

    def began(self, name: str) -> None:
        self.begun.append(name)

    def ended(self, name: str) -> None:
        """What began ends."""

    def waited(self) -> None:
        """Time passes."""


def test_the_slowest_is_proved_first_and_told_in_course_order(begin: Any, engine: Engine) -> None:
    """Plain pytest begins first, then all runs of what took longest; lines keep the course's."""
    small = begin("quick", "slow")
    small.stubs()
    desk, told, runs = small.desk(), list[str](), _Runs()
    last_time = Pace(Cache(desk.workspace.cache), "gate")
    last_time.note("demo/quick", 1.0)
    last_time.note("demo/slow", 60.0)
    last_time.keep()
    assert check(desk, engine, list(desk.course.exercises()), told.append, watch=runs) == []
    assert [line.partition(":")[0] for line in told] == ["demo/quick", "demo/slow"]
    assert sorted(runs.begun) == sorted(runs.names)
    of_slow = runs.names.count("demo/slow")
    assert runs.begun[: of_slow + 1] == ["plain pytest", *["demo/slow"] * of_slow]
    assert last_time.expected()["demo/slow"] < 60.0
