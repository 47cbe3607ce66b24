"""Checkpoints: a training run that is killed goes on as if nothing had happened."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from exercises.training.train_step import train_step


def save_checkpoint(
    path: str, model: nn.Module, optimizer: Any, step: int, generator: torch.Generator
) -> None:
    """Write the state of a training run to a file, all of it or nothing.

    The file contains what the run needs to go on: the model's ``state_dict()`` (its parameters and
    buffers), the optimizer's ``state_dict()``, the number of steps done, and the generator's state.
    Its format is your decision, except that it is a single file.

    The file at ``path`` is never changed: at one moment it is replaced, by a new one that is
    complete. So if the process is killed, at any moment, a whole checkpoint is at ``path``
    afterwards, the old one or the new one, and if there was none, a whole one or none. If writing
    fails, as on a full disk, the error is raised (which one is your decision) and the old file is
    still there. A program that has the old file open goes on reading the old one.

    All other files that the function writes are in the same folder, since another folder can be on
    another disk. After a successful call none of them is left. After a kill or an error they may be
    left, and later calls work all the same. What a power failure leaves behind is not asked.

    The model with its gradients, the optimizer and the generator do not change, nor does the
    global generator.

    Args:
        path: the file, in a folder that exists; without a folder, as in "run.pt", it is in the
            working directory. Its name has at most 200 characters, with or without a suffix; an
            existing file is replaced.
        model: any module whose ``state_dict()`` has tensors only, of any memory layout.
        optimizer: one of ``torch.optim``, or another object whose methods ``state_dict()`` and
            ``load_state_dict()`` return and take a dict of the same form: "state" and
            "param_groups", with tensors and plain values.
        step: the number of steps done, at least 0.
        generator: the one that draws the batches.
    """
    raise NotImplementedError("write save_checkpoint (about 12 lines)")


def load_checkpoint(path: str, model: nn.Module, optimizer: Any, generator: torch.Generator) -> int:
    """Put a training run into the state that ``save_checkpoint`` has written, and return its step.

    Afterwards all tensors of the model's ``state_dict()``, all that the optimizer has stored, its
    settings included, and the generator's state are bit for bit what they were when the file was
    written, also in float64 or bfloat16. The parameters are the same objects as before, so that
    the optimizer still updates them; the mode, training or evaluation, does not change, nor does
    the global generator. What ``grad`` holds afterwards is your decision.

    If there is no file at ``path``, nothing changes and 0 is returned. ``ValueError`` is raised,
    and nothing has changed in the model, the optimizer and the generator, if the file

        - is the beginning of a checkpoint that was not written to its end, or is empty
        - is something else, such as a text, or a file of ``torch.save`` with other content
        - is the checkpoint of a model whose ``state_dict()`` has other names or other shapes

    It need not be noticed if somebody has changed bytes of a checkpoint, or has forged one. But
    whatever the file is, loading never runs code from it, as unpickling without restrictions does.

    Args:
        path: the file.
        model: the module to restore, of the same dtype as the one that was saved.
        optimizer: the optimizer to restore, made for the parameters of ``model`` as the saved one
            was for those of its model: the same class, and the same groups of parameters.
        generator: the ``torch.Generator`` to restore.

    Returns:
        The number of steps done, a Python int.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "run.pt")
    >>> model, generator = nn.Linear(2, 2), torch.Generator().manual_seed(0)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> load_checkpoint(path, model, optimizer, generator)
    0
    >>> save_checkpoint(path, model, optimizer, 7, generator)
    >>> first = torch.rand(1, generator=generator)
    >>> load_checkpoint(path, model, optimizer, generator)
    7
    >>> torch.equal(torch.rand(1, generator=generator), first)
    True
    """
    raise NotImplementedError("write load_checkpoint (about 15 lines)")


def train_resumable(
    model: nn.Module,
    optimizer: Any,
    train: torch.Tensor,
    *,
    path: str,
    rates: Sequence[float],
    batch: int,
    context: int,
    max_norm: float,
    save_every: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> None:
    """Train a model on random windows of a text; a run that was killed goes on when called again.

    Notation: S steps, one for each of ``rates``; batch size B, context length T, n tokens in
    ``train``.

    Steps and batches are those of training/train_loop: step s, for s = 1 to S, is a training step
    with the learning rate ``rates[s - 1]`` and ``max_norm``, in training mode, on B windows of T
    tokens, whose targets are the next tokens of the text, and whose starts are drawn uniformly from
    0 to n - T - 1 and independently. Nothing is evaluated. The mode in which the model is when the
    function returns is your decision.

    If there is a checkpoint at ``path``, which ``load_checkpoint`` reads, the run goes on after its
    last step, from its state, with the steps that are left; there may be none, also because the
    checkpoint is of a step after S. If there is no file, the run begins with step 1, from the model
    and the optimizer as they are. A checkpoint is written, as ``save_checkpoint`` does it, after
    each step s that is a multiple of ``save_every``, and after step S, and at no other time.

    A run that is killed at any moment, and called again with the same arguments in a fresh process,
    therefore takes the same steps as one that was never killed: from the step at which it goes on,
    every batch, every loss and all weights are bit for bit the same (with one thread). This holds
    for a model that draws no random numbers. The batches depend only on ``seed``, B, T and n;
    different seeds draw different ones. PyTorch's global generator is not used, and its state does
    not change.

    Args:
        model: as in training/train_step. If there is a checkpoint, it may have any weights.
        optimizer: as in ``save_checkpoint``, and as in training/train_step.
        train: int64 tensor of shape (n,), contiguous in memory or not; ``ValueError`` if it has T
            tokens or fewer.
        path: as in ``save_checkpoint``. If the file there is none that ``load_checkpoint`` accepts,
            ``ValueError`` is raised, and the file stays as it is.
        rates: the learning rate of each step, a list of S floats; S is at least 1.
        batch: the batch size B, at least 1.
        context: the context length T, at least 1.
        max_norm: the largest joint norm of the gradients, from 0.1 to 1e12.
        save_every: at least 1; it may be more than S.
        seed: an int from 0 to 2^32 - 1.
        report: is called once after each step that this call takes, as ``report(s, loss)``: the
            number of the step, an int, and the loss of its batch, a float. Whether before or after
            the step's checkpoint is written is your decision. None if nobody listens.

    Not to be used: ``torch.manual_seed``, ``torch.utils.data``, ``torch.distributed``, and training
    loops of other libraries. ``train_step`` of the earlier exercise is there for it. Source:
    PyTorch, "Serialization semantics"; POSIX, ``rename``.
    """
    raise NotImplementedError("write train_resumable (about 14 lines)")
