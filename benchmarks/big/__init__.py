"""A workspace of years of study, the same from the same seed: ``lay`` writes it.

``course`` copies real exercises, ``words`` and ``pictures`` invent what a learner writes,
``written`` lays notes, notebooks and log, ``studied`` the attempts, and ``lay`` all of it.
"""

from benchmarks.big.lay import BIG, MIDDLE, Size, lay

__all__ = ["BIG", "MIDDLE", "Size", "lay"]
