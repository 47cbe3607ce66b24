"""Tools for authors of the course: stubs, skeletons, and the proof that an exercise is sound.

``stubs`` makes what is generated; ``skeleton`` begins an exercise; ``gate`` proves every
exercise, by reading (``form``), by asking the engine (``trial``, ``proof``) and by plain pytest
(``plain``, and ``ledger`` in its process); ``mutate`` looks for changes that no check
notices. ``case`` is one exercise with all its texts.
"""

from grader.author.gate import check
from grader.author.mutate import mutate
from grader.author.skeleton import New, new
from grader.author.stubs import Stubs, stub_faults, write_stubs
from grader.author.survivor import Survivor, Tally

__all__ = [
    "New",
    "Stubs",
    "Survivor",
    "Tally",
    "check",
    "mutate",
    "new",
    "stub_faults",
    "write_stubs",
]
