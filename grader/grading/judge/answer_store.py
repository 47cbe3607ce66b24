"""Answers kept for the next run: what a source answered to the very same questions.

The gate puts the questions of fifty mistakes to all fifty. Most of those questions are the same
bytes each time, so a mistake's answers to a check are computed once and read again from a folder
that ends with the gate. A learner's run has no such folder.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

MOST_BYTES = 4 << 20
"""Answers to one check that take more are asked again."""
SIZE_BYTES = 8


class AnswerStore:
    """A folder with a file for each source and list of questions."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def read(self, text: str, questions: Sequence[bytes]) -> list[bytes] | None:
        """Return the answers, or None where none are kept.

        A source that had not answered them all has fewer answers than questions.
        """
        try:
            kept = self._name_file(text, questions).read_bytes()
        except OSError:
            return None
        answers, at = [], 0
        while at < len(kept):
            size = int.from_bytes(kept[at : at + SIZE_BYTES], "big")
            at += SIZE_BYTES + size
            answers.append(kept[at - size : at])
        return answers

    def write(self, text: str, questions: Sequence[bytes], answers: Sequence[bytes]) -> None:
        """Keep the answers, unless they are large or the folder cannot be written."""
        if sum(map(len, answers)) > MOST_BYTES:
            return
        file = self._name_file(text, questions)
        with contextlib.suppress(OSError):
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "wb") as new:
                for answer in answers:
                    new.write(len(answer).to_bytes(SIZE_BYTES, "big") + answer)
            Path(name).replace(file)  # two judges may write at once: the file is whole all the same

    def _name_file(self, text: str, questions: Sequence[bytes]) -> Path:
        whole = sha256(text.encode("utf-8", "surrogatepass"))
        for question in questions:
            whole.update(len(question).to_bytes(SIZE_BYTES, "big") + question)
        return self._folder / whole.hexdigest()
