# wrong: the targets are only the token after each window | violates: "two int64 tensors of shape (B, T)"
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
    y = tokens[context::stride]
    return x, y
