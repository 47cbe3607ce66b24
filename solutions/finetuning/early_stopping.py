"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy.

    The loss is the mean cross-entropy of the logits and the labels, the accuracy the share of
    texts whose label has the largest logit. In both, each text counts the same. They are computed
    in evaluation mode and without recording gradients. The classifier gets each text in one call,
    and at most ``batch`` texts in a call. Afterwards it is in the mode in which it was before; its
    parameters and their ``grad`` do not change.

    Args:
        classifier: any module that returns logits of shape (rows, K) when it is called with ids
            and mask of some rows. It is in training mode or in evaluation mode, and all its
            submodules are in the same mode.
        ids: int64 tensor of shape (N, T), the tokens of N texts, N at least 1.
        mask: bool tensor of shape (N, T), True at the real tokens.
        labels: int64 tensor of shape (N,), with values from 0 to K - 1.
        batch: at least 1.

    Returns:
        (loss, accuracy), a tuple of two Python floats. Float32's accuracy is enough.

    >>> class Constant(nn.Module):  # probabilities of 1/4 and 3/4 for every text
    ...     def forward(self, ids, mask):
    ...         return torch.tensor([[0.0, math.log(3)]] * len(ids))
    >>> ids, mask = torch.zeros(3, 5).long(), torch.ones(3, 5).bool()
    >>> loss, accuracy = measure(Constant(), ids, mask, torch.tensor([1, 1, 0]), batch=2)
    >>> round(loss, 3), round(accuracy, 3)  # (log 4/3 + log 4/3 + log 4) / 3, and 2/3
    (0.654, 0.667)
    """
    training = classifier.training
    classifier.eval()
    loss, right = 0.0, 0
    with torch.no_grad():
        for rows in torch.arange(len(ids)).split(batch):
            logits = classifier(ids[rows], mask[rows])
            # Sums, not means of means: the last batch may have fewer texts than the others.
            loss += cross_entropy(logits, labels[rows]).item() * len(rows)
            right += int((logits.argmax(dim=1) == labels[rows]).sum())
    classifier.train(training)
    return loss / len(ids), right / len(ids)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch.

    An epoch is one call of ``train_epoch`` followed by one call of ``validate``; nothing else calls
    them. The best epoch is the one with the lowest validation loss, of equal ones the first. An
    epoch with a loss of infinity or NaN is never the best one.

    The training stops after ``epochs`` epochs, or earlier, as soon as ``patience`` epochs in a row
    have not given a new best one. Epochs before the first best one count as well.

    Afterwards everything in ``model.state_dict()``, parameters and buffers, has the values that it
    had at the end of the best epoch, or, if there is none, before the first epoch. The parameters
    remain the same objects.

    The model is in training mode whenever ``train_epoch`` is called, whatever its mode was before,
    and it is in evaluation mode when the function returns: all of it, as ``train()`` and ``eval()``
    of the model set it.

    Args:
        model: any module.
        train_epoch: trains the model for one epoch, in place; what it returns is ignored.
        validate: returns the validation loss of the model as it is now, a float that is finite,
            ``math.inf`` or NaN. It may change the model's mode.
        epochs: the largest number of epochs, at least 1.
        patience: at least 1.

    Returns:
        The validation losses, a new list with one float for each epoch, in order.

    >>> model = nn.Linear(1, 1)
    >>> losses = [0.4, 0.6, 0.7, 0.5]
    >>> train_best(model, lambda: model.bias.data.add_(1), losses.pop, epochs=9, patience=1)
    [0.5, 0.7]
    """
    best, lowest, waited = deepcopy(model.state_dict()), math.inf, 0
    history: list[float] = []
    while len(history) < epochs and waited < patience:
        model.train()
        train_epoch()
        history.append(validate())
        waited += 1
        if history[-1] < lowest:
            # state_dict() holds the tensors themselves, which the next epoch changes: copy them.
            best, lowest, waited = deepcopy(model.state_dict()), history[-1], 0
    model.load_state_dict(best)
    model.eval()
    return history
