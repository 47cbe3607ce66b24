"""One screen: an application that paints what a watcher shows and takes keys."""

from __future__ import annotations

import signal
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
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

from grader.cli.watch.controls import Controls
from grader.cli.watch.key_bindings import bind_keys
from grader.cli.watch.rows import join_rows
from grader.cli.watch.screen_rows import Rows, ScreenRows
from grader.cli.watch.view import View
from grader.cli.watch.watcher import Watcher

SOON = 0.08
"""Seconds after which what a run has found so far is painted."""


class Screen:
    """The application. It runs in the main thread; views come from others."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.controls = Controls(watcher)
        self._rows = ScreenRows(self.controls, self._get_size)
        self._body = _make_window(self._rows.make_body, self._rows.get_body_height)
        self.app = self._make_application()
        self.controls.on_focus = self._focus
        self._soon = False
        watcher.live.on_change = self.receive

    def run(self) -> None:
        """Show and take keys until the learner quits, or the watcher breaks."""
        self.app.run(pre_run=self._catch_signals)

    def receive(self, view: View) -> None:
        """Take a new view, from any thread.

        A verdict is painted at once. What comes before it is painted with what follows: a
        verdict that is nearly there does not wait for a painting of its tenth finding.
        """
        self.controls.update(view)
        # This is not the loop's thread: but for ``invalidate``, which may be called from any, all
        # that touches the application is handed to the loop.
        if self.watcher.fault is not None and self.app.loop is not None:
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
        """End the application, unless it has ended."""
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    def get_page(self) -> int:
        """Return the rows that scroll past with a page."""
        return max(1, self._rows.get_body_height() - 2)

    # The application

    def _make_application(self) -> Application[None]:
        head = _make_window(self._rows.make_head, lambda: len(self._rows.make_head()))
        foot = _make_window(self._rows.make_foot, lambda: len(self._rows.make_foot()))
        is_writing = Condition(lambda: self.controls.is_writing)
        entry = ConditionalContainer(self._make_entry(), is_writing)
        app: Application[None] = Application(
            layout=Layout(HSplit([head, self._body, entry, foot]), focused_element=self._body),
            key_bindings=bind_keys(self.controls, self.quit, self.get_page),
            full_screen=True,
        )
        # Esc alone is a key here, but it also begins an arrow's sequence: wait so long for more.
        app.ttimeoutlen = app.timeoutlen = 0.05
        return app

    def _make_entry(self) -> VSplit:
        """Make the line that is written in."""
        label = FormattedTextControl(lambda: {"list": "search: "}.get(self.controls.mode, "log: "))
        return VSplit(
            [
                Window(label, dont_extend_width=True, height=1),
                Window(BufferControl(self.controls.input), height=1),
            ]
        )

    def _focus(self) -> None:
        self.app.layout.focus(self.controls.input if self.controls.is_writing else self._body)

    def _catch_signals(self) -> None:
        """End the application on a signal, from within its loop.

        ``SystemExit`` out of a handler, as before the loop runs, could hit the loop anywhere;
        this way the application restores the terminal first.
        """
        assert self.app.loop is not None
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                self.app.loop.add_signal_handler(getattr(signal, name), self.quit)

    def _get_size(self) -> tuple[int, int]:
        size = self.app.output.get_size()
        return max(size.columns, 10), max(size.rows, 4)


def _make_window(show: Callable[[], Rows], height: Callable[[], int]) -> Window:
    """Make a window of that many rows."""
    return Window(
        FormattedTextControl(lambda: join_rows(show()), focusable=True),
        height=lambda: Dimension.exact(height()),
        always_hide_cursor=True,
    )
