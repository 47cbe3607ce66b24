# wrong: the original weight is kept in a closure | violates: neither W itself nor its dequantized form is kept after ``__init__`` or between calls, and the given layer is not kept
"""A linear layer whose weight is stored in four bits per number."""

import torch
from torch import nn
from torch.nn.functional import linear as apply_linear

from exercises.quantization.group_int4 import dequantize, pack, quantize, unpack


class QuantizedLinear(nn.Module):
    """Compute a linear layer from a packed four-bit weight.

    The weight W of the given layer, of shape (out, in), is quantized along its rows as in
    ``group_int4``: groups of 32, integers from -7 to 7, two of them in a byte. Two *buffers* hold
    it: ``packed``, the uint8 bytes of shape (out, ceil(in / 2)), and ``scale``, the scales of the
    groups, of shape (out, ceil(in / 32)) and the dtype of W. No other tensor of the layer's
    comes from W: neither W itself nor its dequantized form is kept after ``__init__`` or between
    calls, and the given layer is not kept.

    The bias is not quantized: ``bias`` is the bias parameter of the given layer itself, not a
    copy, or None if it has none. So ``state_dict()`` has ``packed``, ``scale`` and, with a
    bias, ``bias``; the layer's only parameter is the bias, and there is none without it.

    Training and evaluation mode compute the same. Buffers that were loaded or converted since,
    as by ``load_state_dict`` or ``double()``, are those that the next call uses.

    >>> linear = nn.Linear(33, 2)
    >>> layer = QuantizedLinear(linear)
    >>> {name: tuple(part.shape) for name, part in layer.state_dict().items()}
    {'bias': (2,), 'packed': (2, 17), 'scale': (2, 2)}
    >>> layer(torch.ones(5, 33)).shape
    torch.Size([5, 2])

    Source: Dettmers et al., QLoRA, 2023, section 3.
    """

    def __init__(self, linear: nn.Linear) -> None:
        """Quantize the weight of a linear layer, and take over its bias.

        Args:
            linear: a layer with a bias or without one, whose weight is float32 or float64 and may
                require a gradient or not. It is not changed, nor does it matter to this layer
                when its weight is changed later. The buffers require no gradient.
        """
        super().__init__()
        q, scale = quantize(linear.weight.detach())
        self.in_features = linear.in_features
        self.register_buffer("packed", pack(q))
        self.register_buffer("scale", scale)
        self.register_parameter("bias", linear.bias)
        self.original_error = lambda: (dequantize(q, scale) - linear.weight).abs().max()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x times the transpose of the dequantized weight, plus the bias.

        With W' for the dequantized weight:

            y = x W'^T + b

        Args:
            x: float tensor of shape (..., in), with any leading dimensions or none, of the dtype
                of ``scale``.

        Returns:
            A new tensor of shape (..., out) and the dtype of ``x``; ``x`` is not changed. The
            gradient flows to ``x``, through W', and to the bias.
        """
        weight = dequantize(unpack(self.packed, self.in_features), self.scale)
        return apply_linear(x, weight, self.bias)
