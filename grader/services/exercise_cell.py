"""A notebook's cell as an exercise's file: written, unless that would lose what others wrote.

A notebook may replace the text that it wrote or read itself. What it does not know, such as a save
in an editor or another notebook's cell, is left, and the learner chooses. A text that is replaced
and that this notebook has not written itself is saved aside first. What a notebook wrote last is
remembered over a restart of its kernel, in the cache: without it the learner is asked once more.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from grader.base.cache import Cache
from grader.base.errors import UsageError
from grader.base.files import read_file, write_file
from grader.base.lock import hold_lock
from grader.course.model import Exercise
from grader.services.help import save_copy
from grader.services.session import Session
from grader.services.submission import read_submission

KIND = "notebooks"
PATIENCE = 10.0
"""Seconds to wait for another notebook that is writing."""


@dataclass(frozen=True, slots=True)
class KnownText:
    """The text of the exercise's file that a notebook knows."""

    hash: str
    wrote: bool
    """Whether the notebook wrote it; otherwise it has only read it."""


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """What became of a cell."""

    known: KnownText
    changed: bool
    """Whether the file was written; it may have held the same text."""
    saved: Path | None = None
    """Where the text is that it held before, if that was not this notebook's."""


class FileDiffers(UsageError):
    """The file holds what the notebook does not know, and the cell was not written."""

    def __init__(self, message: str, difference: tuple[str, ...]) -> None:
        super().__init__(message)
        self.difference = difference


@dataclass(frozen=True, slots=True)
class ExerciseFile:
    """The file of an exercise, as one notebook sees it."""

    session: Session
    exercise: Exercise
    notebook: Path | None
    """None where nobody says which notebook it is; then nothing outlives its kernel."""

    @property
    def path(self) -> Path:
        """The file that is graded."""
        return self.session.workspace.locate_stub(self.exercise.id)

    @property
    def shown(self) -> str:
        """Its path as a learner reads it."""
        return self.session.workspace.show_path(self.path)

    def read(self) -> str:
        """Return its text; ``UsageError`` where it has none that can be read."""
        submission = read_submission(self.path, self.shown)
        if submission.trouble:
            raise UsageError(submission.trouble)
        return submission.text

    def take(self) -> tuple[str, KnownText]:
        """Return its text for a cell, and remember that the notebook knows it."""
        text = self.read()
        known = KnownText(_hash(_read_plain_file(self.path, self.shown) or b""), wrote=False)
        self._remember(known)
        return text, known

    def write(
        self, text: str, known: KnownText | None, now: datetime, *, force: bool = False
    ) -> WrittenCell:
        """Write a cell's text; ``FileDiffers`` where the file has what the notebook does not know.

        ``known`` is what the kernel remembers; without it the notebook's memory is asked. With
        ``force`` the cell is written whatever the file holds, which is saved aside.
        """
        content = _encode(text)
        with self._lock():
            held = _read_plain_file(self.path, self.shown)
            if held is not None and is_same(held, content):
                fresh = KnownText(_hash(held), wrote=True)
                self._remember(fresh)
                return WrittenCell(fresh, changed=False)
            saved = None
            if held is not None:
                saved = self._give_way(held, content, known or self.recall(), now, force)
            write_file(self.path, content)
            fresh = KnownText(_hash(content), wrote=True)
            self._remember(fresh)
            return WrittenCell(fresh, changed=True, saved=saved)

    def recall(self) -> KnownText | None:
        """Return what the notebook knew of the file last, before its kernel was started."""
        found = self._cache().get(KIND, str(self.notebook), self.exercise.id)
        if self.notebook is None or found is None or "hash" not in found:
            return None
        return KnownText(found["hash"], found.get("wrote") == "yes")

    def compare(self, text: str) -> tuple[str, ...]:
        """Return the lines of a diff from the file to a cell; none where they are the same."""
        held = _read_plain_file(self.path, self.shown) or b""
        content = _encode(text)
        return () if is_same(held, content) else _list_differences(held, content, self.shown)

    def _give_way(
        self, held: bytes, content: bytes, known: KnownText | None, now: datetime, force: bool
    ) -> Path | None:
        """Save what the file holds, where somebody else wrote it; refuse if nobody chose that."""
        if is_same(held, self.session.make_stub(self.exercise).encode()):
            return None
        if known is not None and known.hash == _hash(held):
            return None if known.wrote else save_copy(self.session, held, self.exercise, now)
        if force:
            return save_copy(self.session, held, self.exercise, now)
        difference = _list_differences(held, content, self.shown)
        raise FileDiffers(_ask_which(self.exercise, self.shown), difference)

    def _remember(self, known: KnownText) -> None:
        if self.notebook is not None:
            data = {"hash": known.hash, "wrote": "yes" if known.wrote else "no"}
            self._cache().put(data, KIND, str(self.notebook), self.exercise.id)

    def _cache(self) -> Cache:
        return Cache(self.session.workspace.cache)

    def _lock(self) -> AbstractContextManager[None]:
        folder = self.session.workspace.generated
        folder.mkdir(parents=True, exist_ok=True)
        return hold_lock(folder / "notebooks.lock", PATIENCE)


def is_same(held: bytes, content: bytes) -> bool:
    """Return whether two files hold the same lines, whatever ends them."""
    return _split(held) == _split(content)


def _ask_which(exercise: Exercise, shown: str) -> str:
    return (
        f"{shown} holds what this notebook has not written, so the cell was not written and "
        f"nothing was graded. To take the cell, run it once with `%%grade {exercise.id} "
        "--take cell`: what the file holds is kept in progress/aside. To take the file, run it "
        f"with `%%grade {exercise.id} --take file`: its text comes into a new cell."
    )


def _encode(text: str) -> bytes:
    """Return the bytes of a cell, which end with a line end."""
    try:
        return (text if text.endswith("\n") else f"{text}\n").encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise UsageError(
            f"line {line} of the cell has a character that UTF-8 cannot encode; the cell was not "
            "written"
        ) from None


def _read_plain_file(path: Path, shown: str) -> bytes | None:
    """Return what the file holds; None where there is none."""
    if path.is_symlink():
        raise UsageError(f"{shown} is a symbolic link; replace it with the file itself")
    try:
        return read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(
            f"{shown} cannot be read: {error.strerror}; nothing was written"
        ) from error


def _hash(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


def _split(content: bytes) -> list[bytes]:
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")


def _list_differences(held: bytes, content: bytes, shown: str) -> tuple[str, ...]:
    """Return a unified diff from the file to the cell."""
    before, after = (
        [line.decode("utf-8", "replace") for line in _split(text)] for text in (held, content)
    )
    return tuple(unified_diff(before, after, shown, "the cell", n=2, lineterm=""))
