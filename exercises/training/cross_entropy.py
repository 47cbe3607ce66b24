"""Cross-entropy: the loss of a model's prediction of the next token."""

import torch


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """Return the mean loss over the positions that are not ignored.

    Notation: vocabulary size V, and N positions that are not ignored. A position has V logits,
    x_0 to x_(V-1), and a target t. Its loss is minus the log-probability of the target, in nats:

        loss = -log p_t        where p_i = exp(x_i) / sum_j exp(x_j)

    A position is ignored if its target is ``ignore_index``: its logits do not change the
    result, and their gradient is 0. The losses of the other positions, in whatever rows they
    are, are added and divided by N. If N is 0, the result is 0 and so is the gradient.

    Adding one constant to all logits of a position does not change its loss. For logits between
    -1e4 and 1e4, neither the result nor the gradient is NaN or infinite, even where p_t is too
    small for the dtype. Float32's accuracy is what is asked, also of float64.

    Args:
        logits: float32 or float64 tensor of shape (..., V), of finite numbers.
        targets: int64 tensor of shape (...), each from 0 to V - 1, or ``ignore_index``. A
            target is the token that the logits at the same position predict: nothing is
            shifted here.
        ignore_index: the target of ignored positions: any integer, also one from 0 to V - 1.

    Returns:
        A new tensor of shape () and the dtype of ``logits``; the inputs are not changed.
        Gradients flow to ``logits``.

    >>> cross_entropy(torch.zeros(2, 4), torch.tensor([3, 0]))  # four equal logits: log 4
    tensor(1.3863)

    Not to be used: ``torch.nn.functional.cross_entropy``, ``nll_loss``, ``log_softmax``,
    ``logsumexp`` and the modules of ``torch.nn`` that wrap them. Source: Goodfellow et al.,
    Deep Learning, sections 3.13 and 6.2.2.3.
    """
    raise NotImplementedError("write cross_entropy (about 6 lines)")
