"""Tools for authors of the course: stubs, skeletons, and the proof that an exercise is sound.

``stubs`` makes what is generated; ``skeleton`` begins an exercise; ``gate`` proves every
exercise, by reading (``form``), by asking the engine (``trial``, ``proof``) and by plain pytest
(``plain``, and ``ledger`` in its process); ``mutate`` looks for changes that no check
notices; ``quality`` counts what all of them, and the right answers of ``submission``, have
shown. ``case`` is one exercise with all its texts.
"""

from grader.author.gate import check
from grader.author.mutate import mutate
from grader.author.quality import HEAD as QUALITY_HEAD
from grader.author.quality import Quality, quality
from grader.author.quality import ready as quality_ready
from grader.author.quality import write as write_quality
from grader.author.skeleton import New, new
from grader.author.stubs import Stubs, stub_faults, write_stubs
from grader.author.survivor import Survivor, Tally

__all__ = [
    "QUALITY_HEAD",
    "New",
    "Quality",
    "Stubs",
    "Survivor",
    "Tally",
    "check",
    "mutate",
    "new",
    "quality",
    "quality_ready",
    "stub_faults",
    "write_quality",
    "write_stubs",
]
