"""``%%grade`` and ``%grade``: a cell becomes the exercise's file, and the file is graded.

What is graded is always the file, by the same service as in a terminal, and each attempt is
recorded. Afterwards the file's text is run in the kernel too, so that the next cell can use what it
defines, also where checks failed; a text that could not be loaded is not run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.base.errors import GroundworkError, UsageError
from grader.base.files import explain_os_error
from grader.base.printable import sanitize
from grader.cli.commands.run_report import list_passed
from grader.cli.console.fault_report import keep_fault
from grader.cli.notebook.ipython_syntax import check_plain_python
from grader.cli.notebook.kernel import Kernel, Memory, Output
from grader.cli.notebook.magic_line import MagicLine, parse_line
from grader.cli.notebook.task import Task
from grader.cli.notebook.views import DifferenceView, list_unknown_names, make_place
from grader.course.model import Exercise
from grader.grading.outcome import Outcome
from grader.services.exercise_cell import ExerciseFile, FileDiffers, WrittenCell
from grader.services.exercise_notebook import MAGIC, read_exercise, read_graded_cell
from grader.services.session import Session

LINE_MAGIC = "%grade"


def register(shell: Any) -> None:
    """Add the magics to a kernel's shell."""
    magics = Magics(Kernel(shell))
    shell.events.register("pre_run_cell", magics.kernel.remember_cell)
    shell.register_magic_function(magics.grade_cell, "cell", "grade")
    shell.register_magic_function(magics.grade_line, "line", "grade")


@dataclass(slots=True)
class Magics:
    """The magics of one kernel."""

    kernel: Kernel

    def grade_cell(self, line: str, cell: str) -> None:
        """Write the cell into the exercise's file and show the verdict on it.

        %%grade EXERCISE [--take cell|file] [--seed N]
        """
        self._do(lambda output: self._grade_cell(parse_line(line, MAGIC), cell, output))

    def grade_line(self, line: str) -> None:
        """Show how the exercise's file and the cell differ, and the verdict on the file.

        %grade [EXERCISE] [--take file] [--seed N]
        """
        self._do(lambda output: self._grade_file(parse_line(line, LINE_MAGIC), output))

    def _do(self, work: Callable[[Output], None]) -> None:
        """Do what a magic is for; an error is words, and ends a run of all cells."""
        from IPython.core.error import UsageError as MagicError

        output = Output(self.kernel.shell)
        try:
            work(output)
        except FileDiffers as error:
            output.show(DifferenceView(str(error), error.difference)._repr_mimebundle_())
            raise MagicError("the cell was not written and nothing was graded.") from None
        except KeyboardInterrupt:
            raise MagicError("stopped; nothing was recorded.") from None
        except TimeoutError:
            raise MagicError("another notebook is writing the file; run the cell again.") from None
        except Exception as error:
            raise MagicError(sanitize(_describe_error(error))) from None

    def _grade_cell(self, said: MagicLine, cell: str, output: Output) -> None:
        before = self.kernel.count_lines_before(MAGIC)
        task = self._open_task(said, output, before)
        if said.take == "file":
            self._take_file(task)
            return
        if not cell.strip():
            raise UsageError("the cell is empty; the exercise's file was left as it is.")
        check_plain_python(cell, before + 1)
        written = self._write(task, cell, force=said.take == "cell")
        if said.take:
            self.kernel.replace_cell(f"{MAGIC} {task.exercise.id}\n{cell}".rstrip("\n"))
        outcome = task.grade()
        advice = [
            f"`{name}` is defined in this notebook, but not in the file. What is graded is the "
            "file alone: write or import it in this cell."
            for name in list_unknown_names(outcome)
            if self.kernel.knows(name)
        ]
        notes = [_describe_writing(task, written), *self._run(task, cell, outcome)]
        task.show(outcome, advice=tuple(advice), notes=tuple(notes))

    def _grade_file(self, said: MagicLine, output: Output) -> None:
        task = self._open_task(said, output, None)
        if said.take == "file":
            self._take_file(task)
            return
        if said.take == "cell":
            raise UsageError(f"--take cell belongs to a cell: {MAGIC} {task.exercise.id}")
        cell = self._find_cell(task)
        difference = () if cell is None else task.file.compare(cell)
        notes = [
            f"{name} in this notebook is another one, of a cell that is not graded."
            for name in self.kernel.list_redefined(task.exercise)
        ]
        task.show(task.grade(), difference=difference, notes=tuple(notes))

    def _open_task(self, said: MagicLine, output: Output, before: int | None) -> Task:
        """Return what is graded, for which the course is read as it is now."""
        workspace = self.kernel.find_workspace()
        self.kernel.make_importable(workspace)
        session, notebook = Session.open(workspace), self.kernel.locate_notebook()
        exercise = self._choose(session, said.exercise, notebook)
        file = ExerciseFile(session, exercise, notebook)
        folder = notebook.parent if notebook else Path.cwd()
        place = make_place(file.path, file.shown, folder, before)
        passed = list_passed(session)
        return Task(session, exercise, file, place, output, said.seed, passed)

    def _choose(self, session: Session, name: str | None, notebook: Path | None) -> Exercise:
        """Return the exercise that is named, or else graded last, or else the notebook's own."""
        name = name or self.kernel.last or (read_exercise(notebook) if notebook else "")
        if not name:
            raise UsageError(f"name the exercise, as in {MAGIC} attention/softmax")
        exercise = session.find_one(name)
        self.kernel.last = exercise.id
        return exercise

    def _find_cell(self, task: Task) -> str | None:
        """Return the cell of the exercise: as it was run last, or else as it was saved."""
        memory, notebook = self.kernel.memories.get(task.exercise.id), task.file.notebook
        if memory is not None:
            return memory.cell
        return read_graded_cell(notebook, task.exercise) if notebook else None

    def _write(self, task: Task, cell: str, *, force: bool) -> WrittenCell:
        memory = self.kernel.memories.get(task.exercise.id)
        known = memory.known if memory else None
        written = task.file.write(cell, known, datetime.now(), force=force)
        self.kernel.memories[task.exercise.id] = Memory(cell, written.known)
        self.kernel.forget_module(task.exercise)
        return written

    def _take_file(self, task: Task) -> None:
        text, known = task.file.take()
        text = text.replace("\r\n", "\n").rstrip("\n")
        self.kernel.memories[task.exercise.id] = Memory(f"{text}\n", known)
        self.kernel.add_cell(f"{MAGIC} {task.exercise.id}\n{text}")
        task.output.show_text(f"The text of {task.file.shown} is in a new cell below.")

    def _run(self, task: Task, cell: str, outcome: Outcome) -> list[str]:
        """Run a text that the judge could load; return what is to be said of it."""
        if outcome.verdict not in ("passed", "failed"):
            return []
        redefined = self.kernel.list_redefined(task.exercise)
        notes = [f"{name} of another cell was replaced in the kernel." for name in redefined]
        error = self.kernel.run(cell, task.file.path, task.exercise)
        return [f"The cell could not be run in the kernel: {error}"] if error else notes


def _describe_writing(task: Task, written: WrittenCell) -> str:
    if not written.changed:
        return f"{task.file.shown} holds this cell already."
    text = f"Written to {task.file.shown}."
    if written.saved is not None:
        shown = task.session.workspace.show_path(written.saved)
        text += f" What it held before is kept as {shown}."
    return text


def _describe_error(error: Exception) -> str:
    if isinstance(error, GroundworkError):
        return str(error)
    words = explain_os_error(error) if isinstance(error, OSError) else None
    return words if words is not None else " ".join(keep_fault(error))
