"""bitsandbytes on the CPU, which packs two codes into a byte."""

import torch
from bitsandbytes import functional


def levels():
    """Their table of levels."""
    return functional.get_4bit_type("nf4", device="cpu").clone()


def quantize(w):
    """Their codes, one to a byte, and their absmax; they have no float64."""
    packed, state = functional.quantize_4bit(w.float(), blocksize=64, quant_type="nf4")
    codes = torch.stack([packed.flatten() >> 4, packed.flatten() & 15], dim=1).flatten()
    absmax = state.absmax[: -(-w.numel() // 64)]
    absmax[absmax <= 1e-38] = 0.0  # what theirs is for a block of zeros
    return codes[: w.numel()].reshape(w.shape), absmax.to(w.dtype)


def dequantize(codes, absmax):
    """Their weights, from codes that are packed as they pack them."""
    flat = codes.reshape(-1)
    pairs = torch.cat([flat, flat.new_zeros(len(flat) % 2)]).reshape(-1, 2)
    state = functional.QuantState(
        absmax=absmax.float().contiguous(),
        shape=torch.Size([len(flat)]),
        code=levels(),
        blocksize=64,
        quant_type="nf4",
        dtype=torch.float32,
    )
    weights = functional.dequantize_4bit((pairs[:, 0] << 4 | pairs[:, 1])[:, None], state)
    return weights.reshape(codes.shape).to(absmax.dtype)
