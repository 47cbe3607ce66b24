"""The training loop: random windows, a step for each batch, and the validation loss."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from exercises.data.sliding_window import sliding_window
from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_step import train_step


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    """Return a model's mean loss over a text.

    It is the mean cross-entropy over all targets of the windows that
    ``sliding_window(tokens, context, context)`` returns: each of these targets counts the same.
    It is computed in evaluation mode and without recording gradients, and in one call the model
    gets at most ``batch`` windows. Afterwards the model is in the mode in which it was before; its
    parameters and their ``grad`` do not change.

    Args:
        model: a module that returns logits of shape (rows, T, V) for int64 ids of shape
            (rows, T), as a GPT does.
        tokens: int64 tensor of one dimension, contiguous in memory or not; ``ValueError`` if it has
            ``context`` tokens or fewer, and so no window.
        batch: at least 1.
        context: the context length T, at least 1.

    Returns:
        A Python float. Float32's accuracy is what is asked.

    >>> model = nn.Embedding(3, 3)
    >>> _ = nn.init.ones_(model.weight)
    >>> round(evaluate(model, torch.tensor([2, 0, 1, 1, 2]), batch=2, context=1), 4)  # log 3
    1.0986
    """
    raise NotImplementedError("write evaluate (about 11 lines)")


def train_loop(
    model: nn.Module,
    optimizer: Any,
    train: torch.Tensor,
    valid: torch.Tensor,
    *,
    rates: Sequence[float],
    batch: int,
    context: int,
    max_norm: float,
    evaluate_every: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> list[tuple[int, float]]:
    """Train a language model on random windows of a text, and measure its validation loss.

    Notation: S steps, one for each of ``rates``; batch size B (``batch``), context length T
    (``context``), n tokens in ``train``.

    Step s, for s = 1 to S, is a step as in training/train_step, with the learning rate
    ``rates[s - 1]`` and ``max_norm``, in training mode, on a batch of B windows. The window that
    starts at token i has

        inputs     train[i], ..., train[i + T - 1]
        targets    train[i + 1], ..., train[i + T]

    Each start i is drawn uniformly from 0 to n - T - 1, independently of all others: all windows
    are equally likely in every place of every batch, and one can occur twice in a batch. Only
    the windows of one batch are copied at a time, since ``train`` may have millions of tokens.

    The validation loss, ``evaluate(model, valid, B, T)``, is computed before the first step, after
    each step whose number is a multiple of ``evaluate_every``, and after the last step, each time
    once. How often that is does not change the batches or the steps.

    Training continues from the parameters and the optimizer's state that there are. Equal seeds
    draw equal batches, different seeds different ones; PyTorch's global generator is not used, and
    its state does not change. Which generator you use, and the mode in which the model is when the
    function returns, are your decisions. Float32's accuracy is what is asked.

    Args:
        model: as in ``evaluate``.
        optimizer: as in training/train_step.
        train: int64 tensor of shape (n,), contiguous in memory or not; ``ValueError`` if it has T
            tokens or fewer, also if S is 0.
        valid: as ``tokens`` in ``evaluate``: the text for evaluation.
        rates: the learning rate of each step, a list of S floats, where S may be 0.
        batch: the batch size B, at least 1.
        context: the context length T, at least 1.
        max_norm: the largest joint norm of the gradients, from 0.1 to 1e12.
        evaluate_every: at least 1; it may be more than S.
        seed: an int from 0 to 2^32 - 1.
        report: is called once after each step, as ``report(s, loss)``: the number of the step, an
            int from 1, and the loss of its batch, a float. None if nobody listens.

    Returns:
        The history: a list of tuples (number of steps done, validation loss), a Python int and a
        Python float, one for each evaluation, in order; the first is for 0 steps.

    >>> model = nn.Embedding(2, 2)
    >>> _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> text = torch.tensor([0, 1, 0])  # a single window: inputs 0, 1 and targets 1, 0
    >>> history = train_loop(
    ...     model, optimizer, text, text, rates=[2.0, 2.0, 2.0], batch=5, context=2,
    ...     max_norm=9.0, evaluate_every=2, seed=1
    ... )
    >>> [(steps, round(loss, 3)) for steps, loss in history]
    [(0, 0.693), (2, 0.195), (3, 0.14)]

    Not to be used: ``torch.manual_seed``, ``torch.utils.data``, and training loops of other
    libraries. ``train_step``, ``cross_entropy`` and ``sliding_window`` of the earlier exercises
    are there for it. Source: Goodfellow et al., Deep Learning, sections 5.3 and 8.1.3; Karpathy,
    nanoGPT, train.py.
    """
    raise NotImplementedError("write train_loop (about 14 lines)")
