"""Attempts and standings, kept as sorted JSON under ``progress/`` that git can merge.

``standing.json`` is the small hot file, one row per exercise and one per month;
``attempts/2026-11.json`` holds the attempts of one month, and ``attempts/2026-11.2.json`` those
that came when it was full. ``cards.json``, ``again.json``, ``readings.json``, ``study.json``,
``claims.json`` and ``imports.json`` are small files of one table each (``tables``). ``.keep/`` is
ignored by git: the lock, the temporary file, two backups of each file, and every damaged file ever
met.

Promises, each with a test:

- What ``record`` returned is on disk, whatever is killed or cut off afterwards.
- Processes that write at once wait for each other; readers see whole files without waiting.
- The cost of a record does not grow with the history.
- A damaged file is restored from a backup, and what it held is kept.
- A file of a newer schema is refused and left as it is.
- A pass is never lost: the standings are repaired from the attempts, and outlive them.
"""

from grader.learner.records.attempts import Records

__all__ = ["Records"]
