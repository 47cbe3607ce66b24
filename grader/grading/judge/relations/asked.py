"""What was asked in the checks, what is expected and what was returned, by name.

A transcript holds bytes: questions about handles, answers as data. Here a question has the name
of what was called and of each argument, so that a relation can speak of ``eps`` or of
``key.weight``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from grader.grading.judge.comparison import is_same_reply
from grader.grading.judge.relations.signatures import NO_PARAMETERS, Signatures, bind_arguments
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.frames import MalformedData
from grader.grading.protocol.raised import Raised


@dataclass(frozen=True, slots=True)
class Handle:
    """An object of the worker's, by its number.

    The same questions make the same objects, in the same order, so a number means the same on
    either side. The name of its type is the author's.
    """

    number: int
    type_name: str = field(compare=False)


def make_codec() -> Codec:
    """Return a codec whose handles stay what they are."""
    return Codec(lambda thing: (thing.number, thing.type_name), Handle)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with both answers."""

    check: str
    failed: bool
    """Whether the check failed, which need not be because of this question."""
    op: str
    """The form of the question: ``call``, ``gradients``, ``value``, ``get`` and so on."""
    function: str
    """What was called, read or differentiated: ``softmax``, ``RMSNorm(...)``."""
    arguments: Mapping[str, Any]
    """The arguments by name, those of the object's constructor among them."""
    digests: Mapping[str, str]
    """A hash of each argument: equal for equal ones. No two objects are equal."""
    state: str
    """What was done to the object before: questions of one state differ in arguments alone."""
    want: Any
    got: Any
    same: bool
    """Whether the answer returned is the one expected, but for rounding."""


class Arguments(NamedTuple):
    """Arguments by name, with a hash of each."""

    values: dict[str, Any]
    digests: dict[str, str]


@dataclass(slots=True)
class _Object:
    """What is known of an object on the other side."""

    label: str
    owner: _Object | None = None
    """The object of which it is an attribute."""
    setting: Arguments = field(default_factory=lambda: Arguments({}, {}))
    """The constructor's arguments."""
    history: str = ""

    def find_owner(self) -> _Object:
        """Return the object that it belongs to, or itself."""
        return self if self.owner is None else self.owner.find_owner()


class Gatherer:
    """Reads the transcript of one check."""

    def __init__(self, check: str, failed: bool, signatures: Signatures) -> None:
        self._check, self._failed, self._signatures = check, failed, signatures
        self._objects: dict[int, _Object] = {}
        self._codec, self._count = make_codec(), 0

    def gather(self, exchanges: Sequence[tuple[bytes, bytes, bytes]]) -> Iterator[Asked]:
        """Yield the questions that are answered by a value or an error.

        Each exchange is a question, the expected answer and the one returned.
        """
        for exchange in exchanges:
            try:
                asked = self._read(*exchange)
            except (MalformedData, TypeError, ValueError, AttributeError, LookupError):
                return  # the learner's process can send anything, and what follows is no answer
            if asked is not None:
                yield asked

    def _read(self, question: bytes, right: bytes, ours: bytes) -> Asked | None:
        op, *parts = self._codec.unpack(question)
        expected, returned = (self._codec.unpack(reply) for reply in (right, ours))
        want, got = _open_reply(expected), _open_reply(returned)
        named = self._name_question(op, parts, want)
        if named is None or isinstance(want, Handle) or isinstance(got, Handle):
            return None
        same = right == ours or is_same_reply(returned, expected, expected)
        function, arguments, state = named
        about = (op, function, *arguments, state)
        return Asked(self._check, self._failed, *about, want, got, same)

    def name_functions(self, exchanges: Sequence[tuple[bytes, bytes, bytes]]) -> Iterator[str]:
        """Yield, for each exchange, the function that is called or differentiated, or nothing."""
        for question, right, _ in exchanges:
            op, *parts = self._codec.unpack(question)
            named = self._name_question(op, parts, _open_reply(self._codec.unpack(right)))
            function = named[0] if named is not None and op in ("call", "gradients") else ""
            yield function.removeprefix("gradients of ")

    def _name_question(
        self, op: str, parts: list[Any], want: Any
    ) -> tuple[str, Arguments, str] | None:
        """Return function, arguments and state; None for what is not the learner's."""
        if op == "name":
            self._add(want, _Object(parts[0]))
        thing = self._find(parts[0]) if parts else None
        if thing is None:
            return None
        if op == "call":
            return self._name_call(thing, parts, want)
        if op == "gradients":
            arguments = self._bind(thing, parts[1], parts[2])
            return f"gradients of {thing.label}", arguments, thing.find_owner().history
        if op in ("set", "put"):
            _note(thing, self._codec.pack([op, *parts[1:]]))
            return None
        label = f"{thing.label}.{parts[1]}" if op == "get" else thing.label
        self._add(want, _Object(label, thing, thing.setting))
        return label, thing.setting, thing.find_owner().history

    def _name_call(self, thing: _Object, parts: list[Any], want: Any) -> tuple[str, Arguments, str]:
        arguments, state = self._bind(thing, parts[1], parts[2]), thing.find_owner().history
        if isinstance(want, Handle):
            made = f"{want.type_name}(...)"
            label = made if made in self._signatures else f"{thing.label}(...)"
            self._add(want, _Object(label, None, arguments))
        if thing.owner is not None and (want is None or isinstance(want, Handle)):
            # ``load_state_dict``, ``eval``, ``step``: the owner is another one afterwards.
            _note(thing.owner, self._codec.pack([thing.label, *parts[1:]]))
        return thing.label, arguments, state

    def _bind(self, thing: _Object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        parameters = self._signatures.get(thing.label, NO_PARAMETERS)
        values = bind_arguments(parameters, args, kwargs)
        digests = {name: self._digest(value) for name, value in values.items()}
        known = thing.find_owner().setting
        return Arguments(known.values | values, known.digests | digests)

    def _digest(self, value: Any) -> str:
        # What an object holds may change between two questions, so it is equal to nothing.
        self._count += 1
        codec = Codec(lambda thing: (-self._count, ""), Handle)
        return sha256(codec.pack(value)).hexdigest()

    def _find(self, handle: Any) -> _Object | None:
        return self._objects.get(handle.number) if isinstance(handle, Handle) else None

    def _add(self, handle: Any, thing: _Object) -> None:
        # The first name stays: ``layer.double()`` and ``layer.eval()`` return the layer itself.
        if isinstance(handle, Handle):
            self._objects.setdefault(handle.number, thing)


def _note(thing: _Object, packed: bytes) -> None:
    owner = thing.find_owner()
    owner.history = sha256(owner.history.encode() + packed).hexdigest()


def _open_reply(reply: Any) -> Any:
    form, content, *_ = reply
    return Raised.from_data(content) if form == "raised" else content
