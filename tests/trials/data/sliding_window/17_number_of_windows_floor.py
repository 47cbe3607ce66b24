# wrong: the number of windows is (n - T) // stride, so one is often missing | violates: "The result has exactly the windows whose T inputs and T targets all lie in the text"
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
    starts = torch.arange(max(tokens.shape[0] - context, 0) // stride) * stride
    index = starts[:, None] + torch.arange(context)[None, :]
    return Windows(inputs=tokens[index], targets=tokens[index + 1])
