"""Sliding windows: one long text becomes many short questions, each with its answer."""

import torch


def sliding_window(
    tokens: torch.Tensor, context: int, stride: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut a text into windows of ``context`` tokens, each with the tokens that follow them.

    A new window begins every ``stride`` tokens, the first at the first token. For T =
    ``context``, row b of the two results is

        inputs[b, t] = tokens[b * stride + t]
        targets[b, t] = tokens[b * stride + t + 1]

    for t from 0 to T - 1, so that each target is the token that comes next after its input.
    Every window is there whose T inputs and T targets all lie in the text, and no other:
    nothing is padded and nothing wraps around. A text of T tokens or fewer has no window.

    Args:
        tokens: int64 tensor of shape (n,), the whole text; n may be 0.
        context: tokens in a window, T, at least 1, else ``ValueError``.
        stride: tokens from the start of a window to that of the next, at least 1, else
            ``ValueError``. Below T the windows overlap; above it some tokens are left out.

    Returns:
        (inputs, targets), a tuple of two int64 tensors of shape (B, T) for B windows, which
        may be 0; ``tokens`` stays as it was.

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
    if context < 1 or stride < 1:
        raise ValueError(f"context and stride are at least 1, not {context} and {stride}")
    # One less than a text of T + 1 tokens would need: the last input needs a target behind it.
    starts = torch.arange(0, max(len(tokens) - context, 0), stride)
    places = starts.unsqueeze(1) + torch.arange(context)  # (B, T)
    return tokens[places], tokens[places + 1]
