"""GGUF's blocks with a table: the two codes of each of the 256 bytes are looked up."""

import torch

HALVES = torch.tensor([[byte & 15, byte >> 4] for byte in range(256)], dtype=torch.float32)


def dequantize(data, kind):
    """Return the weights of the blocks."""
    decoders = {"Q8_0": (34, _decode_q8), "Q4_0": (18, _decode_q4), "Q4_1": (20, _decode_q4)}
    try:
        size, decode = decoders[kind]
    except KeyError:
        raise ValueError(kind) from None
    blocks, rest = divmod(data.size(-1), size)
    if rest:
        raise ValueError(f"{rest} bytes too many")
    flat = torch.empty(data.numel(), dtype=torch.uint8)
    flat.copy_(data.reshape(-1))
    return decode(flat.view(-1, size)).view(*data.size()[:-1], blocks * 32)


def _decode_q8(blocks):
    signed = blocks[:, 2:].int()
    return blocks[:, :2].view(torch.half).float() * (signed - 256 * (signed >= 128).int())


def _decode_q4(blocks):
    d, *m = blocks[:, : blocks.size(1) - 16].view(torch.half).float().split(1, dim=1)
    codes = HALVES[blocks[:, -16:].long()].transpose(1, 2).reshape(-1, 32)
    return d * codes + m[0] if m else d * codes - 8 * d
