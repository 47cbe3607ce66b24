"""A quantized linear layer with its own packing, without the functions of group_int4."""

import torch
from torch import nn
from torch.nn import functional


class QuantizedLinear(nn.Module):
    """Compute a linear layer from a packed four-bit weight."""

    def __init__(self, linear):
        super().__init__()
        weight = linear.weight.detach()
        self.out, self.inside = weight.shape
        groups = functional.pad(weight, (0, -self.inside % 32)).view(self.out, -1, 32)
        scale = groups.abs().max(dim=2).values / 7
        scale[scale == 0] = 1
        codes = torch.round(groups / scale.unsqueeze(2)).int() + 8
        pairs = codes.view(self.out, -1, 2)[:, : (self.inside + 1) // 2]
        self.register_buffer("packed", (pairs[..., 0] + 16 * pairs[..., 1]).to(torch.uint8))
        self.register_buffer("scale", scale)
        self.bias = linear.bias

    def forward(self, x):
        """Return x times the transposed weight, plus the bias."""
        codes = torch.stack((self.packed % 16, self.packed // 16), dim=2).flatten(1)
        integers = codes[:, : self.inside].to(self.scale.dtype) - 8
        each = self.scale.repeat_interleave(32, dim=1)[:, : self.inside]
        return functional.linear(x, integers * each, self.bias)
