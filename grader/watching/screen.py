"""One screen: the exercise in hand, its claims, the first failure, and the keys."""

from __future__ import annotations

import signal
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Dimension,
    FormattedTextControl,
    HSplit,
    Layout,
    VSplit,
    Window,
)

from grader.console import overview
from grader.console.paint import columns, paint, wrapped
from grader.watching import lines
from grader.watching.controls import Controls
from grader.watching.keys import bindings, shown
from grader.watching.rows import join, rows
from grader.watching.session import Session
from grader.watching.view import View

Rows = list[StyleAndTextTuples]

SOON = 0.08
"""Seconds after which what a run has found so far is painted."""
SHORT = 12
"""With fewer rows than these, only the essential is shown."""
TALL = 20
"""With as many rows there is room for titles."""


class Screen:
    """Paints a session, and takes keys."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.controls = Controls(session)
        self._body = _window(self._body_rows, self._height)
        self.app = self._application()
        self.controls.focused = self._focus
        self._soon = False
        session.told = self.told

    def run(self) -> None:
        """Show and take keys until the learner quits, or the session breaks."""
        self.app.run(pre_run=self._catch_signals)

    def told(self, view: View) -> None:
        """A new view, from any thread.

        A verdict is painted at once. What comes before it is painted with what follows: a
        verdict that is nearly there does not wait for a painting of its tenth finding.
        """
        self.controls.told(view)
        if self.session.fault is not None and self.app.loop is not None:
            self.app.loop.call_soon_threadsafe(self.quit)
        if view.work != "checking" or self.app.loop is None:
            self.app.invalidate()
        elif not self._soon:
            self._soon = True
            self.app.loop.call_soon_threadsafe(self.app.loop.call_later, SOON, self._paint)

    def _paint(self) -> None:
        self._soon = False
        self.app.invalidate()

    def quit(self) -> None:
        """End."""
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    def page(self) -> int:
        """Rows that scroll past with a page."""
        return max(1, self._height() - 2)

    # The application

    def _application(self) -> Application[None]:
        head = _window(self._head_rows, lambda: len(self._head_rows()))
        foot = _window(self._foot_rows, lambda: len(self._foot_rows()))
        entry = ConditionalContainer(self._entry(), Condition(lambda: self.controls.writing))
        app: Application[None] = Application(
            layout=Layout(HSplit([head, self._body, entry, foot]), focused_element=self._body),
            key_bindings=bindings(self),
            full_screen=True,
        )
        app.ttimeoutlen = app.timeoutlen = 0.05  # Esc alone is a key here
        return app

    def _entry(self) -> VSplit:
        """The line that is written in."""
        label = FormattedTextControl(lambda: {"list": "search: "}.get(self.controls.mode, "log: "))
        return VSplit(
            [
                Window(label, dont_extend_width=True, height=1),
                Window(BufferControl(self.controls.input), height=1),
            ]
        )

    def _focus(self) -> None:
        self.app.layout.focus(self.controls.input if self.controls.writing else self._body)

    def _catch_signals(self) -> None:
        assert self.app.loop is not None
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                self.app.loop.add_signal_handler(getattr(signal, name), self.quit)

    # What is shown

    def _size(self) -> tuple[int, int]:
        size = self.app.output.get_size()
        return max(size.columns, 10), max(size.rows, 4)

    def _height(self) -> int:
        """Rows that the body has."""
        taken = len(self._head_rows()) + len(self._foot_rows()) + self.controls.writing
        return max(1, self._size()[1] - taken)

    def _head_rows(self) -> Rows:
        width, height = self._size()
        with columns(width):
            status, *title, progress = lines.head(self.session.view)
            if height < SHORT:
                return rows([status], width)
            return rows([status, *(title if height >= TALL else []), progress], width)

    def _foot_rows(self) -> Rows:
        width, height = self._size()
        controls = self.controls
        with columns(width):
            if controls.mode == "ask":
                return rows([wrapped(f"{controls.question} y/N")], width)
            opened = "panel" if controls.panel or self.session.view.batch is not None else ""
            keys = [paint(line, "faint") for line in shown(controls.mode or opened, width)]
            said = rows([paint(wrapped(text), "odd") for text in self.session.view.said], width)
        said = said[: 1 if height < SHORT else height // 3] if self.session.view.said else []
        return [*said, *rows(keys, width)][: height // 2]

    def _body_rows(self) -> Rows:
        width, height = self._size()[0], self._height()
        controls = self.controls
        with columns(width):
            if controls.mode == "list":
                return self._list_rows(width, height)
            view = self.session.view
            texts = controls.panel() if controls.panel else lines.body(view, height)
            found = rows(texts, width)
        controls.down = max(0, min(controls.down, len(found) - height))
        return found[controls.down : controls.down + height]

    def _list_rows(self, width: int, height: int) -> Rows:
        controls, progress = self.controls, self.session.view.progress
        found = controls.found()
        if not found:
            return rows(["no exercise holds these words"], width)
        first = max(0, min(controls.chosen - height // 2, len(found) - height))
        shown = list(enumerate(found))[first : first + height]
        return [
            rows([(">" if n == controls.chosen else " ") + overview.row(e, progress)[3:]], width)[0]
            for n, e in shown
        ]


def _window(show: Callable[[], Rows], height: Callable[[], int]) -> Window:
    """A window of that many rows."""
    return Window(
        FormattedTextControl(lambda: join(show()), focusable=True),
        height=lambda: Dimension.exact(height()),
        always_hide_cursor=True,
    )
