"""The course gate: it passes a sound exercise and names each shortfall of a spoiled one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import check
from grader.authoring.case import read_one_case
from grader.authoring.trial import Trial, TrialResult
from grader.authoring.trial_rules import find_faults
from grader.base.cache import Cache
from grader.base.errors import Fault
from grader.grading.client import Engine
from grader.grading.protocol.plan import Finding, Report
from grader.services.durations import Durations

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_a_sound_exercise_has_no_fault(spoiled: Any) -> None:
    """Nothing is said of an exercise that is as it should be, and a line tells of its proof."""
    assert spoiled.of("sound") == []
    (line,) = [line for line in spoiled.told if line.startswith("demo/sound:")]
    assert "6 checks, 8 mistakes" in line


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
        ("checks", line("checks", "def test_matrix"), "test_matrix does not state a claim"),
        ("checks", line("checks", f"def {zero}"), f"{zero} has no docstring of one sentence"),
        ("lesson", 1, "the lesson has 4 words beside code and formulas"),
        ("lesson", 1, "the lesson has neither a formula nor a table"),
        ("lesson", 1, "the lesson has no diagram"),
        ("lesson", 1, "the lesson has no heading"),
        ("lesson", 1, 'the lesson has no section "See it break"'),
        ("lesson", 3, '"To read" has no link'),
        (
            "mistakes",
            line("mistakes", "def words_too"),
            "words_too names test_words, which is not a check",
        ),
        ("reference", line("reference", "def _sum"), helper),
    ]


def test_a_long_hint_and_a_hint_for_no_check_are_named_at_their_lines(spoiled: Any) -> None:
    """A long hint is named at its line, one whose check does not exist at the exercise's entry."""
    unit = spoiled.small.workspace.locate_unit_file("demo")
    assert {(f.path.as_posix(), f.line, f.problem) for f in spoiled.elsewhere()} == {
        ("curriculum/demo/unit.yml", spoiled.small.line(unit, "word word"), "hint 2 has 61 words"),
        (
            "curriculum/demo/unit.yml",
            spoiled.small.line(unit, "id: untidy"),
            "a hint of untidy names test_gone, which is not a check",
        ),
    }


def test_too_few_checks_and_mistakes_are_counted(spoiled: Any) -> None:
    """Six checks and eight mistakes are the least."""
    assert spoiled.of("few") == [("checks", 1, "5 checks"), ("mistakes", 1, "6 mistakes")]


def test_a_check_that_the_stub_passes_is_named(spoiled: Any) -> None:
    """A check for RuntimeError takes the stub's NotImplementedError for it."""
    line = spoiled.line("stub_passes", "checks", "def test_a_word")
    assert spoiled.of("stub_passes") == [("checks", line, "the stub passes test_a_word_is_refused")]


def test_a_check_that_hides_the_stubs_error_is_named(spoiled: Any) -> None:
    """The stub has to fail with its own NotImplementedError."""
    ((part, line, problem),) = spoiled.of("stub_hidden")
    assert (part, line) == ("checks", spoiled.line("stub_hidden", "checks", "def test_a_word"))
    assert "the stub fails test_a_word_is_refused, but not with its NotImplementedError" in problem


def test_a_check_that_the_reference_fails_is_named_with_the_seeds(spoiled: Any) -> None:
    """The seeds with which it fails replay it."""
    line = spoiled.line("wrong_check", "checks", "def test_zero")
    said = "the reference fails test_zero_stays_zero (seed 1, 2, 3): got 1, expected 2"
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
    problem = "the example fails: it gives tensor([2.])"
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


