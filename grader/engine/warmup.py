"""What judge and worker do, done once in the host, so that every lazy import has happened."""

from __future__ import annotations

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
    """Seed, differentiate, pack, compare and show, and run pytest on two checks of no meaning."""
    seed_all(0)
    backward(torch.nn.Linear(2, 2), (torch.ones(1, 2),), {}, torch.ones(1, 2))
    codec = Codec(lambda thing: (0, ""), lambda number, name: None)
    codec.unpack(codec.pack([torch.ones(2, 3), torch.arange(3), 1.5, (1, "a"), {"b": None}]))
    with contextlib.suppress(Mismatch):
        close(torch.zeros(2, 3), torch.ones(2, 3))
    one_session()


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
