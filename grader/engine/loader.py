"""Sources as modules: one file in hand, and the reference under the names of all others.

``from exercises.attention.softmax import softmax`` is how a later exercise uses an earlier
one. While one exercise is graded, every other name below ``exercises`` is served from
``solutions``, so that a failure is always local; the target ``mine`` serves the learner's own.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "exercises"


def module_name(exercise: str) -> str:
    """``attention/softmax`` as a module: ``exercises.attention.softmax``."""
    return f"{PACKAGE}.{exercise.replace('/', '.')}"


class Exercises(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves the package ``exercises``: the source in hand by its text, others from ``others``.

    ``others`` is the folder that holds ``unit/name.py`` for every other exercise.
    """

    def __init__(self, exercise: str, text: str, path: str, others: Path) -> None:
        self._in_hand = module_name(exercise)
        self._text, self._path, self._others = text, path, others

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for ``exercises``, one of its units, or one exercise; None for all else."""
        head, *rest = fullname.split(".")
        if head == "solutions":
            raise ImportError("an exercise may not import from solutions", name=fullname)
        if head != PACKAGE:
            return None
        if not all(part.isidentifier() for part in rest):
            return None
        if len(rest) < 2:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        file = self._others.joinpath(*rest).with_suffix(".py")
        if fullname != self._in_hand and not file.is_file():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(file))

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """None: a plain module will do."""
        return

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module's source: the text in hand, or the file of another exercise."""
        spec = module.__spec__
        assert spec is not None
        if spec.name == self._in_hand:
            text, path = self._text, self._path
        elif spec.origin is not None:
            text, path = Path(spec.origin).read_text("utf-8"), spec.origin
        else:
            return
        module.__file__ = path
        lines = text.splitlines(keepends=True)
        linecache.cache[path] = (len(text), None, lines, path)
        exec(compile(text, path, "exec"), module.__dict__)

    def load(self) -> types.ModuleType:
        """The exercise in hand as a fresh module; other exercises are loaded as it asks."""
        forget()
        sys.meta_path.insert(0, self)
        return importlib.import_module(self._in_hand)


def forget() -> None:
    """Take back what was served before: the finders and the modules below ``exercises``."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Exercises)]
    if PACKAGE not in sys.modules:  # a fresh fork need not touch every name, and copy its page
        return
    for name in [n for n in sys.modules if n.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@functools.cache
def standalone(path: Path) -> types.ModuleType:
    """A file as a module that nothing can import; what it imports itself is served as ever."""
    module = types.ModuleType(f"{path.stem} of {path.parent.name}")
    module.__file__ = str(path)
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)
    return module
