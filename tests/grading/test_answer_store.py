"""Answers that the gate keeps from one trial to the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_course import REFERENCE, Bench

from grader.grading.judge import answer_store
from grader.grading.judge.answer_store import AnswerStore

WRONG = REFERENCE.replace("x * 2", "x * 3")


def test_answers_are_kept_by_source_and_questions(tmp_path: Path) -> None:
    """What another source answers, or this one to other questions, is not known yet."""
    store = AnswerStore(str(tmp_path))
    store.write("a = 1", [b"q", b"rs"], [b"", b"\x00" * 300])
    assert store.read("a = 1", [b"q", b"rs"]) == [b"", b"\x00" * 300]
    assert store.read("a = 2", [b"q", b"rs"]) is None
    assert store.read("a = 1", [b"qr", b"s"]) is None


def test_a_source_that_broke_off_is_not_asked_again(tmp_path: Path) -> None:
    """It keeps fewer answers than questions, or none."""
    store = AnswerStore(str(tmp_path))
    store.write("a = 1", [b"q", b"r"], [b"yes"])
    store.write("a = 2", [b"q", b"r"], [])
    assert store.read("a = 1", [b"q", b"r"]) == [b"yes"]
    assert store.read("a = 2", [b"q", b"r"]) == []


def test_large_answers_and_a_folder_that_is_gone_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept then, and nothing is raised."""
    monkeypatch.setattr(answer_store, "MOST_BYTES", 10)
    AnswerStore(str(tmp_path)).write("a = 1", [b"q"], [b"x" * 11])
    AnswerStore(str(tmp_path / "gone")).write("a = 1", [b"q"], [b"x"])
    assert not list(tmp_path.iterdir())


def test_a_second_trial_takes_the_mistakes_answers_from_the_folder(
    bench: Bench, tmp_path: Path
) -> None:
    """The evidence is what was kept, whatever the mistake would answer now."""
    plan = replace(bench.plan(WRONG), answers=str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir()

    def collect() -> dict[str, dict[str, bool]]:
        with bench.engine.run(plan) as run:
            run.collect_report()
            return run.collect_evidence(REFERENCE, {"tripled": [WRONG]}, 60.0)

    first = collect()
    assert first["tripled"]["test_a_number_is_doubled"]
    for file in (tmp_path / "kept").iterdir():
        file.write_bytes(b"")  # as if nobody had answered
    assert not collect().get("tripled", {}).get("test_a_number_is_doubled")
