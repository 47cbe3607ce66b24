"""Sources as modules: one file in hand, and the reference under the names of all others.

``from exercises.attention.softmax import softmax`` is how a later exercise uses an earlier
one. While one exercise is graded, the exercises that it builds on are served from ``solutions``, so
that a failure is always local; the target ``mine`` serves the learner's own. What is no exercise
below ``exercises`` is a file of the learner's, and is served as it stands there.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path

PACKAGE = "exercises"


def make_module_name(exercise: str) -> str:
    """Return ``attention/softmax`` as a module: ``exercises.attention.softmax``."""
    return f"{PACKAGE}.{exercise.replace('/', '.')}"


class ExerciseFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves the package ``exercises``: the source in hand by its text, others from ``others``.

    ``others`` is the folder that holds ``unit/name.py`` for every other exercise. Of these only
    the ones in ``reach`` may be imported, where it is given: the reference of a later exercise
    could solve this one. ``admit`` is told the path and text of each file of the learner's own.
    """

    def __init__(
        self,
        exercise: str,
        text: str,
        path: str,
        others: Path,
        reach: Sequence[str] | None = None,
        admit: Callable[[str, str], None] = lambda path, text: None,
    ) -> None:
        self._exercise, self._in_hand = exercise, make_module_name(exercise)
        self._text, self._path, self._others = text, path, others
        self._root, self._admit = others.parent, admit
        self._reach = None if reach is None else frozenset(reach)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for ``exercises``, one of its units or one exercise; None for all else."""
        head, *rest = fullname.split(".")
        if head == "solutions":
            raise ImportError("an exercise may not import from solutions", name=fullname)
        if head != PACKAGE:
            return None
        # ``importlib.import_module("exercises.demo/.twice")`` would name a path of its own choice.
        if not all(part.isidentifier() for part in rest):
            return None
        if len(rest) < 2:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if fullname == self._in_hand:
            return importlib.machinery.ModuleSpec(fullname, self, origin=self._path)
        own = not self._root.joinpath("solutions", *rest).with_suffix(".py").is_file()
        if not own:
            self._check_reach("/".join(rest), fullname)
        folder = self._root / PACKAGE if own else self._find_folder("/".join(rest))
        file = folder.joinpath(*rest).with_suffix(".py")
        if not file.is_file():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(file), loader_state=own)

    def _find_folder(self, exercise: str) -> Path:
        """Return the folder from which another exercise is served."""
        return self._others

    def _check_reach(self, other: str, fullname: str) -> None:
        """Raise ``ImportError`` for an exercise that this one does not build on."""
        if self._reach is None or other in self._reach:
            return
        based = f"builds on {', '.join(sorted(self._reach))}" if self._reach else "builds on none"
        says = f"{other} may not be imported here: {self._exercise} {based}"
        raise ImportError(says, name=fullname)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Return None: a plain module will do."""
        return

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module's source: the text in hand, or the file of another exercise."""
        spec = module.__spec__
        assert spec is not None
        if spec.name == self._in_hand:
            # The text, not the file: what is graded is what was read, whatever becomes of it.
            text, path = self._text, self._path
        elif spec.origin is not None:
            text, path = Path(spec.origin).read_text("utf-8"), spec.origin
            if spec.loader_state:  # a file of the learner's own
                self._admit(path, text)
        else:
            return
        module.__file__ = path
        # Tracebacks show lines from linecache, which would read the file: it may have changed, and
        # the path is as the learner reads it, which need not lead there from here. None in place
        # of the file's time: such an entry is never compared with the disk.
        lines = text.splitlines(keepends=True)
        linecache.cache[path] = (len(text), None, lines, path)
        exec(compile(text, path, "exec"), module.__dict__)

    def load(self) -> types.ModuleType:
        """Load the exercise in hand as a fresh module; other exercises are loaded as it asks."""
        remove_exercises()
        # First in line: a folder ``exercises`` that lies on sys.path must not be found before.
        sys.meta_path.insert(0, self)
        return importlib.import_module(self._in_hand)


def remove_exercises() -> None:
    """Take back what was served before: the finders and the modules below ``exercises``."""
    ours = ExerciseFinder
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, ours)]
    if PACKAGE not in sys.modules:  # a fresh fork need not touch every name, and copy its page
        return
    for name in [n for n in sys.modules if n == PACKAGE or n.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]


@functools.cache
def load_standalone(path: Path) -> types.ModuleType:
    """Load a file as a module that nothing can import; what it imports itself is served as ever."""
    module = types.ModuleType(f"{path.stem} of {path.parent.name}")
    module.__file__ = str(path)
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)
    return module
