"""One training step: forward pass, loss, backward pass, clipping, and the optimizer's step."""

from typing import Any

import torch
from torch import nn

from exercises.training.clip_gradients import clip_gradients
from exercises.training.cross_entropy import cross_entropy


def train_step(
    model: nn.Module,
    optimizer: Any,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    rate: float,
    max_norm: float,
) -> tuple[float, float]:
    """Train a model on one batch, with a single update of its parameters.

    Notation: batch size B, sequence length T, vocabulary size V. One step is made of

        loss        the mean cross-entropy of the logits ``model(inputs)`` and ``targets``;
                    positions whose target is -100 are ignored
        gradients   of this loss alone: what ``grad`` holds before the call has no influence
        norm        the joint norm of the gradients of the parameters that require one, the root
                    of the sum of their squares; if it is more than ``max_norm``, all of them are
                    multiplied by one factor, so that their joint norm becomes ``max_norm``
        update      one step of the optimizer with these gradients, with the learning rate
                    ``rate`` in all of its groups, whatever rates they had; their other settings
                    stay as they are

    The model is called exactly once, in the mode, training or evaluation, in which it is; the
    mode does not change. A parameter that does not require a gradient stays as it is and has no
    part in the norm, even if its ``grad`` holds something. If all targets are -100, loss and norm
    are 0.

    Inputs, targets and logits may have any memory layout. The logits are between -1e4 and 1e4, the
    numbers of the gradients between -1e12 and 1e12, and the results are never NaN or infinite.
    Float32's accuracy is what is asked, also of a float64 model.

    After the call nothing of the batch is kept in memory, except in ``grad``, whose content is
    then your decision, and in the optimizer's own state.

    Args:
        model: called with ``inputs``, it returns float32 or float64 logits of shape (B, T, V), as
            a GPT does. It may be any module.
        optimizer: ``AdamW`` of training/adamw, an optimizer of ``torch.optim``, or another object
            with their attribute ``param_groups`` and their methods ``step()`` and
            ``zero_grad()``, both called without arguments. It holds all parameters of the model
            that require a gradient; it may also hold those that do not, and holds no others.
        inputs: int64 tensor of shape (B, T), with values from 0 to V - 1.
        targets: int64 tensor of shape (B, T), with values from 0 to V - 1, or -100. A target is
            the token that the logits at the same position predict: nothing is shifted here.
        rate: the learning rate of this step, at least 0.
        max_norm: the largest joint norm, from 0.1 to 1e12.

    Returns:
        (loss, norm), a tuple of two Python floats: the loss before the update, and the norm
        before clipping.

    >>> model = nn.Embedding(2, 2)  # a model: it gives each token a row of two logits
    >>> _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> inputs, targets = torch.tensor([[0]]), torch.tensor([[1]])
    >>> loss, norm = train_step(model, optimizer, inputs, targets, rate=1.0, max_norm=9.0)
    >>> round(loss, 4), round(norm, 4)
    (0.6931, 0.7071)
    >>> model.weight.data
    tensor([[-0.5000,  0.5000],
            [ 0.0000,  0.0000]])

    Not to be used: PyTorch's ``cross_entropy`` and ``nll_loss`` with the modules that wrap them,
    ``clip_grad_norm_``, and training loops of other libraries. ``cross_entropy`` and
    ``clip_gradients`` of the earlier exercises are there for it. Source: Goodfellow et al., Deep
    Learning, sections 8.1.3, 8.3.1 and 10.11.1.
    """
    raise NotImplementedError("write train_step (about 9 lines)")
