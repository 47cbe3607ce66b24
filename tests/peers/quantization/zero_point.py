"""torchao's affine primitives, which take zeros for numbers with the smallest allowed scale."""

import torch
from torchao.quantization.quant_primitives import (
    MappingType,
    choose_qparams_affine,
    dequantize_affine,
    quantize_affine,
)


def quantize(x):
    """Torchao's integers, scale and zero point, with our scale for zeros."""
    wide = x.double().contiguous()
    if not x.any():
        wide = torch.full_like(wide, 255.0)
    scale, z = choose_qparams_affine(
        wide,
        MappingType.ASYMMETRIC,
        x.shape,
        torch.uint8,
        quant_min=0,
        quant_max=255,
        eps=1e-300,
        scale_dtype=torch.float64,
        zero_point_dtype=torch.int32,
    )
    q = quantize_affine(x.double().contiguous(), x.shape, scale, z, torch.uint8, 0, 255)
    return q, scale.reshape(()).to(x.dtype), z.reshape(()).to(torch.uint8)


def dequantize(q, scale, zero_point):
    """Torchao's product."""
    z = zero_point.to(torch.int32)
    return dequantize_affine(
        q.contiguous(), q.shape, scale, z, torch.uint8, 0, 255, output_dtype=scale.dtype
    )
