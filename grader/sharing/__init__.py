"""What a learner shows to others: a report, the same as JSON, and a badge.

``facts`` says what is told, and nothing else is: no line of the log, no note, no code, no path of
the learner's. ``report``, ``figures`` and ``badge`` are pure: facts in, text out. ``files`` writes
them, and replaces only what it made itself.
"""

from grader.sharing.badge import badge, markdown
from grader.sharing.facts import Facts, days_done, facts
from grader.sharing.figures import figures
from grader.sharing.files import Files
from grader.sharing.report import report

__all__ = ["Facts", "Files", "badge", "days_done", "facts", "figures", "markdown", "report"]
