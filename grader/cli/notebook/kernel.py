"""The kernel that a magic runs in: which notebook it belongs to, its names, its outputs."""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from grader.base.errors import WorkspaceError
from grader.base.paths import GRADER, Workspace
from grader.course.model import Exercise
from grader.services.exercise_cell import KnownText

MAIN = "__main__"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a kernel knows of an exercise until it is restarted."""

    cell: str
    """The text of the cell that was run last."""
    known: KnownText


@dataclass(slots=True)
class Kernel:
    """IPython's shell with what the magics need of it."""

    shell: Any
    memories: dict[str, Memory] = field(default_factory=dict)
    """By exercise."""
    last: str = ""
    """The exercise that was graded last."""
    _graded: dict[str, object] = field(default_factory=dict)
    """What the graded cells have defined, by name."""
    _raw_cell: str = ""

    def remember_cell(self, info: Any) -> None:
        """Keep the text of a cell that is about to run, with all that stands before a magic."""
        self._raw_cell = str(getattr(info, "raw_cell", "") or "")

    def locate_notebook(self) -> Path | None:
        """Return the notebook's path, as VS Code and Jupyter's server say it; None elsewhere."""
        said = self.shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
        path = Path(str(said)) if said else None
        return path.resolve() if path is not None and path.suffix == ".ipynb" else None

    def find_workspace(self) -> Workspace:
        """Return the workspace around the notebook, or else the one that this grader lies in."""
        for folder in self._list_folders():
            with suppress(WorkspaceError, OSError):
                return Workspace.find(folder)
        raise WorkspaceError(
            f"{Path.cwd()} is not in a Groundwork workspace. Change into your clone with %cd, or "
            "open the notebook there."
        )

    def _list_folders(self) -> list[Path]:
        notebook = self.locate_notebook()
        around = [notebook.parent] if notebook is not None else []
        return [*around, Path.cwd(), GRADER.parent]

    def count_lines_before(self, magic: str) -> int:
        """Return how many lines of the cell stand before the text that the magic was given."""
        lines = self._raw_cell.splitlines()
        return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(magic)), 1)

    def make_importable(self, workspace: Workspace) -> None:
        """Let ``from exercises...`` find the learner's files, where that is not so anyway."""
        if str(workspace.root) not in sys.path:
            sys.path.append(str(workspace.root))

    def forget_module(self, exercise: Exercise) -> None:
        """Let the next import read the exercise's file anew."""
        sys.modules.pop(f"exercises.{exercise.unit}.{exercise.name}", None)

    def run(self, text: str, path: Path, exercise: Exercise) -> str:
        """Run a graded text among the notebook's names; return what it raised, in a line.

        It has been imported by the judge, so it ends.
        """
        try:
            code = compile(text, str(path), "exec", dont_inherit=True)
            exec(code, self.shell.user_ns)
        except (Exception, SystemExit) as error:
            return f"{type(error).__name__}: {error}"
        names = self.shell.user_ns
        self._graded |= {name: names[name] for name in exercise.names if name in names}
        return ""

    def knows(self, name: str) -> bool:
        """Return whether the notebook has such a name, which its file may lack."""
        return name in self.shell.user_ns or hasattr(builtins, name)

    def list_redefined(self, exercise: Exercise) -> list[str]:
        """Return names of the exercise that a cell has defined which is not graded."""
        return [name for name in exercise.names if self._is_redefined(name)]

    def _is_redefined(self, name: str) -> bool:
        found = self.shell.user_ns.get(name)
        if found is None or found is self._graded.get(name):
            return False
        return getattr(found, "__module__", "") == MAIN  # not imported from the learner's files

    def add_cell(self, text: str) -> None:
        """Put a text into a new cell below this one."""
        self.shell.set_next_input(text, replace=False)

    def replace_cell(self, text: str) -> None:
        """Put a text into this cell."""
        self.shell.set_next_input(text, replace=True)


@dataclass(slots=True)
class Output:
    """One place below a cell: what is shown later takes the place of what was shown before."""

    shell: Any
    _name: str = field(default_factory=lambda: uuid4().hex)
    _shown: bool = False

    def show(self, bundle: dict[str, str]) -> None:
        """Show data by their MIME types."""
        self.shell.display_pub.publish(
            data=bundle, metadata={}, transient={"display_id": self._name}, update=self._shown
        )
        self._shown = True

    def show_text(self, text: str) -> None:
        """Show a line of text, such as how far a training run is."""
        self.show({"text/plain": text})
