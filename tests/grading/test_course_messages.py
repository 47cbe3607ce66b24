"""What checks of the course say of wrong answers: what was expected, and where it differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading.client import Engine
from grader.grading.protocol.plan import Finding, Plan, Source

ROOT = Path(__file__).parents[2]


def grade(engine: Engine, exercise: str, old: str, new: str) -> dict[str, Finding]:
    """What the checks of an exercise find of its reference with one edit."""
    text = (ROOT / "solutions" / f"{exercise}.py").read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is not there once"
    unit, name = exercise.split("/")
    source = Source(
        exercise, text.replace(old, new), f"exercises/{exercise}.py", str(ROOT / "solutions")
    )
    plan = Plan(source, str(ROOT / "curriculum" / unit / f"check_{name}.py"), 11, 10.0, 60.0, 2048)
    with engine.run(plan) as run:
        report = run.collect_report()
    assert not report.fault and not report.load_error
    return {one.name: one for one in report.findings if one.status != "passed"}


@pytest.mark.parametrize(
    ("old", "new", "check", "said"),
    [
        (
            '        r"\\s+(?!\\S)",',
            '        r"\\s+(?!\\S)(?!)",',
            "test_a_run_of_spaces_leaves_its_last_to_the_word",
            "the pieces of 'a   b': the cut between 'a  ' and ' b' is missing",
        ),
        (
            'r" ?\\p{N}+"',
            'r" ?\\p{N}"',
            "test_letters_numbers_and_others_never_share_a_piece",
            "the pieces of 'abc123': the cut between 'abc1' and '23' is one too many",
        ),
    ],
)
def test_pretokenize_says_which_cut_is_wrong(
    engine: Engine, old: str, new: str, check: str, said: str
) -> None:
    """A cut that is missing, or one too many, is named with the text on both sides of it."""
    found = grade(engine, "tokenizer/pretokenize", old, new)
    assert found[check].message.startswith(said)


@pytest.mark.parametrize(
    ("exercise", "old", "new", "due"),
    [
        ("data/mixture", "generator.random() *", "generator.random() ** 3 *", "about 1,000, 2,000"),
        ("data/token_file", "starts.tolist()", "(starts // 2).tolist()", "about 1,000 each"),
        ("embeddings/token_embedding", "nn.Parameter(0.02", "nn.Parameter(0.04", "about 0.02"),
    ],
)
def test_what_is_drawn_is_compared_with_about_how_much(
    engine: Engine, exercise: str, old: str, new: str, due: str
) -> None:
    """Shares and deviations of random numbers say what is expected of them, beside what came."""
    wants = {one.want: one for one in grade(engine, exercise, old, new).values()}
    found = next(one for want, one in wants.items() if want.startswith(due))
    assert found.got and found.message.startswith("expected: ")
