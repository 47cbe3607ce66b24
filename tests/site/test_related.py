"""What an exercise's page tells of the learner's own study: cards, and days of the log."""

from datetime import date
from pathlib import Path

from site_workspace import lay

from grader.learner.journal import Journal
from grader.site import render_all

NOTE = """---
about: attention/softmax
---
# Softmax

> [!question]- Why is <b>the largest</b> score taken away?
> So that nothing overflows.
"""


def test_an_exercises_page_lists_its_cards_and_the_days_that_mention_it(tmp_path: Path) -> None:
    """Cards of notes about it with their state, the latest days; other pages have neither."""
    own = lay(tmp_path / "ws")
    own.notes.mkdir(parents=True)
    (own.notes / "softmax.md").write_text(NOTE)
    for day in range(10, 17):
        Journal(own.log).add(date(2026, 11, day), "more of attention/softmax")
    render_all(own)
    text = (own.rendered / "units/attention/softmax.md").read_text()
    _, _, cards = text.partition("## Cards\n")
    assert "score taken away" in cards and "new" in cards and "<b>" not in cards
    assert "`grade review attention/softmax` asks them" in cards
    _, _, logged = text.partition("## In the log\n")
    days = [line for line in logged.splitlines() if line.startswith("- [")]
    assert days[0] == "- [Monday, 16 November 2026](../../log/2026-11-16.md)" and len(days) == 5
    assert "And 2 earlier days." in logged
    other = (own.rendered / "units/numbers/double.md").read_text()
    assert "## Cards" not in other and "## In the log" not in other
