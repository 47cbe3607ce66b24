"""A quantized linear layer, group after group: the integers are multiplied before the scale."""

from torch import nn

from exercises.quantization.group_int4 import pack, quantize, unpack


class QuantizedLinear(nn.Module):
    """Compute a linear layer from a packed four-bit weight."""

    def __init__(self, linear):
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        q, scale = quantize(linear.weight.data)
        self.register_buffer("packed", pack(q))
        self.register_buffer("scale", scale)
        self.bias = linear.bias

    def forward(self, x):
        """Return the sum over groups of (x times integers) times scales, plus the bias."""
        y = x.new_zeros(*x.shape[:-1], self.out_features)
        q = unpack(self.packed, self.in_features)
        for number, integers in enumerate(q.split(32, dim=1)):
            part = x[..., 32 * number : 32 * number + 32]
            y = y + part @ integers.to(x.dtype).T * self.scale[:, number]
        return y if self.bias is None else y + self.bias
