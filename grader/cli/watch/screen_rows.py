"""What the screen shows, as rows: a head, a body that scrolls, and a foot with the keys."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples

from grader.cli.console import overview
from grader.cli.console.terminal import fold, paint, set_columns, wrap
from grader.cli.watch import view_text
from grader.cli.watch.controls import Controls
from grader.cli.watch.key_bindings import format_keys
from grader.cli.watch.rows import cut_rows
from grader.course.model import Exercise

Rows = list[StyleAndTextTuples]
SHORT = 12
"""With fewer rows than these, only the essential is shown."""
ONE_LINE = 1000
"""As many columns let an entry of a list be one line, of which the screen shows the beginning."""
TALL = 20
"""With as many rows there is room for titles."""


class ScreenRows:
    """The rows for a screen of the size that it has at the moment."""

    def __init__(self, controls: Controls, get_size: Callable[[], tuple[int, int]]) -> None:
        self._controls, self._get_size = controls, get_size

    def get_body_height(self) -> int:
        """Return the rows that the body has."""
        taken = len(self.make_head()) + len(self.make_foot()) + self._controls.is_writing
        return max(1, self._get_size()[1] - taken)

    def make_head(self) -> Rows:
        """Return the exercise, its verdict, and how far the learner has come."""
        width, height = self._get_size()
        with set_columns(width):
            status, *title, progress = view_text.format_head(self._controls.watcher.view)
            shown = [status]
            if height >= SHORT:
                shown = [status, *(title if height >= TALL else []), progress]
            return cut_rows(map(fold, shown), width)

    def make_foot(self) -> Rows:
        """Return the messages and the keys, or what is asked."""
        width, height = self._get_size()
        controls, view = self._controls, self._controls.watcher.view
        with set_columns(width):
            if controls.mode == "ask":
                return cut_rows([wrap(f"{controls.question} y/N")], width)
            opened = "panel" if controls.panel or view.batch is not None else ""
            keys = [paint(line, "faint") for line in format_keys(controls.mode or opened, width)]
            texts = [paint(wrap(text), "odd") for text in view.messages]
            messages = cut_rows(texts, width) if texts else []
        room = 1 if height < SHORT else height // 3
        return [*messages[:room], *cut_rows(keys, width)][: height // 2]

    def make_body(self) -> Rows:
        """Return the part of the body that is scrolled to."""
        width, height = self._get_size()[0], self.get_body_height()
        controls = self._controls
        with set_columns(width):
            if controls.mode == "list":
                return self._make_list(width, height)
            view = controls.watcher.view
            texts = controls.panel() if controls.panel else view_text.format_body(view, height)
            found = cut_rows(map(fold, texts), width)
        controls.down = max(0, min(controls.down, len(found) - height))
        return found[controls.down : controls.down + height]

    def _make_list(self, width: int, height: int) -> Rows:
        """Return the exercises found, with the chosen one in the middle where there are many."""
        controls, progress = self._controls, self._controls.watcher.view.progress
        found = controls.list_found()
        if not found:
            return cut_rows(["no exercise contains these words"], width)
        first = max(0, min(controls.chosen - height // 2, len(found) - height))
        shown = list(enumerate(found))[first : first + height]
        marks = (">" if number == controls.chosen else " " for number, _ in shown)
        with set_columns(ONE_LINE):
            lines = [overview.format_row(exercise, progress)[3:] for _, exercise in shown]
        rows = (
            _fit_entry(mark + line, exercise)
            for mark, line, (_, exercise) in zip(marks, lines, shown, strict=True)
        )
        return [cut_rows([row], width)[0] for row in rows]


def _fit_entry(line: str, exercise: Exercise) -> str:
    """Return as much of an entry as one row has room for; its title whole, or not at all."""
    row = fold(line).split("\n")[0]
    if exercise.title in row:
        return row
    before, name, _ = line.partition(exercise.id)
    return before + name
