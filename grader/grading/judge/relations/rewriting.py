"""The questions of a check with one change made in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.grading.judge.relations.asked import Gatherer, make_codec
from grader.grading.judge.relations.changes import Change, list_changes
from grader.grading.judge.relations.signatures import (
    NO_PARAMETERS,
    UNKNOWN,
    Parameter,
    Signatures,
    bind_arguments,
)

LOAD = ".load_state_dict"
WEIGHTS = (Parameter("state_dict"),)
"""What it takes: a dict whose weights are named by themselves."""


class Questions:
    """The questions of one check, each with the name of what is called."""

    def __init__(
        self, exchanges: Sequence[tuple[bytes, bytes, bytes]], signatures: Signatures
    ) -> None:
        """Name what each exchange asks: a question, the expected answer, the one returned."""
        self._codec, self._signatures = make_codec(), signatures
        self.packed = [question for question, _, _ in exchanges]
        self._functions = list(Gatherer("", True, signatures).name_functions(exchanges))

    def list_changes(self, until: int) -> Iterator[Change]:
        """Yield the changes of what is called up to the question of that number.

        From the end: what was asked last comes before what was built for it.
        """
        seen: set[str] = set()
        for place in range(until, -1, -1):
            function = self._functions[place]
            if function and function not in seen:
                seen.add(function)
                _, _, args, kwargs, *_ = self._codec.unpack(self.packed[place])
                parameters = self._get_parameters(function)
                arguments = bind_arguments(parameters, args, kwargs)
                yield from list_changes(function, parameters, arguments)

    def rewrite(self, change: Change) -> list[bytes] | None:
        """Return the questions as changed; None where none of them is another one."""
        changed = [
            self._rewrite(question, change) if function == change.function else question
            for question, function in zip(self.packed, self._functions, strict=True)
        ]
        return changed if changed != self.packed else None

    def _rewrite(self, question: bytes, change: Change) -> bytes:
        op, thing, args, kwargs, *rest = self._codec.unpack(question)
        parameters = self._get_parameters(change.function)
        arguments = bind_arguments(parameters, args, kwargs)
        defaults = {one.name: one.default for one in parameters if one.default is not UNKNOWN}
        new = change.apply({**defaults, **arguments})
        if not new:
            return question
        names = list(arguments)[: len(args)]
        placed = tuple(new.get(name, value) for name, value in zip(names, args, strict=True))
        named = kwargs | {name: value for name, value in new.items() if name not in names}
        return self._codec.pack([op, thing, placed, named, *rest])

    def _get_parameters(self, function: str) -> tuple[Parameter, ...]:
        return WEIGHTS if function.endswith(LOAD) else self._signatures.get(function, NO_PARAMETERS)
