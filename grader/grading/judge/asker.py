"""A run's questions put to other sources: the reference, the known mistakes, the learner's again.

One worker for all of them: they are the course's own, and a fork for each of fifty mistakes would
take longer than asking them. Who asks the learner's code again closes its asker afterwards.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from grader.grading.judge.answer_store import AnswerStore
from grader.grading.judge.receiving import receive_answer
from grader.grading.judge.time_limit import TimeLimit
from grader.grading.judge.workers import WorkerFactory, WorkerHandle
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.frames import ConnectionClosed, MalformedData, send
from grader.grading.protocol.plan import Plan


class TimeIsUp(Exception):
    """Nothing more is to be asked."""


class Asker:
    """Asks sources the very bytes of a run, handles included: the questions cannot differ."""

    def __init__(
        self,
        workers: WorkerFactory,
        plan: Plan,
        seconds: float,
        store: AnswerStore | None = None,
    ) -> None:
        """``seconds`` is the deadline of one question; ``store`` keeps answers between runs."""
        self._store = store
        self._workers, self._assignment, self._seconds = workers, plan.make_assignment(), seconds
        self._limit: TimeLimit | None = None
        self._codec = Codec(lambda thing: (0, ""), lambda number, name: None)
        self._worker: WorkerHandle | None = None
        self._computed, self._at_start = 0.0, 0.0
        """The seconds for which earlier workers have computed; what the present one began with."""

    def limit(self, limit: TimeLimit | None) -> None:
        """Ask nothing any more when a limit is reached; None for no limit."""
        self._limit = limit

    def read_cpu_seconds(self) -> float:
        """Return the seconds for which the workers have computed so far, one after the other."""
        return self._computed + self._read_worker_seconds()

    def ask_all(self, text: str, questions: Sequence[bytes]) -> list[bytes] | None:
        """Return what a source answers to some questions; None when it does not answer all."""
        answers = self._store.read(text, questions) if self._store else None
        if answers is None:
            answers = list(self.ask(text, questions))
            if self._store:
                self._store.write(text, questions, answers)
        return answers if len(answers) == len(questions) else None

    def iterate_answers(self, text: str, questions: Sequence[bytes]) -> Iterator[bytes]:
        """Yield the answers as they come; with a store, when all of them are there."""
        if self._store is None:
            yield from self.ask(text, questions)
        else:
            yield from self.ask_all(text, questions) or ()

    def ask(self, text: str, questions: Sequence[bytes]) -> Iterator[bytes]:
        """Yield what a source answers to some questions, as it comes.

        It ends early when the source does not answer. Raises ``TimeIsUp`` when the time is.
        """
        try:
            self._load(text)
            # Answered one by one: whoever stops listening leaves no answer on its way.
            for question in questions:
                yield self._put(question)
        except (ConnectionClosed, MalformedData, TimeoutError):
            self.close()
            self._check_limit()  # a question that was cut short shows nothing

    def close(self) -> None:
        """End the worker; the next question gets a fresh one."""
        if self._worker is not None:
            self._computed += self._read_worker_seconds()
            self._worker.end()
            self._worker = None

    def _load(self, text: str) -> None:
        if self._worker is None:
            self._worker, self._at_start = self._workers.start(self._assignment), 0.0
            self._at_start = self._read_worker_seconds()
        self._put(self._codec.pack(["load", text]))

    def _put(self, question: bytes) -> bytes:
        assert self._worker is not None
        self._check_limit()
        channel = self._worker.channel
        channel.settimeout(self._seconds)
        send(channel, question)
        return receive_answer(channel, self._make_limits)

    def _make_limits(self) -> tuple[TimeLimit, TimeLimit]:
        deadline = TimeLimit(self._seconds, self.read_cpu_seconds)
        return deadline, self._limit or deadline

    def _check_limit(self) -> None:
        if self._limit is not None and self._limit.read_left() <= 0:
            raise TimeIsUp

    def _read_worker_seconds(self) -> float:
        if self._worker is not None:
            with contextlib.suppress(OSError):  # it has ended: its socket says so
                return self._worker.read_cpu_seconds() - self._at_start
        return 0.0
