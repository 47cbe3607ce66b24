# wrong: q_j are read as 0 to 255 | violates: q_j is an int8 number, from -128 to 127
"""The weights of a GGUF file, from its blocks of 32."""

import numpy as np
import torch


def dequantize(data: torch.Tensor, kind: str) -> torch.Tensor:
    """Return the weights that blocks of a GGUF file store.

    A row of n weights is stored as n / 32 blocks, one after another. A block holds 32 weights:

        kind    bytes of a block
        Q8_0    34: d (2 bytes), then q_0 to q_31 (1 byte each)
        Q4_0    18: d (2 bytes), then b_0 to b_15 (1 byte each)
        Q4_1    20: d (2 bytes), m (2 bytes), then b_0 to b_15 (1 byte each)

    d and m are float16 numbers with the low byte first (little-endian). q_j is an int8 number,
    from -128 to 127. Each byte b_j holds two codes from 0 to 15, and they are not neighbours: its
    low half (the bits worth 1, 2, 4 and 8) is code c_j, and its high half is code c_(j+16). Weight
    j of a block, for j from 0 to 31, is

        Q8_0    w_j = d q_j
        Q4_0    w_j = d (c_j - 8)
        Q4_1    w_j = d c_j + m

    computed from the exact values of d and m and rounded once, to float32. Arithmetic in float32
    gives exactly this, arithmetic in float16 does not.

    SmolLM2's file has 134 million weights, so no loop may go over blocks or weights: for a million
    weights a call takes at most twenty times as long as the reference solution, measured
    alternately. A loop over the places in a block is fast enough.

    Args:
        data: uint8 tensor of shape (..., B), with any leading dimensions or none, and no dimension
            of 0. Its last dimension is a row: if B is not a multiple of the bytes of a block,
            ``ValueError`` is raised. Any layout in memory may be passed, such as a transposed
            tensor, or a part of a larger one that begins at an odd byte. d and m are finite; they
            may be negative, 0 or subnormal. The q_j and b_j may be any bytes.
        kind: "Q8_0", "Q4_0" or "Q4_1". Any other string raises ``ValueError``.

    Returns:
        A new float32 tensor of shape (..., n) with n = 32 B / (bytes of a block); ``data`` is not
        changed.

    >>> block = torch.tensor([0, 56] + [0x1F] * 16, dtype=torch.uint8)
    >>> dequantize(block, "Q4_0")[[0, 15, 16, 31]]
    tensor([ 3.5000,  3.5000, -3.5000, -3.5000])

    There 0x3800 is 0.5 in float16, and the codes are 15 and 1.

    Not to be used: the library ``gguf``. Source: ggml, ``dequantize_row_q8_0``, ``_q4_0`` and
    ``_q4_1`` in ``ggml-quants.c``.
    """
    layouts = {
        "Q8_0": [("d", "<f2"), ("q", "u1", 32)],
        "Q4_0": [("d", "<f2"), ("b", "u1", 16)],
        "Q4_1": [("d", "<f2"), ("m", "<f2"), ("b", "u1", 16)],
    }
    try:
        layout = np.dtype(layouts[kind])
    except KeyError:
        raise ValueError(kind) from None
    *leading, length = data.shape
    if length % layout.itemsize:
        raise ValueError("not a whole number of blocks")
    blocks = np.frombuffer(data.contiguous().numpy().tobytes(), dtype=layout)
    d = blocks["d"].astype(np.float32)[:, None]
    if kind == "Q8_0":
        weights = d * blocks["q"].astype(np.float32)
    else:
        codes = np.concatenate([blocks["b"] & 0x0F, blocks["b"] >> 4], axis=1).astype(np.float32)
        if kind == "Q4_0":
            weights = d * (codes - np.float32(8))
        else:
            weights = d * codes + blocks["m"].astype(np.float32)[:, None]
    return torch.from_numpy(weights).reshape(*leading, length // layout.itemsize * 32)
