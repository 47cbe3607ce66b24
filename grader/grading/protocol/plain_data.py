"""What is done beside the learner's code, in whichever process that is.

The worker does it when the judge asks; plain pytest does it in its own process. So both give
the same answers, which is why this stands in neither of them.
"""

from __future__ import annotations

import importlib
import random
from typing import Any

import numpy as np
import torch


def compute_gradients(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], upstream: torch.Tensor
) -> tuple[torch.Tensor | None, ...]:
    """Return the gradient of ``(function(*args) * upstream).sum()`` for each argument.

    This is what ``grader.checks.gradients`` asks for. It happens where the function lives, since
    the graph that autograd walks back cannot cross to another process.
    """
    inputs = [_make_leaf(arg) for arg in args]
    out = function(*inputs, **kwargs)
    if not isinstance(out, torch.Tensor):
        raise TypeError(f"got {type(out).__name__}, expected a tensor to compute gradients of")
    if not out.requires_grad:
        raise RuntimeError(
            "the result does not require grad: it is detached from its input "
            "(by .detach(), .item(), .data, .numpy() or torch.no_grad())"
        )
    (out * upstream).sum().backward()  # type: ignore[no-untyped-call]
    # Only what was copied answers: another argument's .grad is not of this call alone.
    return tuple(
        thing.grad if isinstance(thing, torch.Tensor) and thing is not arg else None
        for thing, arg in zip(inputs, args, strict=True)
    )


def _make_leaf(arg: Any) -> Any:
    """Return a copy that gathers its own gradient, where the argument is a plain tensor of floats.

    A copy, so that a tensor which is passed twice gathers a gradient for each place, and nothing
    is left over from the call before. Parameters and parts of a graph stay what they are: a
    module's gradients belong on the module's own parameters, as after any ``backward``.
    """
    if (
        isinstance(arg, torch.Tensor)
        and arg.dtype.is_floating_point
        and arg.is_leaf
        and not isinstance(arg, torch.nn.Parameter)
    ):
        return arg.detach().clone().requires_grad_()
    return arg


def release_frozen(result: Any) -> Any:
    """Return a call's result with frozen parameters as the plain tensors that they are.

    A parameter that can be trained is an object to be read and set; one that is returned
    with ``requires_grad=False`` is a table that was wrapped.
    """
    if type(result) is torch.nn.Parameter and not result.requires_grad:
        return result.detach()
    if isinstance(result, tuple) and any(type(part) is torch.nn.Parameter for part in result):
        return tuple(release_frozen(part) for part in result)
    return result


def copy_data(thing: Any) -> Any:
    """Return an object as plain data: tensors copied, mappings and iterables unrolled."""
    if isinstance(thing, torch.Tensor):
        # as_subclass: a Parameter, or a learner's own kind of tensor, would be sent as a handle.
        return thing.detach().clone().as_subclass(torch.Tensor)
    if isinstance(thing, (bool, int, float, complex, str, bytes, type(None))):
        return thing
    if isinstance(thing, dict):
        return {key: copy_data(entry) for key, entry in thing.items()}
    if isinstance(thing, tuple):
        return tuple(copy_data(entry) for entry in thing)
    return [copy_data(entry) for entry in thing]


def import_object(path: str) -> Any:
    """Return the object at a dotted path: ``torch.nn.Linear``."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def seed_all(seed: int) -> None:
    """Seed torch, NumPy and ``random`` alike."""
    torch.default_generator.manual_seed(seed)  # manual_seed would see to every accelerator too
    np.random.seed(seed % 2**32)
    random.seed(seed)
