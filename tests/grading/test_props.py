"""Props: scripted objects beside the learner's code, asked across the wire and in one process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from small_course import Bench

CHECKS = '''
import pytest
import torch

from grader.checks import close, equal, gradients, holds, value


def test_a_table_model_is_a_model_that_counts(twice, prop, randn, randint):
    """Its logits are rows of the table; calls, lengths, modes and ids are kept."""
    table, ids = randn(5, 5), randint(0, 5, 2, 3)
    model = prop("TableModel", table, context=3)
    close(twice(model, ids)[0], table[ids])
    equal(model.calls, 2)
    equal(model.lengths, [3, 3])
    equal(model.modes, [(False, False), (False, False)])
    model.train()
    model(ids[:, :1])
    equal(model.modes[2], (True, True))
    equal(model.calls, 3)
    equal(value(model.seen), [ids, ids, ids[:, :1]])


def test_more_than_the_context_is_refused(prop, randint):
    """Too many tokens, none, another dtype and another number of dimensions are ValueErrors."""
    model = prop("TableModel", torch.zeros(2, 2), context=3)
    for ids in (randint(0, 2, 1, 4), randint(0, 2, 1, 0), randint(0, 2, 3), torch.zeros(1, 1)):
        with pytest.raises(ValueError, match="the model takes"):
            model(ids)
    equal(model.calls, 0)


def test_a_table_model_is_trained(prop, beside):
    """Its table is its one parameter, and an optimizer changes it."""
    model = prop("TableModel", torch.zeros(3, 3))
    sgd = beside("torch.optim.SGD")(model.parameters(), lr=1.0)
    gradients(model, torch.tensor([[2]]), upstream=torch.ones(1, 1, 3))
    sgd.step()
    close(value(model.table), torch.tensor([[0.0] * 3, [0.0] * 3, [-1.0] * 3]))


def test_a_loss_follows_its_row(prop):
    """Each call returns the next number, whatever it is called with, and the last one repeats."""
    loss = prop("ScriptedLoss", [3.0, 2.0])
    equal([loss().item(), loss(1).item(), loss(1, 2).item()], [3.0, 2.0, 2.0])
    equal(loss.calls, 3)


def test_a_reward_is_the_worth_of_the_tokens(prop):
    """A sequence is worth the sum of its tokens, as a list and as a tensor."""
    reward = prop("Reward", [0.5, -1.0])
    equal([reward([0, 0, 1]), reward(torch.tensor([1]))], [0.0, -1.0])
    equal([reward.calls, reward.tokens], [2, 4])


def test_an_encoder_joins_three_bytes(prop):
    """Three bytes are a token, so two texts one by one have other ids than the joined text."""
    encode = prop("Encoder")
    equal(encode("abcd"), [0x01616263, 0x0164])
    equal([encode("a"), encode("bcd"), encode("")], [[0x0161], [0x01626364], []])
    equal(encode("\u20ac"), [0x01E282AC])
    equal(encode.calls, 5)
    marked = prop("Encoder", first=9)
    equal([marked("a"), marked("")], [[9, 0x0161], []])
    with pytest.raises(TypeError):
        encode(["a"])


def test_a_recorder_keeps_what_it_hears(prop):
    """The arguments of each call are kept, as they were."""
    report = prop("Recorder")
    equal([report(1, 0.5), report("done", torch.ones(2)), report()], [None, None, None])
    equal(report.heard, [(1, 0.5), ("done", torch.ones(2)), ()])
    equal(report.calls, 3)


def test_a_function_comes_with_its_gradient(prop, randn):
    """The gradient is the derivative, or wrong by the given factor."""
    weights, x = randn(5), randn(5)
    right, wrong = prop("Cubic", weights), prop("Cubic", weights, factor=2.0)
    (slope,) = gradients(right, x, upstream=torch.tensor(1.0))
    close(right.gradient(x), slope)
    close(wrong.gradient(x), 2 * slope)
    equal([right.calls, right.gradient_calls, wrong.calls], [1, 1, 0])
'''
SOURCE = """
import torch


def twice(model, ids):
    model.eval()
    with torch.no_grad():
        return model(ids), model(ids)
"""


def test_props_follow_their_script_across_the_wire(bench: Bench) -> None:
    """The learner's code is given the prop, and the check reads what was counted."""
    bench.checks(CHECKS)
    report = bench.grade(SOURCE)
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 8 and not report.fault


@pytest.mark.slow
def test_props_follow_their_script_in_one_process(bench: Bench) -> None:
    """Plain pytest runs the same checks with the objects themselves."""
    bench.checks(CHECKS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(SOURCE)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    )
    assert "8 passed" in done.stdout, done.stdout
