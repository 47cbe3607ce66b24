"""The judge's end of the wire: questions with a deadline, answers as data, and a transcript.

``Conversation`` is the ``Side`` and the ``Line`` of a judged check. It hires a worker when
there is none, loads the source there, and lets it go when a call outlasts its deadline or the
process dies; the next check gets a fresh one.
"""

from __future__ import annotations

import contextlib
from typing import Any, Protocol

from grader.engine.frames import Closed, Malformed, receive, send
from grader.engine.inplace import write_back
from grader.engine.plan import Plan
from grader.engine.raised import LearnersError, NotThere, Unloadable, rebuilt, why_unloadable
from grader.engine.showing import show
from grader.engine.side import Remote
from grader.engine.transcript import Exchange, Page
from grader.engine.wire import Codec
from grader.errors import GraderFault

ARGUMENTS = 3
"""The function, its arguments and its keywords; what comes after is the check's own."""
LEAST_SECONDS = 1.0
"""Patience halves with each call that does not return, down to this."""
UNRECORDED = frozenset({"load", "end"})
"""Questions of the grader's own, which say nothing about the learner's answers."""
TRANSCRIPT_BYTES = 64 << 20
"""A transcript beyond this is not kept whole, and is then no evidence."""


class Hand(Protocol):
    """A hired worker process."""

    def channel(self) -> Any:
        """The socket to ask over."""
        ...

    def printed(self) -> str:
        """What it printed since last asked, capped."""
        ...

    def computed(self) -> float:
        """Seconds for which it has computed so far."""
        ...

    def dismiss(self) -> str:
        """End it and all that it started; say how it had ended, if it had."""
        ...


class Agency(Protocol):
    """Where workers come from."""

    def hire(self, told: dict[str, Any]) -> Hand:
        """A fresh worker, told what the run is about, with nothing loaded yet."""
        ...


