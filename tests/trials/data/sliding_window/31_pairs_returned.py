# wrong: the result is one tensor of shape (2, B, T) | violates: "(inputs, targets), a tuple of two int64 tensors"
import torch


def sliding_window(tokens, context, stride):
    """Cut a text into windows with Tensor.unfold; the results are views."""
    if context < 1:
        raise ValueError(f"context {context} is below 1")
    if stride < 1:
        raise ValueError(f"stride {stride} is below 1")
    if tokens.numel() <= context:
        return tokens.new_empty(0, context), tokens.new_empty(0, context)
    x = tokens[:-1].unfold(0, context, stride)
    y = tokens[1:].unfold(0, context, stride)
    return torch.stack([x, y])
