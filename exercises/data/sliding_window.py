"""Sliding windows: one long text becomes many training sequences, each with its targets."""

import torch


def sliding_window(
    tokens: torch.Tensor, context: int, stride: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut a text into windows of ``context`` tokens, each with the tokens to predict.

    Notation: text length n, number of windows B, context length T (``context``). The first
    window begins at token 0, the next ``stride`` tokens later, and so on:

        inputs[b, t] = tokens[b * stride + t]
        targets[b, t] = tokens[b * stride + t + 1]

    for t from 0 to T - 1: each target is the token after its input. The result has exactly the
    windows whose T inputs and T targets all lie in the text: nothing is padded and nothing
    wraps around. A text of T tokens or fewer has no window.

    Args:
        tokens: int64 tensor of shape (n,), the whole text; n may be 0. It may be a view of
            another tensor, such as every second token of it.
        context: the context length T, at least 1, else ``ValueError``.
        stride: number of tokens from the start of a window to the start of the next, at least
            1, else ``ValueError``. Below T the windows overlap; above T some tokens are skipped.

    Returns:
        (inputs, targets), a tuple of two int64 tensors of shape (B, T), where B may be 0. They
        may share memory with ``tokens``, which is not changed.

    >>> inputs, targets = sliding_window(torch.tensor([3, 1, 4, 1, 5, 9]), 3, 2)
    >>> inputs
    tensor([[3, 1, 4],
            [4, 1, 5]])
    >>> targets
    tensor([[1, 4, 1],
            [1, 5, 9]])

    Not to be used: a data library (``torch.utils.data`` among them). Source: Radford et al.,
    2018, section 3.1, on predicting each token from those in a window before it.
    """
    raise NotImplementedError("write sliding_window (about 5 lines)")
