"""What judge and worker do, done once in the host, so that every lazy import has happened.

It stands above both, since it does what either does; nothing here knows a check of the course's.
"""

from __future__ import annotations

import ast
import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import torch

from grader.grading.judge.expect import Mismatch, close
from grader.grading.judge.session import SETTINGS
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.plain_data import compute_gradients, seed_all

# As check files begin: the import of grader.checks is what a fork would do otherwise, for each run.
CHECKS = '''"""Two checks, one of which fails."""

import pytest

from grader.checks import equal


def test_true():
    """It holds."""
    with pytest.raises(ValueError):
        raise ValueError


def test_false():
    """It does not hold."""
    x = [1]
    equal(x, [1])
    assert x == [2]
'''


def rehearse() -> None:
    """Do everything below, once."""
    touch_memory()
    create_optimizers()
    run_session()


def touch_memory() -> None:
    """Seed, calculate, differentiate, pack, compare and compile: what every run does.

    A fork shares its parent's memory until one of them writes to a page, which is copied then. A
    fork that does all this before it is asked has made its own copies of the pages that it will
    write to (reference counts alone touch most of them), and need not while somebody waits.
    """
    seed_all(0)
    calculate()
    compute_gradients(torch.nn.Linear(2, 2), (torch.ones(1, 2),), {}, torch.ones(1, 2))
    codec = Codec(lambda thing: (0, ""), lambda number, name: None)
    codec.unpack(codec.pack([torch.ones(2, 3), torch.arange(3), 1.5, (1, "a"), {"b": None}]))
    with contextlib.suppress(Mismatch):
        close(torch.zeros(2, 3), torch.ones(2, 3))
    compile(ast.parse(CHECKS), "checks", "exec")


def calculate() -> None:
    """Run the operations of a language model on the smallest tensors, so that their code is there.

    torch finds and initialises the kernel of each operation and dtype when it is first called.
    """
    for dtype in (torch.float32, torch.float64):
        x = torch.randn(2, 3, 4, dtype=dtype)
        scores = x @ x.transpose(-2, -1) / 2
        scores = scores.masked_fill(torch.ones(3, 3).triu(1).bool(), float("-inf"))
        weights = torch.softmax(scores, -1) + (scores - scores.amax(-1, keepdim=True)).exp() / 3
        out = torch.einsum("bij,bjd->bid", weights, x).contiguous().view(2, 12).log1p()
        torch.nn.functional.layer_norm(x, (4,))
        torch.nn.functional.gelu(x)
        torch.isclose(out, out.clone(), equal_nan=True).all()
        torch.cat([out.mean(1), out.var(0), out.abs().sqrt().max(0).values]).sort()
    ids = torch.randint(0, 4, (2, 3))
    torch.nn.functional.cross_entropy(torch.randn(2, 4, 3), ids)
    torch.nn.functional.embedding(ids, torch.randn(4, 2)).gather(-1, ids[..., None] % 2)
    torch.stack([torch.arange(3), torch.tensor([1, 2, 3])]).tolist()


def create_optimizers() -> None:
    """Make one step with optimizers of torch's own.

    The first optimizer of a process imports torch's compiler: 800 modules, which take about a
    second, and took it in each judge and worker that used one. A fork that has them loaded takes
    2 ms longer; to use them in each, as ``touch_memory`` does, would cost those that need none.
    """
    for kind in (torch.optim.SGD, torch.optim.AdamW):
        weight = torch.nn.Parameter(torch.ones(2))
        weight.grad = torch.ones(2)
        optimizer = kind([weight], lr=0.1)
        optimizer.step()
        optimizer.zero_grad()


def run_session() -> None:
    """Run pytest on two checks, one of which fails, so that reports of both kinds are made."""
    with tempfile.TemporaryDirectory(prefix="groundwork-") as folder:
        file = Path(folder) / "check_warmup.py"
        file.write_text(CHECKS, "utf-8")
        with Path(os.devnull).open("w") as silence, contextlib.redirect_stdout(silence):
            pytest.main(
                [
                    str(file),
                    f"--rootdir={folder}",
                    "-qq",
                    "--noconftest",
                    "--import-mode=importlib",
                    *("-c", str(SETTINGS)),
                    *("-p", "no:cacheprovider"),
                ]
            )
