"""What a learner shows to others: a report, the same as JSON, a badge and a share card.

``facts`` chooses what they contain, and nothing else does: no line of the log, no note, no code,
no path of the learner's. The report, the JSON, the badge and the card are pure functions of the
facts. ``export_files`` writes them, and replaces only what it wrote itself.
"""

from grader.site.share.badge import draw_badge, format_markdown
from grader.site.share.export_files import ExportFiles
from grader.site.share.facts import Facts, build_facts, collect_facts
from grader.site.share.progress_json import to_json
from grader.site.share.report import render_report

__all__ = [
    "ExportFiles",
    "Facts",
    "build_facts",
    "collect_facts",
    "draw_badge",
    "format_markdown",
    "render_report",
    "to_json",
]
