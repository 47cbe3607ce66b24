"""What a contract forbids, found in a file's text: by package, by attribute, by call."""

from __future__ import annotations

import pytest
from small_course import REFERENCE, Bench

from grader.grading.protocol.forbidden_names import find_forbidden_use

FORBIDS = ("torch.softmax", "torch.fft.*", ".encode", "str(...)")


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("import torch\ny = torch.ops.aten.gelu(x)", "torch.ops.aten.gelu", 2),
        ("import torch as t\ny = t._softmax(x, -1, False)", "torch._softmax", 2),
        ("from torch import _C\ny = 1", "torch._C", 1),
        ("from torch._C import _nn\ny = 1", "torch._C._nn", 1),
        ("import torch.fft\ny = 1", "torch.fft", 1),
        ("from torch import fft as f\ny = f.rfft(x)", "torch.fft", 1),
        ("y = text.encode()", ".encode", 1),
        ("y = map(str.encode, texts)", ".encode", 1),
        ("y = str(data, 'utf-8')", "str(...)", 1),
        ("y = str(data, encoding='utf-8')", "str(...)", 1),
    ],
)
def test_each_way_to_write_it_is_found(text: str, name: str, line: int) -> None:
    """Aliases, from-imports, a method of a class and keyword arguments hide nothing."""
    use = find_forbidden_use(text, FORBIDS)
    assert use is not None and (use.name, use.line) == (name, line)


@pytest.mark.parametrize(
    "text",
    [
        "import torch\ny = torch.exp(x)\nz = torch.__version__",
        "# torch.ops.aten.gelu\ny = 'text.encode()'",
        "def encode(text):\n    return text\n\n\ny = encode('a')",
        "y = str(data)",
        "class A:\n    def f(self):\n        return self.ops._softmax",
        "import torch\nif __name__ == '__main__':\n    torch.ops.aten.gelu(x)",
        "this is no Python",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    """Comments, texts, one's own names, and what is not graded are no use of it."""
    assert find_forbidden_use(text, FORBIDS) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import math\nimport torch", "torch"),
        ("import math\nimport torch.nn as nn", "torch.nn"),
        ("import math\nfrom torch import Tensor", "torch.Tensor"),
    ],
)
def test_a_whole_library_can_be_forbidden(text: str, name: str) -> None:
    """``torch.*`` is the library itself and all that is in it."""
    use = find_forbidden_use(text, ("torch.*",))
    assert use is not None and (use.name, use.line) == (name, 2)
    assert find_forbidden_use("import math\nimport torchvision", ("torch.*",)) is None


def test_without_a_list_everything_may_be_used() -> None:
    """The back doors are shut only where the contract forbids something."""
    assert find_forbidden_use("import torch\ny = torch.ops.aten.gelu(x)", ()) is None


def test_a_file_with_a_forbidden_use_is_refused_with_its_line(bench: Bench) -> None:
    """Nothing of it is run, and the line is named."""
    text = REFERENCE.replace("return x * 2", "import torch\n    return torch.ops.aten.mul(x, 2)")
    report = bench.grade(text, forbids=("torch.mul",))
    assert "torch.ops.aten.mul may not be used here" in report.load_error
    line = text[: text.index("torch.ops")].count("\n") + 1
    assert f"exercises/demo/twice.py:{line}" in report.load_error
    assert {found.status for found in report.findings} == {"blocked"}
