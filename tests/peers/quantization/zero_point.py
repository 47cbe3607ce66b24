"""PyTorch's observer of ranges and its quantizer, which leave the scale of zeros to a caller."""

import torch
from torch.ao.quantization import MinMaxObserver


def quantize(x):
    """Torch's scale and zero point of the range, and its integers."""
    observer = MinMaxObserver(dtype=torch.quint8, eps=1e-37)
    observer(x)
    scale, z = (part.reshape(()) for part in observer.calculate_qparams())
    if not x.any():
        scale = torch.ones(())
    # Theirs adds its zero point before it rounds; ours is added to their integers.
    steps = torch.quantize_per_tensor(x.float(), scale.item(), 0, torch.qint32).int_repr()
    q = (steps + z).clamp(0, 255).to(torch.uint8)
    return q, scale.to(x.dtype), z.to(torch.uint8)


def dequantize(q, scale, zero_point):
    """Torch's product, with its own tensor made of q."""
    made = torch._make_per_tensor_quantized_tensor(q.contiguous(), scale.item(), zero_point.item())
    return made.dequantize().to(scale.dtype)
