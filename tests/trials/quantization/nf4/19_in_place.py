# wrong: divides the weights in place | violates: ``w`` is not changed
"""NormalFloat with four bits (NF4): levels at the quantiles of the normal distribution."""

import torch


def levels() -> torch.Tensor:
    """Return the 16 levels of NF4, in ascending order, from -1 to 1.

    Q is the quantile function of the standard normal distribution (the inverse of its cumulative
    distribution function): a normal number is below Q(p) with probability p. With

        delta = (1/32 + 1/30) / 2          a = 1/2 - delta

    the levels are

        -Q(1/2 + a i/7) / Q(1 - delta)     for i = 1, ..., 7, the negative ones
        0
        Q(1/2 + a i/8) / Q(1 - delta)      for i = 1, ..., 8, the positive ones

    ``torch.special.ndtri`` computes Q, and so does ``statistics.NormalDist().inv_cdf``.

    Returns:
        A new float32 tensor of shape (16,), with float32's accuracy; levels 0, 7 and 15 are
        exactly -1, 0 and 1. Each call returns a tensor of its own.

    >>> levels()[[0, 7, 8, 15]]
    tensor([-1.0000,  0.0000,  0.0796,  1.0000])

    Source: Dettmers et al., QLoRA, 2023, section 3, and appendix E, which lists the levels; their
    code (bitsandbytes, ``create_normal_map``), where 1 - delta is written 0.9677083.
    """
    delta = (1 / 32 + 1 / 30) / 2
    a = 0.5 - delta
    negative = 0.5 + a * torch.arange(7, 0, -1, dtype=torch.float64) / 7
    positive = 0.5 + a * torch.arange(1, 9, dtype=torch.float64) / 8
    q = torch.special.ndtri
    values = torch.cat([-q(negative), torch.zeros(1, dtype=torch.float64), q(positive)])
    return (values / values[-1]).float()


def quantize(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the number of the nearest level for each weight, and the absmax of each block of 64.

    The weights are divided into blocks in the order of ``w.flatten()``: weights 0 to 63 are block
    0, weights 64 to 127 are block 1, and so on, so that a block may reach from one row into the
    next. If 64 does not divide the number N of all weights, the last block has the N % 64 weights
    that are left, and its absmax is computed from them alone.

    Each weight is divided by the absmax of its block, which gives a number from -1 to 1; its
    *code* is the index, from 0 to 15, of the level nearest to this number. Exactly halfway between
    two levels either code is right. A block of zeros has the absmax 0 and only the code 7, whose
    level is 0.

    Args:
        w: float32 or float64 tensor of any shape, with at least one weight. The absmax of each
            block is 0, or from 1e-37 to 3e38. Float32's accuracy is what is asked, also of
            float64.

    Returns:
        A tuple of two new tensors: the codes, of dtype uint8 and the shape of ``w``, one to a
        byte; and the absmax values, of shape (ceil(N / 64),) and the dtype of ``w``. ``w`` is not
        changed.

    >>> codes, absmax = quantize(torch.tensor([[0.5, -4.0], [0.0, 2.0]]))
    >>> codes, absmax
    (tensor([[ 9,  0],
            [ 7, 12]], dtype=torch.uint8), tensor([4.]))

    Source: Dettmers et al., QLoRA, 2023, sections 2 and 3.
    """
    flat = w.detach().flatten()
    count = -(-len(flat) // 64)
    if len(flat) % 64:
        flat = torch.cat([flat, flat.new_zeros(-len(flat) % 64)])
    blocks = flat.view(count, 64)
    absmax = blocks.abs().amax(dim=1)
    x = blocks
    x /= torch.where(absmax == 0, torch.ones_like(absmax), absmax)[:, None]
    table = levels().double()
    middles = (table[1:] + table[:-1]) / 2
    codes = torch.bucketize(x.double(), middles)
    return codes.flatten()[: w.numel()].reshape(w.shape).to(torch.uint8), absmax


def dequantize(codes: torch.Tensor, absmax: torch.Tensor) -> torch.Tensor:
    """Return for each code its level times the absmax of its block: approximately the weights.

    Args:
        codes: uint8 tensor of any shape, with N codes from 0 to 15, and N at least 1.
        absmax: float32 or float64 tensor of shape (ceil(N / 64),), of numbers that are not
            negative. Code i of ``codes.flatten()`` belongs to block i // 64.

    Returns:
        A new tensor of the shape of ``codes`` and the dtype of ``absmax``, with float32's
        accuracy; the arguments are not changed.

    >>> dequantize(torch.tensor([[9, 0], [7, 12]], dtype=torch.uint8), torch.tensor([4.0]))
    tensor([[ 0.6437, -4.0000],
            [ 0.0000,  1.7628]])
    """
    scales = absmax.repeat_interleave(64)[: codes.numel()].reshape(codes.shape)
    return levels().to(absmax.dtype)[codes.long()] * scales
