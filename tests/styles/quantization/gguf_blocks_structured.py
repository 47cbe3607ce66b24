"""GGUF's blocks in NumPy: a structured dtype describes each block."""

import numpy as np
import torch

BLOCKS = {
    "Q8_0": np.dtype([("d", "<f2"), ("q", "i1", 32)]),
    "Q4_0": np.dtype([("d", "<f2"), ("b", "u1", 16)]),
    "Q4_1": np.dtype([("d", "<f2"), ("m", "<f2"), ("b", "u1", 16)]),
}


def dequantize(data, kind):
    """Return the weights of the blocks."""
    if kind not in BLOCKS:
        raise ValueError(f"unknown kind {kind}")
    block = BLOCKS[kind]
    rows, width = data.shape[:-1], data.shape[-1]
    if width % block.itemsize != 0:
        raise ValueError(f"{width} bytes are no whole blocks of {block.itemsize}")
    blocks = np.frombuffer(data.numpy().tobytes(), dtype=block)
    scale = blocks["d"].astype(np.float32)[:, None]
    if kind == "Q8_0":
        weights = scale * blocks["q"]
    else:
        weights = np.empty((len(blocks), 32), np.float32)
        weights[:, :16] = blocks["b"] & 0x0F
        weights[:, 16:] = blocks["b"] // 16
        if kind == "Q4_0":
            weights = (weights - 8) * scale
        else:
            weights = weights * scale + blocks["m"].astype(np.float32)[:, None]
    return torch.from_numpy(weights.astype(np.float32)).reshape(*rows, -1)
