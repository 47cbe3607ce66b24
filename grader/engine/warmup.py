"""What judge and worker do, done once in the host, so that every lazy import has happened."""

from __future__ import annotations

import ast
import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import torch

from grader.engine.expect import Mismatch, close
from grader.engine.side import backward, seed_all
from grader.engine.sitting import SETTINGS
from grader.engine.wire import Codec

CHECKS = '''"""Two checks, one of which fails."""

import pytest


def test_true():
    """It holds."""
    with pytest.raises(ValueError):
        raise ValueError


def test_false():
    """It does not hold."""
    x = [1]
    assert x == [2]
'''


def rehearse() -> None:
    """Everything below, once."""
    touch()
    one_session()


def touch() -> None:
    """Seed, calculate, differentiate, pack, compare and compile: what every run does.

    A fork that does it before it is asked has made its own copies of the pages that all this
    writes to, and need not make them while somebody waits.
    """
    seed_all(0)
    calculate()
    backward(torch.nn.Linear(2, 2), (torch.ones(1, 2),), {}, torch.ones(1, 2))
    codec = Codec(lambda thing: (0, ""), lambda number, name: None)
    codec.unpack(codec.pack([torch.ones(2, 3), torch.arange(3), 1.5, (1, "a"), {"b": None}]))
    with contextlib.suppress(Mismatch):
        close(torch.zeros(2, 3), torch.ones(2, 3))
    compile(ast.parse(CHECKS), "checks", "exec")


def calculate() -> None:
    """The operations of a language model on the smallest tensors, so that their code is there."""
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


def one_session() -> None:
    """Run pytest on two checks, one of which fails."""
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
