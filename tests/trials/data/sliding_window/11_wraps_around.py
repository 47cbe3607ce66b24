# wrong: the last windows go on at the beginning of the text | violates: "nothing is padded and nothing wraps around"
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
    starts = torch.arange(0, tokens.shape[0], stride)
    index = starts[:, None] + torch.arange(context)[None, :]
    return Windows(inputs=tokens[index % max(len(tokens), 1)], targets=tokens[(index + 1) % max(len(tokens), 1)])
