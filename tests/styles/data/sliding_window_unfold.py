"""Sliding windows as views of one token more, by unfold."""

import torch


def sliding_window(tokens, context, stride):
    """Unfold the text into windows of inputs and last target, and cut both out."""
    if min(context, stride) < 1:
        raise ValueError("context and stride begin at 1")
    if tokens.numel() <= context:
        nothing = torch.zeros((0, context), dtype=torch.int64)
        return nothing, nothing.clone()
    windows = tokens.unfold(0, context + 1, stride)
    return windows[:, :-1], windows[:, 1:]