def test_edits_that_do_not_apply_are_named_at_their_lines(spoiled: Any) -> None:
    """Text that is gone or not alone, an edit that changes nothing, and one that breaks syntax."""
    line = lambda text: spoiled.line("edits", "mistakes", text)  # noqa: E731
    found, broken = spoiled.of("edits"), "the edited reference is not Python: invalid syntax"
    assert {part for part, _, _ in found} == {"mistakes"}
    assert [(at, problem) for _, at, problem in found] == [
        (line('edit("x * 2"'), "the reference has no text 'x * 2'"),
        (line('edit("x", "y")'), "the reference has 'x' 4 times"),
        (line('"return x + x")'), "the edit changes nothing"),
        (
            line('"return x +")'),
            f"{broken} (line 14 of the edited reference)",
        ),
    ]


def test_each_spelling_is_caught_and_no_rival_of_its_mistake(spoiled: Any) -> None:
    """A spelling counts as a mistake does, but is never said to look like its own mistake."""
    line = lambda text: spoiled.line("spellings", "mistakes", text)  # noqa: E731
    rival, first, second = line("def thrice"), line("with spelling"), line("x.dim()") - 1
    assert spoiled.of("spellings") == [
        ("mistakes", rival, "thrice looks like half_off"),
        ("mistakes", first, "half_off (spelling 1) looks like thrice"),
        (
            "mistakes",
            second,
            "half_off (spelling 2) is not caught by test_one_and_two_become_two_and_four",
        ),
    ]


def test_a_mistake_that_never_answers_is_not_recognised(spoiled: Any) -> None:
    """It is caught by its deadline, here and under plain pytest, but answers nothing."""
    line = spoiled.line("endless", "mistakes", "def words_too")
    problem = "words_too is not recognised by its answers"
    assert spoiled.of("endless") == [("mistakes", line, problem)]


def test_a_mistake_that_is_only_slow_need_not_be_recognised(spoiled: Any) -> None:
    """Its answers are right, so only checks of the pace catch it, and that is enough."""
    assert spoiled.of("slow") == []


def test_a_mistake_that_shows_only_after_a_kill_need_not_be_recognised(spoiled: Any) -> None:
    """It is caught in the judge and in plain pytest, and what was asked cannot be asked again."""
    assert spoiled.of("killed") == []


