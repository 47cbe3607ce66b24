# right: index matrix of starts and offsets, NamedTuple result
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
    index = starts[:, None] + torch.arange(context)[None, :]
    return Windows(inputs=tokens[index], targets=tokens[index + 1])
