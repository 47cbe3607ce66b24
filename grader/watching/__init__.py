"""Grading on save.

``folder`` says which exercise was saved, ``saves`` when to look, ``mounts`` where that has to be
polled. A ``session`` takes demands; ``turns`` give up what a newer one made stale, and ``work``
grades. A ``view`` is what there is to see at one moment and ``lines`` are its words; ``screen``,
with ``rows``, ``controls`` and ``keys``, shows that on a terminal, and ``plain`` on a pipe.
"""
