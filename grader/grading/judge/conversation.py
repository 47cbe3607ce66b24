"""The judge's end of the wire: questions with a deadline, answers as data, and a transcript.

``Conversation`` is the ``Backend`` and the ``Connection`` of a judged check. It starts a worker
when there is none, loads the source there, and ends it when a call outlasts its deadline or the
process dies; the next check gets a fresh one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

from grader.base.errors import GraderFault
from grader.grading.judge.advice import MAIN_GUARD, explain_unloadable
from grader.grading.judge.describe import describe_question
from grader.grading.judge.proxy import GONE, Remote, describe_gone
from grader.grading.judge.receiving import receive_answer
from grader.grading.judge.remote_errors import (
    LearnersError,
    UnloadableFile,
    WorkerGone,
)
from grader.grading.judge.replies import NO_ANSWER, open_reply, write_back_arguments
from grader.grading.judge.time_limit import QUICK, TimeLimit
from grader.grading.judge.workers import WorkerFactory, WorkerHandle
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.forbidden_names import find_forbidden_use
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    check_size,
    send,
)
from grader.grading.protocol.notices import Notice, StepNotice
from grader.grading.protocol.plan import Plan
from grader.grading.protocol.transcript import Exchange, Transcript

LEAST_SECONDS = 1.0
"""The deadline of a call is halved after each that does not return, down to this."""
UNRECORDED = frozenset({"load", "end"})
"""Questions of the grader's own, which say nothing about the learner's answers."""
WRITING = frozenset({"set", "put"})
"""Questions with which the check itself changes what lives beside the learner's code."""
TRANSCRIPT_BYTES = 32 << 20
"""The transcript of a check that takes more is not kept whole, and is then no evidence."""


