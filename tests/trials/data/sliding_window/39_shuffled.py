# wrong: the windows are in random order | violates: "The first window begins at token 0, the next ``stride`` tokens later, and so on"
from typing import NamedTuple

import torch
from torch import Tensor


class Windows(NamedTuple):
    inputs: Tensor
    targets: Tensor


def sliding_window(tokens: Tensor, context: int, stride: int) -> Windows:
    """Cut a text into windows: an index matrix of starts plus offsets."""
    for name, value in (("context", context), ("stride", stride)):
        if value < 1:
            raise ValueError(f"{name} must be positive, got {value}")
    starts = torch.arange(0, max(tokens.shape[0] - context, 0), stride)
    starts = starts[torch.randperm(len(starts))]
    index = starts[:, None] + torch.arange(context)[None, :]
    return Windows(inputs=tokens[index], targets=tokens[index + 1])
