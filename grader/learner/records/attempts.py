"""The records of one workspace: attempts, and the standings that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tinydb import where

from grader.base.errors import RecordsError
from grader.grading.outcome import Attempt, Standing
from grader.learner.records.files import RecordFiles
from grader.learner.records.months import MonthFiles, find_month, make_key
from grader.learner.records.rows import MonthCount
from grader.learner.records.schemas import ATTEMPTS, STANDING, DamagedFile, NewerFile, Schema
from grader.learner.records.storage import Database
from grader.learner.records.summary import add_attempt, join_standings, summarize

Opener = Callable[[Path, Schema], Database]


class Records:
    """Attempts and standings under one folder, which is made at the first write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        """What was repaired or restored, for the console to show."""
        self._files = RecordFiles(folder)

    def record(self, attempt: Attempt) -> Standing:
        """Add the attempt; when this returns, it is on disk.

        The month's file comes first. Should the standings not follow, they are computed
        from the attempts when they are next read.
        """
        month = find_month(attempt)
        with self._files.hold_lock():
            seen = self._scan()
            path, full = seen.choose_file(month)
            attempts = self._open_restored(path, ATTEMPTS)
            taken = [*attempts.list_keys("attempts")]
            if full is not None:
                taken += self._open_restored(full, ATTEMPTS).list_keys("attempts")
            standings, size = self._settle(seen), attempts.file.size
            attempts.get_table("attempts").put(make_key(attempt, taken), attempt)
            attempts.file.save()
            return self._count(standings, attempt, month, attempts.file.size - size)

    def explain(self, attempt: Attempt, mistake: str) -> None:
        """Add to a recorded attempt which mistake it looks like; what is not there stays so."""
        month = find_month(attempt)
        with self._files.hold_lock():
            seen = self._scan()
            database = self._settle(seen)
            for path in reversed(seen.list_files(month) if month in seen.parts else []):
                attempts = self._open_restored(path, ATTEMPTS)
                table, size = attempts.get_table("attempts"), attempts.file.size
                rows = table.read_rows(Attempt, where("at") == attempt.at)
                for key in [key for key, row in rows.items() if row == attempt][-1:]:
                    table.put(key, replace(attempt, mistake=mistake))
                    attempts.file.save()
                    self._explain(database, attempt, mistake, attempts.file.size - size)
                    return

    def _explain(self, database: Database, attempt: Attempt, mistake: str, grown: int) -> None:
        """Put the mistake of an attempt that is on disk into the standings."""
        month = find_month(attempt)
        table, months = database.get_table("standing"), database.get_table("months")
        standing = table.read_rows(Standing)[attempt.exercise]
        if standing.last_attempt_at == attempt.at:
            table.put(attempt.exercise, replace(standing, mistake=mistake))
        known = months.read_rows(MonthCount)[month]
        months.put(month, replace(known, size=known.size + grown))
        database.file.save()

    def read_standings(self) -> dict[str, Standing]:
        """Return the standing of every exercise that has one."""
        return self._open_counted().get_table("standing").read_rows(Standing)

    def read_standing(self, exercise: str) -> Standing:
        """Return the standing of one exercise; an empty one when nothing is known of it."""
        return self.read_standings().get(exercise, Standing(exercise))

    def read_attempts(self, exercise: str | None = None, day: str | None = None) -> list[Attempt]:
        """Return the attempts in order of time, of one exercise or one local day if asked."""
        if exercise is None and day is None:
            return self._read_all()
        found: dict[str, Attempt] = {}
        query = None if exercise is None else where("exercise") == exercise
        seen = self._scan()
        for month in seen.parts:
            for file in seen.list_files(month) if day is None or day.startswith(month) else []:
                found |= (
                    self._open_sound(file, ATTEMPTS).get_table("attempts").read_rows(Attempt, query)
                )
        return [found[key] for key in sorted(found) if day in (None, found[key].day)]

    def _read_all(self) -> list[Attempt]:
        from grader.learner.records import history

        found: dict[str, Attempt] = {}
        seen = self._scan()
        for file in (file for month in seen.parts for file in seen.list_files(month)):
            try:
                found |= history.parse_attempts(self._files.read(file) or b"")
            except (DamagedFile, NewerFile):  # told, and put right where it can be
                found |= self._open_sound(file, ATTEMPTS).get_table("attempts").read_rows(Attempt)
        return [found[key] for key in sorted(found)]

    def count_days(self) -> dict[str, int]:
        """Return the number of attempts on each local day that has any, in order."""
        months = self._open_counted().get_table("months").read_rows(MonthCount).values()
        return dict(chain.from_iterable(sorted(month.days.items()) for month in months))

    def see_hint(self, exercise: str, level: int) -> Standing:
        """Record that the hint of this level was read; the highest level stays."""
        return self._mark(exercise, lambda s: replace(s, hints=max(s.hints, level)))

    def reveal(self, exercise: str) -> Standing:
        """Record that the solution was shown."""
        return self._mark(exercise, lambda s: replace(s, revealed=True))

    def skip(self, exercise: str, skipped: bool = True) -> Standing:
        """Skip the exercise, or take that back."""
        return self._mark(exercise, lambda s: replace(s, skipped=skipped))

    # Writing, under the lock

    def _mark(self, exercise: str, change: Callable[[Standing], Standing]) -> Standing:
        with self._files.hold_lock():
            database = self._settle(self._scan())
            table = database.get_table("standing")
            old = table.read_rows(Standing).get(exercise, Standing(exercise))
            new = change(old)
            if new != old:
                table.put(exercise, new)
                database.file.save()
            return new

    def _count(self, database: Database, attempt: Attempt, month: str, grown: int) -> Standing:
        """Add an attempt that is on disk to the standings."""
        table, months = database.get_table("standing"), database.get_table("months")
        name = attempt.exercise
        standing = add_attempt(table.read_rows(Standing).get(name, Standing(name)), attempt)
        known = months.read_rows(MonthCount).get(month, MonthCount(0))
        days = {**known.days, attempt.day: known.days.get(attempt.day, 0) + 1}
        table.put(name, standing)
        months.put(month, MonthCount(known.size + grown, days))
        try:
            database.file.save()
        except RecordsError as error:
            self._warn(
                f"The attempt was recorded, but progress/standing.json was not updated: {error}"
            )
        return standing

    def _settle(self, seen: MonthFiles) -> Database:
        """Open the standings, in step with the attempts; what was not is put right on disk."""
        database = self._open_restored(self._standing_file, STANDING)
        if not _is_counted(database, seen):
            self._recount(database, self._open_restored)
            database.file.save()
        return database

    def _open_restored(self, path: Path, schema: Schema) -> Database:
        """Open the file, restored first if its file is damaged."""
        try:
            return self._open(path, schema)
        except DamagedFile:
            from grader.learner.records.restore import restore_file  # rarely needed

            self._warn(restore_file(path, schema, self._files))
            return self._open(path, schema)

    # Reading, without the lock unless something must be put right

    def _open_counted(self) -> Database:
        """Open the standings, in step with the attempts, even where nothing can be written."""
        database = self._open_sound(self._standing_file, STANDING)
        if _is_counted(database, self._scan()):
            return database
        try:
            with self._files.hold_lock():
                return self._settle(self._scan())
        except RecordsError as error:
            self._recount(database, self._open_sound)
            self._warn(
                f"progress/standing.json was computed from the attempts but not written: {error}"
            )
            return database

    def _open_sound(self, path: Path, schema: Schema) -> Database:
        try:
            return self._open(path, schema)
        except DamagedFile:
            with self._files.hold_lock():
                return self._open_restored(path, schema)

    def _open(self, path: Path, schema: Schema) -> Database:
        return Database(path, schema, self._files)

    # The standings and the attempts

    def _recount(self, database: Database, opener: Opener) -> None:
        """Compute the standings from all attempts; what only the old rows know stays."""
        every: dict[str, Attempt] = {}
        months = database.get_table("months")
        months.truncate()
        seen = self._scan()
        for month in seen.parts:
            databases = [opener(file, ATTEMPTS) for file in seen.list_files(month)]
            held = [database.get_table("attempts").read_rows(Attempt) for database in databases]
            every |= dict(chain.from_iterable(rows.items() for rows in held))
            days = _count_by_day(chain.from_iterable(rows.values() for rows in held))
            months.put(month, MonthCount(sum(database.file.size for database in databases), days))
        table = database.get_table("standing")
        old = table.read_rows(Standing)
        for name, standing in summarize(every[key] for key in sorted(every)).items():
            table.put(name, join_standings(old.get(name, standing), standing))

    # The files

    def _scan(self) -> MonthFiles:
        return MonthFiles.scan(self.folder / "attempts", self._files)

    @property
    def _standing_file(self) -> Path:
        return self.folder / "standing.json"

    def _warn(self, text: str | None) -> None:
        if text and text not in self.warnings:
            self.warnings.append(text)


def _is_counted(database: Database, seen: MonthFiles) -> bool:
    """Return True if the standings have counted the months' files as they are; open none."""
    return seen.sum_sizes() == {
        k: m.size for k, m in database.get_table("months").read_rows(MonthCount).items()
    }


def _count_by_day(attempts: Iterable[Attempt]) -> dict[str, int]:
    days: dict[str, int] = {}
    for attempt in attempts:
        days[attempt.day] = days.get(attempt.day, 0) + 1
    return days
