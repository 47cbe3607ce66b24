"""An open model's parameters, from the names and layout of a GGUF file to your Llama."""

import torch

from exercises.model.llama import Llama


def our_name(name: str) -> str:
    """Return the name in ``Llama`` of the tensor that a GGUF file calls ``name``.

    There are two names outside the blocks, and nine in every block, here in block 3:

        token_embd.weight            tokens.weight
        output_norm.weight           norm.weight
        blk.3.attn_norm.weight       blocks.3.norm1.weight
        blk.3.attn_q.weight          blocks.3.attention.query.weight
        blk.3.attn_k.weight          blocks.3.attention.key.weight
        blk.3.attn_v.weight          blocks.3.attention.value.weight
        blk.3.attn_output.weight     blocks.3.attention.out.weight
        blk.3.ffn_norm.weight        blocks.3.norm2.weight
        blk.3.ffn_gate.weight        blocks.3.feed_forward.gate.weight
        blk.3.ffn_up.weight          blocks.3.feed_forward.up.weight
        blk.3.ffn_down.weight        blocks.3.feed_forward.down.weight

    Args:
        name: the name of a tensor in the file; a block's number is in decimal digits. No number
            with a leading zero is passed, as in ``blk.03.ffn_up.weight``; what is done with one
            is free. Any other name raises ``ValueError``, also one that has something before or
            after one of these, and ``output.weight``, the output layer of a model without weight
            tying.

    Returns:
        The name of the parameter in ``Llama``; the number of the block is the same.

    >>> our_name("blk.12.ffn_up.weight")
    'blocks.12.feed_forward.up.weight'
    """
    raise NotImplementedError("write our_name (about 19 lines)")


def unpermute(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Reorder the rows of a query or key weight for ``rope``.

    A head has D rows. ``rope`` rotates feature j of a head together with feature j + D/2; in a
    GGUF file the rows of these two are neighbours. If r_0, ..., r_(D-1) are the rows of a head
    in the file, their order becomes

        r_0, r_2, r_4, ..., r_(D-2), r_1, r_3, r_5, ..., r_(D-1)

    Every head is reordered on its own, and the order of the heads does not change.

    Args:
        weight: tensor of shape (heads * D, C) and any dtype; D is even.
        heads: the number of heads in ``weight``; for a key weight, of key-value heads.

    Returns:
        A tensor of the shape and dtype of ``weight``, which is not changed.

    >>> unpermute(torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]), heads=1).flatten()
    tensor([0., 2., 4., 1., 3., 5.])

    Source: the function ``permute`` in llama.cpp's conversion, of which this is the inverse.
    """
    raise NotImplementedError("write unpermute (about 2 lines)")


def load_llama(
    tensors: dict[str, torch.Tensor], heads: int, kv_heads: int, base: float, eps: float
) -> Llama:
    """Build the ``Llama`` whose parameters are the tensors of a GGUF file.

    The sizes follow from the tensors: vocabulary size V and embedding dimension C from the shape
    (V, C) of ``token_embd.weight``, the hidden dimension from the shape (hidden, C) of
    ``blk.0.ffn_up.weight``, and the number of blocks L from the names. The arguments are what
    shapes do not say.

    Each tensor becomes the parameter that ``our_name`` returns, with the same values; only the
    rows of ``attn_q`` and ``attn_k`` are first reordered by ``unpermute``, for ``heads`` and
    for ``kv_heads`` heads.

    Args:
        tensors: float32 tensors by their names in the file, in any order: two outside the blocks
            and nine for each of the blocks 0 to L - 1; L is at least 1. A name for which
            ``our_name`` raises, a missing tensor (also that of a gap in the block numbers) and a
            shape other than the parameter's raise ``ValueError``.
        heads: the number of query heads; C / heads is an even integer.
        kv_heads: the number of key-value heads; divides ``heads``.
        base: the base of RoPE, above 1.
        eps: the number that every norm adds to the mean square, above 0.

    Returns:
        A new ``Llama``. Its parameters are copies of the tensors in float32 and require
        gradients; float32's accuracy is what is asked of its logits. The tensors and the dict
        are not changed.

    >>> sizes = {"token_embd": (7, 4), "output_norm": (4,), "blk.0.attn_norm": (4,)}
    >>> sizes |= {f"blk.0.attn_{part}": (4, 4) for part in ("q", "k", "v", "output")}
    >>> sizes |= {"blk.0.ffn_norm": (4,), "blk.0.ffn_down": (4, 6)}
    >>> sizes |= {f"blk.0.ffn_{part}": (6, 4) for part in ("gate", "up")}
    >>> tensors = {f"{name}.weight": torch.ones(size) for name, size in sizes.items()}
    >>> load_llama(tensors, heads=2, kv_heads=2, base=10000.0, eps=1e-5)(torch.tensor([[6]])).shape
    torch.Size([1, 1, 7])

    Not to be used: a library that loads models. Source: the GGUF specification of ggml; Allal et
    al., SmolLM2, 2025.
    """
    raise NotImplementedError("write load_llama (about 18 lines)")
