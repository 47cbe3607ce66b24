"""What the check files of a unit share: ``shared.py`` beside them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

NAME = "shared.py"


def load_shared(check_file: str) -> ModuleType:
    """Run ``shared.py``, which lies beside a check file, and return it as a module.

    It is found by its path alone. An import statement would search ``sys.path``, where a file of
    the learner's with the same name could come first and would run in the judge.
    """
    # Here, since every command imports this module for the name, and none but the judge loads.
    from importlib.util import module_from_spec, spec_from_file_location

    path = Path(check_file).with_name(NAME)
    spec = spec_from_file_location(f"{path.parent.name}_shared", path)
    assert spec is not None and spec.loader is not None, f"{path} does not end in .py"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_with_shared(check_file: Path) -> str:
    """Return the text of a check file, followed by what it loads from beside it."""
    text = check_file.read_text("utf-8")
    if not uses_shared(text):
        return text
    return join_shared(text, check_file.with_name(NAME).read_text("utf-8"))


def uses_shared(checks: str) -> bool:
    """Return True if the text of a check file loads ``shared.py``."""
    return f"{load_shared.__name__}(" in checks


def join_shared(checks: str, shared: str) -> str:
    """Return the text of a check file, followed by that of its ``shared.py``."""
    return f"{checks}\0{shared}"
