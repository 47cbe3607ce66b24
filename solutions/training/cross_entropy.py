"""Cross-entropy: how surprised a model is by the token that came."""

import torch


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """The mean surprise at the targets, in nats, over the positions that count.

    One position has logits x_1 ... x_V, one for each token of the vocabulary, and a target t.
    Softmax makes probabilities of the logits, and the position's loss is

        loss = -log p_t        where p_i = exp(x_i) / sum_j exp(x_j)

    A position whose target is ``ignore_index`` does not count: whatever its logits, the result
    stays as it is, and their gradient is 0. The result is the sum of the losses of the N
    positions that count, wherever they stand, divided by N. If none counts, the result is 0,
    and so is every gradient. Adding one constant to all logits of a position changes nothing,
    and the loss is right for finite logits of any size (1e4, -1e4), also when p_t is too small
    for a float.

    Args:
        logits: float tensor (..., V); every entry is finite.
        targets: int64 tensor (...), each in 0 to V - 1 or equal to ``ignore_index``. It stands
            for the token that the logits at its own place predict: nothing is shifted here.
        ignore_index: the target that marks a position as not counting; any whole number, also
            one in 0 to V - 1.

    Returns:
        A tensor of shape () and the dtype of ``logits``. Gradients flow to ``logits``, and both
        inputs stay as they were.

    >>> cross_entropy(torch.zeros(2, 4), torch.tensor([3, 0]))  # four equal choices: log 4
    tensor(1.3863)

    Not to be used: ``torch.nn.functional.cross_entropy``, ``nll_loss``, ``log_softmax``,
    ``logsumexp`` and the classes of ``torch.nn`` that wrap them. Source: Goodfellow et al.,
    Deep Learning, sections 3.13 and 6.2.2.3.
    """
    counts = targets != ignore_index
    rows, tokens = logits[counts], targets[counts]  # (N, V), (N,)
    # Shifted so that the largest logit is 0, exp cannot overflow, and log meets a sum of
    # at least 1. The shift cancels in the difference below.
    shifted = rows - rows.amax(dim=-1, keepdim=True)
    log_total = shifted.exp().sum(dim=-1).log()  # (N,)
    # -log(exp(x_t) / total) is taken apart, so that a tiny p_t is never formed.
    losses = log_total - shifted.gather(-1, tokens[:, None]).squeeze(-1)
    # An empty sum is 0 and still hangs on the logits; only 0 / 0 has to be avoided.
    return losses.sum() / max(len(tokens), 1)
