"""The repetition penalty: tokens that occurred already become less probable."""

import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    """Return the logits with those of all tokens that occurred changed by a penalty.

    The last dimension of ``logits`` holds the V logits x_0 to x_(V-1) of one row, that of ``ids``
    the T tokens that this row's text has so far; rows are independent of each other. The logit
    of each token i that is among the ids of its row becomes

        x_i / penalty    if x_i is positive
        x_i * penalty    if x_i is negative

    once, however often the token occurs. 0 stays 0, and ``-inf`` stays ``-inf``. The logits of
    all other tokens stay as they are. So a penalty above 1 makes tokens that occurred less
    probable, one below 1 makes them more probable, and 1 changes nothing.

    Float32's accuracy is what is asked of the quotients and products, also of float64.

    Args:
        logits: float32 or float64 tensor of shape (..., V), with any leading dimensions or none.
            Each logit is ``-inf`` or a number from -1e4 to 1e4.
        ids: int64 tensor of shape (..., T) with the leading dimensions of ``logits``, each id from
            0 to V - 1, in any order. T may be 0, and larger than V.
        penalty: an int or a float from 0.01 to 100; 0 or less raises ``ValueError``.

    Returns:
        A new tensor of the shape and dtype of ``logits``; ``logits`` and ``ids`` are not changed,
        nor does the result share memory with ``logits``, whatever the arguments are.

    >>> logits = torch.tensor([3.0, -1.0, 0.5, -2.0])
    >>> repetition_penalty(logits, torch.tensor([3, 0, 3]), 2.0)
    tensor([ 1.5000, -1.0000,  0.5000, -4.0000])

    Source: Keskar et al., CTRL, 2019, section 4.1, with the rule for negative logits that
    libraries have added.
    """
    raise NotImplementedError("write repetition_penalty (about 5 lines)")
