# wrong: computes in float16 | violates: Arithmetic in float32 gives exactly this, arithmetic in float16 does not.
"""The weights of a GGUF file, from its blocks of 32."""

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
    sizes = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
    if kind not in sizes:
        raise ValueError(f"unknown kind {kind!r}")
    size = sizes[kind]
    if data.shape[-1] % size != 0:
        raise ValueError(f"a row of {data.shape[-1]} bytes is no whole number of blocks of {size}")
    blocks = data.reshape(*data.shape[:-1], -1, size)


    def number(at):
        two = blocks[..., at : at + 2].clone(memory_format=torch.contiguous_format)
        return two.view(torch.float16)


    d = number(0)
    if kind == "Q8_0":
        q = blocks[..., 2:].clone(memory_format=torch.contiguous_format).view(torch.int8)
        weights = d * q.half()
    else:
        packed = blocks[..., size - 16 :]
        codes = torch.cat([packed & 15, packed >> 4], dim=-1).half()
        weights = d * (codes - 8) if kind == "Q4_0" else d * codes + number(2)
    return weights.float().flatten(-2)
