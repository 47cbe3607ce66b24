"""A training run in the terminal: the line that is drawn again and again."""

from __future__ import annotations

import io

from grader.cli.console.milestone_view import MilestoneView
from grader.cli.console.redrawn_line import RedrawnLine
from grader.course.model import Milestone
from grader.milestones import Figure, Progress


class Terminal(io.StringIO):
    """A stream that is a terminal of 80 columns."""

    def isatty(self) -> bool:
        """Return True, as a terminal does."""
        return True


def test_the_progress_of_a_long_run_fits_into_80_columns() -> None:
    """Step, loss, the bigram's, tokens per second and the time left are all there."""
    terminal = Terminal()
    with RedrawnLine(terminal) as line:
        view = MilestoneView(Milestone("m", "M", "It is.", ("u/e",)), line)
        view.show(Figure("bigram", 2.459))
        view.show(Progress(11_000, 12_000, 2.3456, 15_700.0, 543.0))
        drawn = terminal.getvalue().strip("\r")
    assert drawn.rstrip() == (
        "step 11,000 of 12,000  loss 2.346  bigram 2.459  15,700 tokens/s  9:03 min left"
    )


def test_a_tuned_model_stands_beside_itself_before() -> None:
    """While a model is tuned, the line has its loss from before."""
    terminal = Terminal()
    with RedrawnLine(terminal) as line:
        view = MilestoneView(Milestone("m", "M", "It is.", ("u/e",)), line)
        view.show(Figure("untuned", 2.071))
        view.show(Progress(300, 400, 1.65, 1_200.0, 60.0))
        drawn = terminal.getvalue().strip("\r")
    assert drawn.rstrip() == (
        "step 300 of 400  loss 1.650  untuned 2.071  1,200 tokens/s  60 s left"
    )
