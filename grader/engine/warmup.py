"""One passing and one failing check, run once so that every lazy import has happened."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import torch

from grader.engine.expect import Mismatch, close
from grader.engine.judge import SETTINGS

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


def one_session() -> None:
    """Run pytest on two checks of no meaning, and compare two tensors that differ."""
    with contextlib.suppress(Mismatch):
        close(torch.zeros(2, 3), torch.ones(2, 3))
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
