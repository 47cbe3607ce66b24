"""Whatever the worker sends, large or forged: it is the learner's answer and no fault of ours."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from small_course import REFERENCE, Bench, body, first, statuses

from grader.grading.judge.conversation import TRANSCRIPT_BYTES
from grader.grading.protocol.codec import ARRAY, HANDLE, TENSOR
from grader.grading.protocol.frames import LARGEST

FIND_WORKER = """
import sys
frame = sys._getframe()
while "_ops" not in dir(frame.f_locals.get("self")):
    frame = frame.f_back
worker = frame.f_locals["self"]
"""
SEND = """
import os, struct
frame = {}
os.write(3, struct.pack(">I", len(frame)) + frame)
return 6
"""


def extension(code: int, content: Any) -> msgpack.ExtType:
    """A value of the wire's own, such as a tensor, of any content."""
    return msgpack.ExtType(code, content if type(content) is bytes else msgpack.packb(content))


def test_a_large_wrong_answer_is_the_learners(bench: Bench) -> None:
    """An answer that is too large to keep is still an answer, and so is the one after it."""
    many = TRANSCRIPT_BYTES // 4 // 2 + 1
    report = bench.grade(
        f"import torch\n\n\ndef twice(x):\n    return [torch.zeros({many}), torch.zeros({many})]\n"
    )
    assert not report.fault
    assert statuses(report) == ["failed"] * 3
    assert "list" in first(report).message


def test_a_large_answer_in_one_check_leaves_the_next_its_evidence(bench: Bench) -> None:
    """What is kept is counted by the check: a mistake in a later one is still found."""
    many = TRANSCRIPT_BYTES // 4 + 1
    wrong = REFERENCE.replace("x * 2", "x * 3 if torch.is_tensor(x) else torch.zeros(MANY)")
    wrong = f"import torch\n\nMANY = {many}\n" + wrong
    mistake = REFERENCE.replace("x * 2", "x * 3")
    with bench.engine.run(bench.plan(wrong)) as run:
        report = run.collect_report()
        evidence = run.collect_evidence(REFERENCE, {"thrice": [mistake]})
    assert statuses(report) == ["failed", "failed", "passed"]
    assert evidence["thrice"]["test_a_tensor_is_doubled"]


def test_an_answer_too_large_to_cross_says_so(bench: Bench) -> None:
    """The process that computed it goes on, and the message says how large an answer may be."""
    report = bench.grade(body(f"import torch; return torch.zeros({LARGEST // 4 + 8})"))
    assert statuses(report) == ["failed", "passed", "passed"]
    assert f"at most {LARGEST >> 20} MiB" in first(report).message


@pytest.mark.parametrize(
    "reply",
    [
        5,
        [],
        "ok",
        {"ok": 6},
        ["ok"],
        ["ok", 6],
        ["ok", 6, None, None],
        ["ok", 6, 7],
        ["ok", 6, [1]],
        ["ok", 6, [[[[[1]]]], {}, "x"]],
        ["ok", 6, [None, extension(HANDLE, b"0:x"), extension(HANDLE, b"1:y")]],
        ["ok", extension(HANDLE, b"99999999999999999999:x"), None],
        ["ok", extension(TENSOR, ["float32", [3], False, b"123"]), None],
        ["ok", extension(TENSOR, ["float32", [2**40, 2**40, 0], False, b""]), None],
        ["ok", extension(TENSOR, [extension(HANDLE, b"0:x"), [1], False, b"1234"]), None],
        ["ok", extension(TENSOR, ["float32", [1], False, extension(HANDLE, b"0:x")]), None],
        ["ok", extension(ARRAY, [extension(HANDLE, b"0:x"), [1], b"1234"]), None],
        ["ok", extension(ARRAY, [{"formats": ["O"], "names": ["a"]}, [0], b""]), None],
        [extension(TENSOR, ["float32", [2], False, b"12345678"]), 6, None],
        [extension(HANDLE, b"0:x"), 6, None],
        ["raised"],
        ["raised", None],
        ["raised", {}],
        ["raised", extension(HANDLE, b"0:x")],
        ["raised", {"type": "X", "bases": extension(HANDLE, b"0:x"), "message": "", "frames": []}],
        [
            "raised",
            {"type": "X", "bases": [], "message": "", "frames": [extension(HANDLE, b"0:x")]},
        ],
        ["raised", {"type": "X\0", "bases": ["ValueError"], "message": "", "frames": []}],
        ["raised", {"type": "X", "bases": ["ValueError"], "message": 5, "frames": []}],
        ["raised", {"type": "X", "bases": ["ValueError"], "message": "", "frames": [{}]}],
    ],
)
def test_a_forged_reply_is_the_learners_fault(bench: Bench, reply: Any) -> None:
    """Replies that no worker sends fail the check in which they came; the others pass."""
    report = bench.grade(body(SEND.format(repr(msgpack.packb(reply))).strip()))
    assert not report.fault
    assert statuses(report)[0] in ("failed", "crashed")
    assert statuses(report)[1:] == ["passed", "passed"]


@pytest.mark.parametrize(
    "frame", ["struct.pack('>I', 2**32 - 1)", "b'\\0'", "b'\\0\\0\\0\\1\\xc1'"]
)
def test_a_forged_frame_is_the_learners_fault(bench: Bench, frame: str) -> None:
    """Lengths and bytes that make no frame or no value cost a worker, and one check."""
    report = bench.grade(body(f"import os, struct\nos.write(3, {frame})\nos._exit(0)"))
    assert not report.fault
    assert statuses(report) == ["crashed", "passed", "passed"]


@pytest.mark.parametrize("op", ["begin", "end", "name", "call"])
@pytest.mark.parametrize("forged", ["5", "[5]", "('a',)", "'text' * 9", "[[]] * 50", "object()"])
def test_a_question_of_the_graders_own_may_be_answered_with_anything(
    bench: Bench, op: str, forged: str
) -> None:
    """A worker whose parts were replaced by the learner's code is no fault of ours either."""
    patch = f"{FIND_WORKER}\nworker._ops[{op!r}] = lambda *parts: {forged}\n"
    report = bench.grade(REFERENCE + patch)
    assert not report.fault
    assert len(report.findings) == 3
    if op != "end":
        assert "passed" not in statuses(report)[:2]