class Conversation:
    """Asks one source's worker, and keeps the transcript of the check that runs now."""

    def __init__(
        self,
        workers: WorkerFactory,
        plan: Plan,
        ours: bool = False,
        follow: Callable[[StepNotice], None] = lambda notice: None,
    ) -> None:
        """``ours`` is a source of the course's: the end of its worker is no learner's doing.

        ``follow`` is given each notice of how far a training run is.
        """
        self._ours, self._follow = ours, follow
        self._workers, self._plan, self._seconds = workers, plan, plan.call_seconds
        self._worker: WorkerHandle | None = None
        self._codec = Codec(_pack_handle, self._make_remote, asks=True)
        self._remotes: dict[int, Remote] = {}
        self._named: dict[str, Remote] = {}
        """What a check has asked for by name: it is there again in a fresh process."""
        self._label, self._seed, self._printed = "", 0, ""
        self._announced = False
        """Whether the process said during this question that it kills itself, as asked."""
        self._size, self._narrowed = 0, False
        self._reference: Conversation | None = None
        self.transcript = Transcript()
        self.unloadable = ""
        """Why the source cannot be loaded; empty while nothing is known against it."""
        self.killed = False
        """Whether a worker of this run was killed from outside."""
        self.longest_call = 0.0
        """The seconds computed for the slowest answer so far; 0 if each came at once."""

    # A check's life

    def begin(self, seed: int) -> None:
        """Begin a check: a worker is there, the source loaded, the generators seeded."""
        # Handles number the objects of one check. The worker lets go of them as well, so a
        # stand-in that a check file kept from an earlier check would mean another object.
        self.transcript, self._remotes, self._size = Transcript(), {}, 0
        self._named, self._seed = {}, seed
        # What cannot be loaded once cannot be loaded at all: each check would wait as long again.
        if self.unloadable:
            raise UnloadableFile(self.unloadable)
        # Who ends it only now has kept what it printed until the finding was made.
        if self._narrowed:
            self.close()
        if self._worker is None:
            self._refuse_forbidden()
            self._start_worker()
        self._put("begin", seed)

    def end(self) -> None:
        """End a check: note what was changed around it."""
        # The reference's worker goes with its check: two workers cost twice the memory.
        if self._reference is not None:
            self.killed |= self._reference.killed
            self._reference.close()
            self._reference = None
        if self._worker is not None:
            with contextlib.suppress(WorkerGone, LearnersError):
                self.transcript.notes.extend(self._put("end"))

    def close(self) -> None:
        """Let the worker go."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def take_output(self) -> str:
        """Return what the learner's code printed since the last call."""
        before, self._printed = self._printed, ""
        return before + (self._worker.take_output() if self._worker is not None else "")

    # Backend

    def get(self, name: str) -> Any:
        """Return a stand-in for what the learner's file calls ``name``."""
        self._named[name] = remote = self._put_labelled(name, "name", name)
        return remote

    def make_live(self, thing: Any) -> Any:
        """Return a stand-in for a copy of ``thing`` in the worker."""
        return self._put_labelled("live tensor", "live", thing)

    def import_beside(self, path: str) -> Any:
        """Return a stand-in for a library object in the worker."""
        return self._put_labelled(path.removeprefix("torch."), "import", path)

    def get_reference(self, name: str) -> Any:
        """Return a stand-in for what the reference calls ``name``, in a worker of its own.

        Of its own: in the learner's process it could be read, replaced or slowed down.
        """
        if self._reference is None:
            plan = self._plan.replace_by_reference()
            self._reference = Conversation(self._workers, plan, ours=True)
            try:
                self._reference.begin(0)
            except UnloadableFile as error:
                raise GraderFault(f"the reference: {error}") from None
        return self._reference.get(name)

    def read_cpu_seconds(self, thing: Any) -> float:
        """Return the seconds for which the worker where ``thing`` lives has computed so far."""
        return float(thing._connection.read_own_cpu_seconds())

    def read_own_cpu_seconds(self) -> float:
        """Return the seconds for which this source's worker has computed so far."""
        return 0.0 if self._worker is None else self._worker.read_cpu_seconds()

    def limit_memory(self, megabytes: int, private: bool = False) -> None:
        """Until the check ends, allow the learner's code so much more memory than it has.

        A limit from outside cannot be raised again without rights that few have, so the next check
        has a fresh worker.
        """
        self._put("limit", megabytes, private)
        if self._worker is not None:
            self._narrowed = self._worker.limit_memory(megabytes, private)

    def call_until_killed(
        self,
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        prop: Any,
        number: int,
    ) -> int | None:
        """Call a function whose process the prop kills, then go on in a fresh one.

        What was asked cannot be asked again of one process, so this check is no evidence.
        """
        if not all(isinstance(one, Remote) and one._connection is self for one in (function, prop)):
            raise GraderFault("killed() takes a function of the learner's and a prop beside it")
        self.transcript.drop_bytes()
        try:
            return int(self.ask("killed", function, args, kwargs, prop, number))
        except WorkerGone as gone:
            if not self._announced or gone.status == "timeout":
                raise
        self._go_on_afresh()
        return None

    def leave_no_evidence(self) -> None:
        """Keep no question and no answer of this check, so that nothing is replayed."""
        self.transcript.drop_bytes()

    # Connection

    def ask(self, op: str, *parts: Any) -> Any:
        """Put one question, with the learner's code behind it."""
        call, subject, self._label = describe_question(op, parts)
        value, changed = self._exchange(call, subject, op, parts)
        if changed is not None and op not in WRITING:
            self.transcript.changed.append(call.partition("(")[0])
            try:
                write_back_arguments(parts, changed)
            except MalformedData as error:
                raise self._lose_worker(str(error)) from None
        return value

    def _put_labelled(self, label: str, op: str, *parts: Any) -> Any:
        self._label = label
        return self._put(op, *parts)

    def _put(self, op: str, *parts: Any) -> Any:
        return self._exchange("", "", op, parts)[0]

    def _exchange(self, call: str, subject: str, op: str, parts: tuple[Any, ...]) -> Any:
        if self._worker is None:
            raise WorkerGone("blocked", "the process of your code had ended before this call")
        question = self._pack_question(op, parts)
        exchange = Exchange(question, b"", call, subject)
        if op not in UNRECORDED:
            # Before it is answered: a call that never returns is the one that is shown.
            self.transcript.exchanges.append(exchange)
        answer = self._wait_for_answer(question, op)
        exchange.answer, exchange.answered = answer, True
        self._size += len(question) + len(answer)
        if self._size > TRANSCRIPT_BYTES:
            self.transcript.drop_bytes()
        try:
            return open_reply(self._codec, op, answer)
        except MalformedData:
            raise self._lose_worker(NO_ANSWER) from None

    def _pack_question(self, op: str, parts: tuple[Any, ...]) -> bytes:
        question = self._codec.pack([op, *parts])
        try:
            check_size(question)
        except MalformedData as error:
            raise GraderFault(f"a check has asked too much: {error}") from None
        return question

    def _wait_for_answer(self, question: bytes, op: str) -> bytes:
        """Make one round trip before the deadline; the worker is ended when there is none."""
        assert self._worker is not None
        worker = self._worker
        seconds = self._plan.load_seconds if op == "load" else self._seconds
        limits: list[TimeLimit] = []

        def make_limits() -> list[TimeLimit]:
            limits.append(TimeLimit(seconds, partial(_read_cpu_seconds, worker)))
            return limits

        worker.channel.settimeout(seconds)
        self._announced = False
        try:
            send(worker.channel, question)
            answer = receive_answer(worker.channel, make_limits, self._hear)
            if limits and op != "load":
                self.longest_call = max(self.longest_call, QUICK + limits[0].read_computed())
            return answer
        except TimeoutError:
            # A loop that never ends in one call rarely ends in the next. With ten checks that
            # each wait the whole deadline, the exercise's own deadline would come first, and the
            # learner would not hear which checks pass.
            self._seconds = max(LEAST_SECONDS, self._seconds / 2)
            message = f"no answer within {seconds:g} seconds; is there an infinite loop?"
            raise self._lose_worker(message, "timeout") from None
        except ConnectionClosed:
            raise self._lose_worker("") from None
        except MalformedData as error:
            raise self._lose_worker(f"{NO_ANSWER}: {error}") from None

    def _lose_worker(self, message: str, status: str = "crashed") -> WorkerGone | GraderFault:
        """End a worker that no longer answers as it should; return the error to raise.

        Without a message of its own the error says how the worker had ended.
        Always, even if it lives: a question that was not answered in time may be answered later,
        and would be taken for the answer to the next one.
        """
        assert self._worker is not None
        end = self._worker.end()
        self.killed |= end.killed and not self._announced
        printed = self._worker.take_output()
        if self._announced:
            self._printed += printed
        elif printed.strip():
            self.transcript.notes.append(f"it printed: {printed}")
        self._worker = None
        message = message or end.words or "the process that ran your code closed its connection"
        if self._ours:
            return GraderFault(f"the reference did not answer: {message}")
        return WorkerGone(status, message)

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, StepNotice):
            self._follow(notice)
        else:
            self._announced = True

    def _start_worker(self) -> None:
        """Start a worker and load the source there."""
        self._worker = self._workers.start(self._plan.make_assignment())
        self._narrowed = False
        self._load()

    def _go_on_afresh(self) -> None:
        """Go on with the check in a fresh process, seeded as the first one was.

        What the check had asked for by name is there again, under the same stand-ins.
        """
        for remote in self._remotes.values():
            object.__setattr__(remote, "_connection", GONE)
        self._remotes, named, self._named = {}, self._named, {}
        self._start_worker()
        self._put("begin", self._seed)
        for name, remote in named.items():
            number = object.__getattribute__(self.get(name), "_id")
            object.__setattr__(remote, "_id", number)
            object.__setattr__(remote, "_connection", self)
            self._remotes[number] = self._named[name] = remote

    def _refuse_forbidden(self) -> None:
        """Refuse a file whose text uses what the contract forbids."""
        source = self._plan.source
        use = find_forbidden_use(source.text, source.forbids)
        if use is not None:
            self.unloadable = (
                f"{use.name} may not be used here: the contract asks for your own code "
                f"({source.path}:{use.line})"
            )
            raise UnloadableFile(self.unloadable)

    def _load(self) -> None:
        try:
            self._put("load", self._plan.source.text)
        except WorkerGone as gone:
            self.unloadable = f"your file could not be loaded: {gone.message}"
            if gone.status == "timeout":
                self.unloadable += f"\nIf a training loop is at the end of the file, {MAIN_GUARD}."
            raise UnloadableFile(self.unloadable) from None
        except Exception as error:
            self.unloadable = explain_unloadable(error, self._plan.source)
            raise UnloadableFile(self.unloadable) from None

    def _make_remote(self, number: int, name: str) -> Remote:
        # One stand-in per object, so that ``is`` means the same here as there.
        if number not in self._remotes:
            self._remotes[number] = Remote(self, number, name, self._label or name)
        return self._remotes[number]


def _read_cpu_seconds(worker: WorkerHandle) -> float:
    with contextlib.suppress(OSError):  # it has ended: its socket says so
        return worker.read_cpu_seconds()
    return 0.0


def _pack_handle(thing: Any) -> tuple[int, str]:
    """Return the handle of a stand-in; anything else of the judge's may not cross.

    A function or an object of the check's would bring what it expects to the learner's process.
    """
    if isinstance(thing, Remote):
        if object.__getattribute__(thing, "_connection") is GONE:
            raise GraderFault(f"a check sends {describe_gone(thing)}")
        number: int = object.__getattribute__(thing, "_id")
        return number, ""
    raise GraderFault(f"a check may send only data and stand-ins, not {type(thing).__name__}")
