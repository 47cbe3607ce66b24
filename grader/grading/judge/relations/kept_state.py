"""A state that a call should have changed, and that is what it was before.

A parameter after a step, a cache after a key was stored, a generator after a draw, a file, or an
argument that is to change in place: a check looks at it twice with the call in between, or puts
it there itself and looks at it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch

from grader.grading.judge.comparison import is_same_answer
from grader.grading.judge.relations.asked import Handle, make_codec
from grader.grading.judge.relations.checks import Check
from grader.grading.judge.relations.evidence import shorten_name
from grader.grading.judge.relations.numbers import list_entries
from grader.grading.judge.relations.signatures import NO_PARAMETERS, Signatures, bind_arguments
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.frames import MalformedData

MOST_CALLS = 3
"""Which of more functions should have changed the state is not clear."""
LEAST_DISTINCT = 3
"""A function that draws may return the same few numbers twice by chance."""
LOOKS = frozenset({"call", "get", "item", "len", "value"})
"""The forms of questions that show a state."""
PATH, WRITING, READING = "Path", ("write_bytes", "write_text"), ("read_bytes", "read_text")
"""How a check puts a content into a file and looks at it afterwards."""


@dataclass(frozen=True, slots=True)
class Look:
    """A state that was looked at again in a check."""

    seen: str
    """What was looked at, as a learner reads it."""
    calls: tuple[str, ...]
    """The learner's functions that were called since it was looked at before, each once."""
    changes: bool
    """Whether it should have changed."""
    kept: bool
    """Whether it was right before, and is now, bit for bit, what it was."""
    blames: bool
    """Whether this is the first wrong answer of a failed check."""
    rich: bool = True
    """Whether it has enough different entries to be no chance."""


def find_kept_state(looks: Sequence[Look]) -> str | None:
    """Say that a state is what it was before a call that should have changed it.

    It must be the first wrong answer of a failed check, after at most three of the learner's
    functions. Silent where the same functions have changed the same state elsewhere, and where a
    function that is called again returns few different entries.
    """
    changing = [look for look in looks if look.changes and look.calls]
    for look in changing:
        alike = [one for one in changing if (one.seen, one.calls) == (look.seen, look.calls)]
        if look.blames and len(look.calls) <= MOST_CALLS and all(one.kept for one in alike):
            return _describe(look)
    return None


def list_looks(checks: Sequence[Check], signatures: Signatures) -> list[Look]:
    """Return what was looked at more than once within a check."""
    return [look for check in checks for look in _Reader(check, signatures).read()]


def _describe(look: Look) -> str | None:
    if look.seen == _name_result(look.calls[0]) and len(look.calls) == 1:
        again = f"`{look.calls[0]}`, called again with the same arguments, returns the same value"
        return f"{again}; another one is expected." if look.rich else None
    *first, last = (f"`{call}`" for call in look.calls)
    calls = f"{', '.join(first)} and {last}" if first else last
    return f"After the call of {calls}, {look.seen} is what it was before; it should have changed."


def _name_result(function: str) -> str:
    return f"what `{function}` returns"


@dataclass(frozen=True, slots=True)
class _Object:
    """What is known of an object on the other side."""

    label: str
    own: bool
    """Whether it comes from the learner's file."""
    key: int
    """One number for all objects that an attribute has been, or that stand for one file."""
    owner: int = -1
    """The key of the object that it is an attribute of."""


class _Seen(NamedTuple):
    """What a state was, and after how many calls."""

    want: Any
    got: Any
    calls: int


