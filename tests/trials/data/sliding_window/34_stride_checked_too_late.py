# wrong: an invalid stride is accepted when the text is too short for a window | violates: "at least 1, else ``ValueError``"
import torch


def sliding_window(tokens, context, stride):
    """Cut a text into windows with Tensor.unfold; the results are views."""
    if context < 1:
        raise ValueError(f"context {context} is below 1")
    if tokens.numel() <= context:
        return tokens.new_empty(0, context), tokens.new_empty(0, context)
    if stride < 1:
        raise ValueError(f"stride {stride} is below 1")
    x = tokens[:-1].unfold(0, context, stride)
    y = tokens[1:].unfold(0, context, stride)
    return x, y