class Conversation:
    """Asks one source's worker; ``page`` is the transcript of the check that runs now."""

    def __init__(self, agency: Agency, plan: Plan) -> None:
        self._agency, self._plan, self._seconds = agency, plan, plan.call_seconds
        self._hand: Hand | None = None
        self._codec = Codec(_not_data, self._remote)
        self._remotes: dict[int, Remote] = {}
        self._label = ""
        self._size = 0
        self._rival: Conversation | None = None
        self.page = Page()
        self.unloadable = ""

    # A check's life

    def settle(self, seed: int) -> None:
        """Begin a check: a worker is there, the source loaded, the generators seeded."""
        self.page, self._remotes = Page(), {}
        if self.unloadable:
            raise Unloadable(self.unloadable)
        if self._hand is None:
            self._hand = self._agency.hire(self._plan.told())
            self._load()
        self._put("begin", seed)

    def finish(self) -> None:
        """End a check: note what drifted, and what was printed beyond measure."""
        if self._rival is not None:
            self._rival.close()
            self._rival = None
        if self._hand is not None:
            with contextlib.suppress(NotThere, LearnersError):
                self.page.notes.extend(str(note) for note in self._put("end"))

    def close(self) -> None:
        """Let the worker go."""
        if self._hand is not None:
            self._hand.dismiss()
            self._hand = None

    def printed(self) -> str:
        """What the learner's code printed since last asked."""
        return self._hand.printed() if self._hand is not None else ""

    # Side

    def named(self, name: str) -> Any:
        """A stand-in for what the learner's file calls ``name``."""
        return self._labelled(name, "named", name)

    def live(self, thing: Any) -> Any:
        """A stand-in for a copy of ``thing`` in the worker."""
        return self._labelled("live tensor", "live", thing)

    def beside(self, path: str) -> Any:
        """A stand-in for a library object in the worker."""
        return self._labelled(path.removeprefix("torch."), "beside", path)

    def reference(self, name: str) -> Any:
        """A stand-in for what the reference calls ``name``, in a worker of its own."""
        if self._rival is None:
            self._rival = Conversation(self._agency, self._plan.of_reference())
            self._rival.settle(0)
        return self._rival.named(name)

    def clock(self, thing: Any) -> float:
        """Seconds for which the worker where ``thing`` lives has computed so far."""
        return float(thing._line.computed())

    def computed(self) -> float:
        """Seconds for which this source's worker has computed so far."""
        return 0.0 if self._hand is None else self._hand.computed()

    def room(self, megabytes: int) -> None:
        """Until the check ends the learner's code may take so much more memory than it has."""
        self._put("room", megabytes)

    # Line

    def ask(self, op: str, *parts: Any) -> Any:
        """Put one question, with the learner's code behind it."""
        says, subject, label = _in_words(op, parts)
        self._label = label
        value, changed = self._exchange(says, subject, op, parts)
        if changed is not None:
            names = [says.partition("(")[0]]
            self.page.changed.extend(names)
            for old, new in zip(parts[:ARGUMENTS], changed[:ARGUMENTS], strict=True):
                write_back(old, new)
        return value

    def _labelled(self, label: str, op: str, *parts: Any) -> Any:
        self._label = label
        return self._put(op, *parts)

    def _put(self, op: str, *parts: Any) -> Any:
        return self._exchange("", "", op, parts)[0]

    def _exchange(self, says: str, subject: str, op: str, parts: tuple[Any, ...]) -> Any:
        if self._hand is None:
            raise NotThere("blocked", "your code had ended before this question could be put")
        question = self._codec.pack([op, *parts])
        exchange = Exchange(question, b"", says, subject)
        if op not in UNRECORDED:
            self.page.exchanges.append(exchange)
        patience = self._plan.load_seconds if op == "load" else self._seconds
        answer = self._through(question, patience)
        self._size += len(question) + len(answer)
        self.page.whole = self._size < TRANSCRIPT_BYTES
        exchange.answer = answer if self.page.whole else b""
        return self._opened(answer)

    def _through(self, question: bytes, seconds: float) -> bytes:
        """One round trip before the deadline; the hand is gone when there is none."""
        assert self._hand is not None
        channel = self._hand.channel()
        channel.settimeout(seconds)
        try:
            send(channel, question)
            return receive(channel)
        except TimeoutError:
            self._seconds = max(LEAST_SECONDS, self._seconds / 2)
            self._lost()
            raise NotThere(
                "timeout", f"no answer within {seconds:g} seconds: a loop that never ends?"
            ) from None
        except Closed:
            raise NotThere("crashed", self._lost()) from None
        except Malformed as error:
            self._lost()
            raise NotThere("crashed", f"what came back is no answer: {error}") from None

    def _lost(self) -> str:
        assert self._hand is not None
        ended = self._hand.dismiss()
        self.page.notes.extend(_printed_note(self._hand.printed()))
        self._hand = None
        return ended or "the process that ran your code broke off the conversation"

    def _opened(self, answer: bytes) -> tuple[Any, list[Any] | None]:
        try:
            form, *rest = self._codec.unpack(answer)
            if form == "ok":
                value, changed = rest
                return value, changed
            (what,) = rest
            error = rebuilt(dict(what))
        except (Malformed, TypeError, ValueError, AttributeError, LookupError):
            self._lost()
            raise NotThere("crashed", "what came back is no answer") from None
        raise error

    def _load(self) -> None:
        try:
            self._put("load", self._plan.source.text)
        except NotThere as gone:
            self.unloadable = f"your file could not be loaded: {gone.message}"
            raise Unloadable(self.unloadable) from None
        except Exception as error:
            self.unloadable = why_unloadable(error)
            raise Unloadable(self.unloadable) from None

    def _remote(self, number: int, name: str) -> Remote:
        if number not in self._remotes:
            self._remotes[number] = Remote(self, number, name, self._label or name)
        return self._remotes[number]


def _not_data(thing: Any) -> tuple[int, str]:
    """The handle of a stand-in; anything else of the judge's may not cross."""
    if isinstance(thing, Remote):
        number: int = object.__getattribute__(thing, "_id")
        return number, ""
    raise GraderFault(f"a check may send only data and stand-ins, not {type(thing).__name__}")


def _printed_note(text: str) -> list[str]:
    return [f"it printed: {text}"] if text.strip() else []


def _in_words(op: str, parts: tuple[Any, ...]) -> tuple[str, str, str]:
    """A question as a learner reads it, its subject, and the label of what comes back."""
    label = str(object.__getattribute__(parts[0], "_label")) if parts else ""
    if op == "call":
        _, args, kwargs = parts
        texts = [show(arg, 200) for arg in args]
        texts += [f"{name}={show(arg, 200)}" for name, arg in kwargs.items()]
        joined = ", ".join(texts) if all("\n" not in text for text in texts) else _stacked(texts)
        return f"{label}({joined})", label, f"{label}(...)"
    if op == "gradients":
        shown = ", ".join(show(arg, 200).partition("\n")[0] for arg in parts[1])
        return f"gradients of {label}({shown})", label, label
    if op == "get":
        return "", label, f"{label}.{parts[1]}"
    return "", label, f"{label} entry" if op in ("item", "next") else label


def _stacked(texts: list[str]) -> str:
    return "\n" + ",\n".join(f"  {text}" for text in texts)
