"""Milestones: what a learner's parts do together, in a process apart.

``grade milestone ID`` runs the program of a milestone (``curriculum/milestones/ID.py``) on the
exercises that the learner has passed, and on the references of the others. The events that it
sends are here; :mod:`grader.milestones.run` starts it, and needs more than a site's build has.
"""

from grader.milestones.events import (
    LINES_TO_BEAT,
    Continued,
    Evaluation,
    Event,
    Figure,
    Line,
    Parts,
    Piece,
    Progress,
    Reached,
    format_figure,
)

__all__ = [
    "LINES_TO_BEAT",
    "Continued",
    "Evaluation",
    "Event",
    "Figure",
    "Line",
    "Parts",
    "Piece",
    "Progress",
    "Reached",
    "format_figure",
]
