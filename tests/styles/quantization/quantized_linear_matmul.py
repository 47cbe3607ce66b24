"""A quantized linear layer by a matrix product, with the sizes read from the linear layer."""

import torch
from torch import nn

from exercises.quantization.group_int4 import dequantize, pack, quantize, unpack


class QuantizedLinear(nn.Module):
    """Compute a linear layer from a packed four-bit weight."""

    def __init__(self, linear):
        super().__init__()
        self.width = linear.weight.size(1)
        with torch.no_grad():
            q, scale = quantize(linear.weight)
            self.register_buffer("packed", pack(q))
            self.register_buffer("scale", scale)
        self.register_parameter("bias", linear.bias)

    def forward(self, x):
        """Return x times the transposed weight, plus the bias."""
        y = x @ dequantize(unpack(self.packed, self.width), self.scale).mT
        return y if self.bias is None else y + self.bias