def test_a_check_that_waits_for_the_others_is_proved_with_them(spoiled: Any) -> None:
    """Mistakes that fail earlier do not run it, in the judge and in plain pytest alike."""
    assert spoiled.of("long_run") == []


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
    """Files of no exercise or milestone are named; caches and data are none."""
    root = small.workspace.root
    with small.workspace.course_file.open("a", encoding="utf-8") as course:
        course.write(
            "milestones:\n  - id: doubled\n    title: It doubles\n    text: All.\n"
            "    needs: [demo/twice]\n"
        )
    (root / "curriculum" / "milestones").mkdir()
    for name in ("curriculum/demo/old.md", "solutions/demo/left.py", "curriculum/note.txt"):
        (root / name).write_text("left over\n", "utf-8")
    (root / "curriculum/milestones/gone.py").write_text("left over\n", "utf-8")
    (root / "curriculum/milestones/doubled.py").write_text("fine\n", "utf-8")
    for name in ("curriculum/demo/__pycache__/x.pyc", "curriculum/data/words.txt", ".DS_Store"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("fine\n", "utf-8")
    assert [str(fault.path) for fault in check(small.open_session(), engine, [])] == [
        "curriculum/demo/old.md",
        "curriculum/milestones/gone.py",
        "curriculum/note.txt",
        "solutions/demo/left.py",
    ]


def test_an_old_schema_is_named(small: Any, engine: Engine) -> None:
    """A schema that the models no longer give has to be written again."""
    (small.workspace.curriculum / "unit.schema.json").write_text("{}\n", "utf-8")
    (fault,) = check(small.open_session(), engine, [])
    assert fault.path == Path("curriculum/unit.schema.json")
    small.stubs()
    assert check(small.open_session(), engine, []) == []


def test_a_proof_is_kept_until_something_changes_and_a_fault_never(
    small: Any, engine: Engine
) -> None:
    """A second run knows the first; a lesson cut short proves anew, and its fault comes again."""
    told: list[str] = []

    def prove() -> list[str]:
        session = small.open_session()
        faults = check(session, engine, list(session.course.iterate_exercises()), told.append)
        return [fault.problem for fault in faults]

    assert prove() == []
    assert "runs" in told[-1]
    assert prove() == []
    assert told[-1] == "demo/twice: unchanged, checked before"
    small.edit("twice", "lesson", "## The formula\n\n$$y = x + x$$\n", "")
    for _ in range(2):
        assert prove() == ["the lesson has neither a formula nor a table"]
        assert "runs" in told[-1]


def test_of_the_project_s_settings_only_those_of_pytest_matter(small: Any, engine: Engine) -> None:
    """Another dependency asks for no new proof, another setting of pytest does."""
    told: list[str] = []
    settings = small.workspace.root / "pyproject.toml"
    project = (ROOT / "pyproject.toml").read_text("utf-8")

    def prove(text: str) -> str:
        settings.write_text(text, "utf-8")
        session = small.open_session()
        assert check(session, engine, list(session.course.iterate_exercises()), told.append) == []
        return told[-1].partition(": ")[2]

    assert "runs" in prove(project)
    assert prove(f"{project}\n[tool.other]\nx = 1\n") == "unchanged, checked before"
    changed = project.replace("xfail_strict = true\n", 'xfail_strict = true\nminversion = "8"\n')
    assert changed != project and "runs" in prove(changed)


def test_a_deadline_that_leaves_little_time_is_named(small: Any) -> None:
    """A call may take six times as long as in the reference's quickest run, or more."""
    session = small.open_session()
    case = read_one_case(session, session.course.find_exercise("demo/twice"))
    passed = tuple(Finding(claim.name, "passed") for claim in case.claims)

    def find(*longest: float) -> list[Fault]:
        runs = [Report(passed, longest_call=seconds) for seconds in longest]
        reference = Trial("reference", "the reference", case.reference)
        return find_faults(case, [TrialResult(reference, report) for report in runs])

    assert find(0.9, 0.16, 0.9) == find(0.0) == []
    (fault,) = find(0.9, 0.5, 0.9)
    line = small.line(small.workspace.locate_unit_file("demo"), "id: twice")
    assert (fault.path, fault.line) == (Path("curriculum/demo/unit.yml"), line)
    assert fault.problem == "the reference takes 0.5 s for a call, whose deadline is 1 s"
    assert fault.remedy == "set call_seconds to 3 or more, or ask for less"


class _Runs:
    """Counts what the gate says of its runs."""

    def __init__(self) -> None:
        self.names, self.begun = list[str](), list[str]()

    def plan(self, names: Sequence[str]) -> None:
        self.names += names

    def begin(self, name: str) -> None:
        self.begun.append(name)

    def end(self, name: str) -> None:
        """What began ends."""

    def tick(self) -> None:
        """Time passes."""


def test_the_slowest_is_proved_first_and_told_in_course_order(begin: Any, engine: Engine) -> None:
    """Plain pytest begins first, then all runs of what took longest; lines keep the course's."""
    small = begin("quick", "slow")
    small.stubs()
    session, told, runs = small.open_session(), list[str](), _Runs()
    last_time = Durations(Cache(session.workspace.cache), "gate")
    last_time.add("demo/quick", 1.0)
    last_time.add("demo/slow", 60.0)
    last_time.save()
    assert (
        check(session, engine, list(session.course.iterate_exercises()), told.append, watch=runs)
        == []
    )
    assert [line.partition(":")[0] for line in told] == ["demo/quick", "demo/slow"]
    assert sorted(runs.begun) == sorted(runs.names)
    of_slow = runs.names.count("demo/slow")
    assert runs.begun[: of_slow + 1] == ["plain pytest", *["demo/slow"] * of_slow]
    assert last_time.read()["demo/slow"] < 60.0
