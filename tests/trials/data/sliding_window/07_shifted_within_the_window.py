# wrong: the targets are the inputs rolled by one, so the last target is the first input | violates: "targets[b, t] = tokens[b * stride + t + 1]"
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
    y = x.roll(-1, dims=1)
    return x, y
