"""The records of one workspace: attempts, and the standings that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tinydb import where

from grader.errors import RecordsError
from grader.outcome import Attempt, Standing
from grader.records.keep import Keep
from grader.records.keys import month_of, new_key
from grader.records.kinds import ATTEMPTS, STANDING, Damage, Kind, Newer
from grader.records.months import Months
from grader.records.rows import Month
from grader.records.storage import Book, mend
from grader.records.tally import after, joined, tally

Open = Callable[[Path, Kind], Book]


class Records:
    """Attempts and standings under one folder, which is made at the first write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        """What was repaired or restored, for the console to say."""
        self._keep = Keep(folder)

    def record(self, attempt: Attempt) -> Standing:
        """Add the attempt; when this returns, it is on disk.

        The month's file comes first. Should the standings not follow, they are worked out
        from the attempts when they are next read.
        """
        month = month_of(attempt)
        with self._keep.locked():
            seen = self._seen()
            path, full = seen.place(month)
            attempts = self._mended(path, ATTEMPTS)
            taken = [*attempts.names("attempts")]
            if full is not None:
                taken += self._mended(full, ATTEMPTS).names("attempts")
            standings, size = self._settled(seen), attempts.pages.size
            attempts.rows("attempts").put(new_key(attempt, taken), attempt)
            attempts.pages.save()
            return self._count(standings, attempt, month, attempts.pages.size - size)

    def standings(self) -> dict[str, Standing]:
        """The standing of every exercise that has one."""
        return self._in_step().rows("standing").data(Standing)

    def standing(self, exercise: str) -> Standing:
        """The standing of one exercise; an empty one when nothing is known of it."""
        return self.standings().get(exercise, Standing(exercise))

    def attempts(self, exercise: str | None = None, day: str | None = None) -> list[Attempt]:
        """The attempts in order of time, of one exercise or one local day if asked."""
        if exercise is None and day is None:
            return self._all()
        found: dict[str, Attempt] = {}
        query = None if exercise is None else where("exercise") == exercise
        seen = self._seen()
        for month in seen.parts:
            for file in seen.files(month) if day is None or day.startswith(month) else []:
                found |= self._sound(file, ATTEMPTS).rows("attempts").data(Attempt, query)
        return [found[key] for key in sorted(found) if day in (None, found[key].day)]

    def _all(self) -> list[Attempt]:
        from grader.records import past  # its hashes take 3 ms, which most commands do without

        found: dict[str, Attempt] = {}
        seen = self._seen()
        for file in (file for month in seen.parts for file in seen.files(month)):
            try:
                found |= past.attempts(self._keep.read(file) or b"")
            except (Damage, Newer):  # told, and put right where it can be
                found |= self._sound(file, ATTEMPTS).rows("attempts").data(Attempt)
        return [found[key] for key in sorted(found)]

    def days(self) -> dict[str, int]:
        """The number of attempts on each local day that has any, in order."""
        months = self._in_step().rows("months").data(Month).values()
        return dict(chain.from_iterable(sorted(month.days.items()) for month in months))

    def see_hint(self, exercise: str, level: int) -> Standing:
        """Note that the hint of this level was read; the highest level stays."""
        return self._mark(exercise, lambda s: replace(s, hints=max(s.hints, level)))

    def reveal(self, exercise: str) -> Standing:
        """Note that the solution was shown."""
        return self._mark(exercise, lambda s: replace(s, revealed=True))

    def skip(self, exercise: str, skipped: bool = True) -> Standing:
        """Skip the exercise, or take that back."""
        return self._mark(exercise, lambda s: replace(s, skipped=skipped))

    # Writing, under the lock

    def _mark(self, exercise: str, change: Callable[[Standing], Standing]) -> Standing:
        with self._keep.locked():
            book = self._settled(self._seen())
            table = book.rows("standing")
            old = table.data(Standing).get(exercise, Standing(exercise))
            new = change(old)
            if new != old:
                table.put(exercise, new)
                book.pages.save()
            return new

    def _count(self, book: Book, attempt: Attempt, month: str, grown: int) -> Standing:
        """Add an attempt that is on disk to the standings."""
        table, months = book.rows("standing"), book.rows("months")
        name = attempt.exercise
        standing = after(table.data(Standing).get(name, Standing(name)), attempt)
        known = months.data(Month).get(month, Month(0))
        days = {**known.days, attempt.day: known.days.get(attempt.day, 0) + 1}
        table.put(name, standing)
        months.put(month, Month(known.size + grown, days))
        try:
            book.pages.save()
        except RecordsError as error:
            self._warn(f"The attempt is on disk, but the standings are not yet: {error}")
        return standing

    def _settled(self, seen: Months) -> Book:
        """The standings, in step with the attempts; what was not is put right on disk."""
        book = self._mended(self._standing_file, STANDING)
        if not _counted(book, seen):
            self._recount(book, self._mended)
            book.pages.save()
        return book

    def _mended(self, path: Path, kind: Kind) -> Book:
        """The book, restored first if its file is damaged."""
        try:
            return self._open(path, kind)
        except Damage:
            self._warn(mend(path, kind, self._keep))
            return self._open(path, kind)

    # Reading, without the lock unless something must be put right

    def _in_step(self) -> Book:
        """The standings, in step with the attempts, even where nothing can be written."""
        book = self._sound(self._standing_file, STANDING)
        if _counted(book, self._seen()):
            return book
        try:
            with self._keep.locked():
                return self._settled(self._seen())
        except RecordsError as error:
            self._recount(book, self._sound)
            self._warn(f"The standings were worked out from the attempts but not kept: {error}")
            return book

    def _sound(self, path: Path, kind: Kind) -> Book:
        try:
            return self._open(path, kind)
        except Damage:
            with self._keep.locked():
                return self._mended(path, kind)

    def _open(self, path: Path, kind: Kind) -> Book:
        return Book(path, kind, self._keep)

    # The standings and the attempts

    def _recount(self, book: Book, opened: Open) -> None:
        """Work the standings out from all attempts; what only the old rows know stays."""
        every: dict[str, Attempt] = {}
        months = book.rows("months")
        months.truncate()
        seen = self._seen()
        for month in seen.parts:
            books = [opened(file, ATTEMPTS) for file in seen.files(month)]
            held = [book.rows("attempts").data(Attempt) for book in books]
            every |= dict(chain.from_iterable(rows.items() for rows in held))
            days = _by_day(chain.from_iterable(rows.values() for rows in held))
            months.put(month, Month(sum(book.pages.size for book in books), days))
        table = book.rows("standing")
        old = table.data(Standing)
        for name, standing in tally(every[key] for key in sorted(every)).items():
            table.put(name, joined(old.get(name, standing), standing))

    # The files

    def _seen(self) -> Months:
        return Months.seen(self.folder / "attempts", self._keep)

    @property
    def _standing_file(self) -> Path:
        return self.folder / "standing.json"

    def _warn(self, text: str | None) -> None:
        if text and text not in self.warnings:
            self.warnings.append(text)


def _counted(book: Book, seen: Months) -> bool:
    """Whether the standings know the months' files as they are; opens none of them."""
    return seen.sizes() == {k: m.size for k, m in book.rows("months").data(Month).items()}


def _by_day(attempts: Iterable[Attempt]) -> dict[str, int]:
    days: dict[str, int] = {}
    for attempt in attempts:
        days[attempt.day] = days.get(attempt.day, 0) + 1
    return days
