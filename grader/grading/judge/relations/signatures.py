"""The parameters of a reference's functions and classes, read from its text.

The judge never imports an exercise: names and defaults come from the syntax tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class Unknown(NamedTuple):
    """A default that is no literal, or none at all."""


UNKNOWN = Unknown()
NO_PARAMETERS: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, and its default where that is a literal."""

    name: str
    optional: bool = False
    default: Any = UNKNOWN


Signatures = Mapping[str, tuple[Parameter, ...]]
"""By what is called: ``softmax``, ``RMSNorm``, ``RMSNorm(...)``, ``Tokenizer(...).encode``."""


def read_signatures(text: str) -> dict[str, tuple[Parameter, ...]]:
    """Return the parameters of everything that a reference defines at its top."""
    found: dict[str, tuple[Parameter, ...]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = tuple(_read_parameters(node))
        elif isinstance(node, ast.ClassDef):
            found.update(_read_class(node))
    return found


def _read_class(node: ast.ClassDef) -> Iterator[tuple[str, tuple[Parameter, ...]]]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            parameters = tuple(_read_parameters(method))[1:]  # without self
            if method.name == "__init__":
                yield node.name, parameters
            elif method.name in ("forward", "__call__"):
                yield f"{node.name}(...)", parameters
            else:
                yield f"{node.name}(...).{method.name}", parameters


def _read_parameters(node: ast.FunctionDef) -> Iterator[Parameter]:
    places = [*node.args.posonlyargs, *node.args.args]
    missing = len(places) - len(node.args.defaults)
    defaults = [*[None] * missing, *node.args.defaults]
    for place, default in zip(places, defaults, strict=True):
        yield _make_parameter(place.arg, default)
    for place, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        yield _make_parameter(place.arg, default)


def _make_parameter(name: str, default: ast.expr | None) -> Parameter:
    if default is None:
        return Parameter(name)
    try:
        return Parameter(name, True, ast.literal_eval(default))
    except ValueError:
        return Parameter(name, True)


def bind_arguments(
    parameters: tuple[Parameter, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Return a call's arguments by name; what has no name is called by its place."""
    names = [parameter.name for parameter in parameters]
    names += [f"argument {place + 1}" for place in range(len(names), len(args))]
    return dict(zip(names, args, strict=False)) | kwargs