@dataclass(slots=True)
class _Reader:
    """Reads one check's exchanges."""

    check: Check
    signatures: Signatures
    objects: dict[int, _Object] = field(default_factory=dict)
    keys: dict[bytes, int] = field(default_factory=dict)
    """By question: the key of what an attribute is."""
    seen: dict[bytes, _Seen] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def read(self) -> Iterator[Look]:
        """Yield each look at something that was looked at before."""
        codec = make_codec()
        for place, exchange in enumerate(self.check.exchanges):
            try:
                (op, *parts), right, ours = (codec.unpack(packed) for packed in exchange)
                if right[0] == ours[0] == "ok":
                    blames = self.check.failed and place == self.check.first_wrong
                    yield from self._read(op, parts, right[1:], ours[1:], blames)
            except (MalformedData, TypeError, ValueError, AttributeError, LookupError):
                return  # the learner's process can send anything, and what follows is no answer

    def _read(
        self, op: str, parts: list[Any], right: list[Any], ours: list[Any], blames: bool
    ) -> Iterator[Look]:
        (want, _), (got, _) = right, ours
        thing = self._find(parts[0]) if parts else None
        key = self._make_key(op, parts, thing)
        if thing is not None and thing.own and op == "call":
            yield from self._compare_arguments(thing, parts, right[1], ours[1], blames)
        if thing is not None and op in LOOKS and not _has_handle(want) and not _has_handle(got):
            own = (shorten_name(thing.label),) if thing.own and op == "call" else ()
            name = _name_look(op, thing, parts, want)
            yield from self._compare(key, name, own, (want, got), blames)
        if op in ("set", "put") or (op == "call" and thing is not None and not thing.own):
            self._note_doing_of_the_check(op, parts, thing, key)
        self._add(op, parts, thing, key, want)
        if thing is not None and thing.own and op in ("call", "gradients"):
            self.calls.append(shorten_name(thing.label))

    def _compare(
        self,
        key: bytes,
        name: str,
        own: tuple[str, ...],
        answers: tuple[Any, Any],
        blames: bool,
    ) -> Iterator[Look]:
        """Yield a look at what was seen before; ``own`` is the function, if it is a call itself."""
        want, got = answers
        before = self.seen.get(key)
        self.seen[key] = _Seen(want, got, len(self.calls) + len(own))
        if before is not None:
            changes = not is_same_answer(before.want, want, want)
            right = is_same_answer(before.got, before.want, before.want)
            kept = right and _pack(before.got) == _pack(got)
            rich = len(set(list_entries(got))) >= LEAST_DISTINCT
            calls = tuple(dict.fromkeys(self.calls[before.calls :])) or own
            yield Look(name, calls, changes, kept, blames, rich)

    def _compare_arguments(
        self, thing: _Object, parts: list[Any], right: Any, ours: Any, blames: bool
    ) -> Iterator[Look]:
        """Yield the arguments that a call should have changed in place."""
        if right is None:
            return
        parameters = self.signatures.get(thing.label, NO_PARAMETERS)
        before, after = (bind_arguments(parameters, *called[1:]) for called in (parts, right))
        for name, value in before.items():
            if _pack(value) != _pack(after[name]):
                calls = (shorten_name(thing.label),)
                yield Look(f"the argument `{name}`", calls, True, ours is None, blames)

    def _note_doing_of_the_check(
        self, op: str, parts: list[Any], thing: _Object | None, key: bytes
    ) -> None:
        """Forget what was seen where the check itself may have changed it."""
        action = thing.label.rpartition(".")[2] if thing is not None and op == "call" else ""
        if action in WRITING:
            self.seen[key] = _Seen(parts[1][0], parts[1][0], len(self.calls))
        elif action != PATH and not (op == "call" and not parts[1] and not parts[2]):
            self.seen.clear()

    def _add(self, op: str, parts: list[Any], thing: _Object | None, key: bytes, want: Any) -> None:
        """Note the objects of an answer; the first name of each stays."""
        if op == "next" and type(want) is tuple:  # whether there was an entry, and the entry
            entry = want[1]
            if type(entry) is tuple and len(entry) == 2 and isinstance(entry[1], Handle):
                self.objects.setdefault(
                    entry[1].number, _Object(str(entry[0]), True, entry[1].number)
                )
        if not isinstance(want, Handle) or want.number in self.objects:
            return
        number, own = want.number, thing is not None and thing.own
        if op == "get" or (op == "call" and thing is not None and thing.label == PATH):
            number = self.keys.setdefault(key, number)
        if op == "live":
            self.objects[number] = _Object("", False, number)
            value = self._make_key("value", [want], None)
            self.seen[value] = _Seen(parts[0], parts[0], len(self.calls))
            return
        label = {
            "name": lambda: str(parts[0]),
            "import": lambda: str(parts[0]).rpartition(".")[2],
            "get": lambda: f"{thing.label}.{parts[1]}" if thing is not None else str(parts[1]),
        }.get(op, lambda: f"{thing.label}(...)" if thing is not None else "")()
        owner = thing.key if thing is not None else -1
        self.objects[want.number] = _Object(label, own or op == "name", number, owner)

    def _make_key(self, op: str, parts: list[Any], thing: _Object | None) -> bytes:
        """Return a question's bytes, in which what stands for one object has one number."""
        action = thing.label.rpartition(".")[2] if thing is not None and not thing.own else ""
        if thing is not None and op == "call" and action in (*WRITING, *READING):
            return _pack(["content", thing.owner])
        codec = Codec(lambda handle: (self._find_key(handle), ""), Handle)
        return codec.pack([op, *parts])

    def _find(self, handle: Any) -> _Object | None:
        return self.objects.get(handle.number) if isinstance(handle, Handle) else None

    def _find_key(self, handle: Handle) -> int:
        thing = self.objects.get(handle.number)
        return handle.number if thing is None else thing.key


def _name_look(op: str, thing: _Object, parts: list[Any], want: Any) -> str:
    """Return what was looked at, as a learner reads it."""
    if op == "value" and thing.label:
        # By now another object may have its place: an attribute is not said to be unchanged.
        kind = "tensor" if isinstance(want, torch.Tensor) else "object"
        return f"the {kind} that was `{thing.label}`"
    if op == "call":
        last = thing.label.rpartition(".")[2]
        return "the file" if last in READING else _name_result(shorten_name(thing.label))
    if op == "len":
        return f"the length of `{thing.label}`"
    more = {"get": lambda: f".{parts[1]}", "item": lambda: f"[{parts[1]!r}]"}.get(op, lambda: "")()
    return f"`{thing.label}{more}`" if thing.label else "what was passed"


def _has_handle(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_has_handle, value))
    return isinstance(value, Handle)


def _pack(value: Any) -> bytes:
    return make_codec().pack(value)
