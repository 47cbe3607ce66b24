"""Top-k sampling: only the k most probable tokens can be drawn."""

import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    """Return the logits with all but the k largest of each row replaced by ``-inf``.

    The last dimension holds the V logits of one row, a logit for each token of the vocabulary;
    rows are independent of each other. The k largest logits of a row stay as they are, at their
    places. Of equal logits, those with lower ids are taken first, so never more than k tokens
    are left. All other logits become ``-inf``, and softmax gives these tokens the probability 0.

    A logit that is ``-inf`` already stays ``-inf``; so a row with fewer than k numbers keeps all
    of them, and if k is V or more, every row stays as it is.

    Args:
        logits: float32 or float64 tensor of shape (..., V), with any leading dimensions or none,
            and V from 1 to 100,000. Each logit is ``-inf`` or a finite number, and at least one
            in each row is a number.
        k: how many tokens to keep, at least 1, else ``ValueError``. It may be larger than V.

    Returns:
        A new tensor of the shape and dtype of ``logits``; ``logits`` is not changed, nor does
        the result share memory with it, whatever k is.

    >>> top_k(torch.tensor([[1.0, 4.0, 3.0, 2.0], [5.0, 0.0, 5.0, 5.0]]), 2)
    tensor([[-inf, 4., 3., -inf],
            [5., -inf, 5., -inf]])

    Source: Fan et al., Hierarchical Neural Story Generation, 2018.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    # Sorted, and not compared with the k-th largest: a threshold keeps every logit equal to it.
    # A stable sort leaves equal logits in the order of their ids.
    best = logits.argsort(dim=-1, descending=True, stable=True)[..., :k]  # (..., k)
    kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)  # (..., V)
    return logits.masked_fill(~kept, -torch.inf)
