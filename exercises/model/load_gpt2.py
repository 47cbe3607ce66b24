"""GPT-2's published parameters, loaded into the GPT of this course."""

import torch

from exercises.model.gpt import GPT


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Build a ``GPT`` with GPT-2's parameters, so that it computes GPT-2's logits.

    The tensors have the names and the layout of GPT-2's published files. Notation: vocabulary
    size V, embedding dimension C, L blocks; ``N`` is the number of a block, from 0 to L - 1.

        name                      shape          in the model
        wte.weight                (V, C)         tokens.weight
        wpe.weight                (context, C)   positions.weight
        h.N.ln_1.weight, .bias    (C,)           blocks.N.norm1
        h.N.attn.c_attn.weight    (C, 3C)        blocks.N.attention.query, key and value
        h.N.attn.c_attn.bias      (3C,)          their biases
        h.N.attn.c_proj.weight    (C, C)         blocks.N.attention.out
        h.N.attn.c_proj.bias      (C,)           its bias
        h.N.ln_2.weight, .bias    (C,)           blocks.N.norm2
        h.N.mlp.c_fc.weight       (C, 4C)        blocks.N.feed_forward.up
        h.N.mlp.c_fc.bias         (4C,)          its bias
        h.N.mlp.c_proj.weight     (4C, C)        blocks.N.feed_forward.down
        h.N.mlp.c_proj.bias       (C,)           its bias
        ln_f.weight, .bias        (C,)           norm

    A weight with ``.c_`` in its name has shape (in, out) and is used as y = x W + b; the model's
    ``nn.Linear`` stores (out, in). The columns of c_attn.weight are those of the query, then
    those of the key, then those of the value, C each; its bias is concatenated in the same order.

    Each name may have the prefix ``transformer.``, as in files of the whole model; no name is
    there both with it and without. What follows is about the names without the prefix.

    L is one more than the largest number N of all names that begin with ``h.N.``, also of those
    that are not in the table; it is 1 if there is no such name. If a name of the table is missing,
    for any N from 0 to L - 1 or outside the blocks, ``ValueError`` is raised with a message that
    contains a missing name as the table spells it, any one of them. So a gap is an error: with
    ``h.0.`` and ``h.2.`` alone, L is 3, and the names of block 1 are missing. A name that is not
    in the table has no other effect: files may contain the causal mask of each block
    (``h.N.attn.bias``, ``h.N.attn.masked_bias``) and the token embedding a second time
    (``lm_head.weight``).

    Whether you go through the names of the file or those of the model, and how the tensors get
    into it, is your decision.

    Args:
        tensors: float tensors by name, in any order. V, context and C follow from their shapes.
            ``h.`` at the beginning of a name is followed by the number of a block, without
            leading zeros, and a dot.
        heads: the number of heads in each block, a divisor of C; the tensors do not say it.

    Returns:
        A new ``GPT``. Its parameters are copies of the tensors in float32, whatever their dtype,
        and require gradients; float32's accuracy is what is asked. The tensors and the dict are
        not changed.

    >>> sizes = {"wte.weight": (7, 2), "wpe.weight": (5, 2)}
    >>> for name in ("h.0.ln_1", "h.0.ln_2", "ln_f"):
    ...     sizes |= {f"{name}.weight": (2,), f"{name}.bias": (2,)}
    >>> for name, n, m in [("attn.c_attn", 2, 6), ("attn.c_proj", 2, 2), ("mlp.c_fc", 2, 8)]:
    ...     sizes |= {f"h.0.{name}.weight": (n, m), f"h.0.{name}.bias": (m,)}
    >>> sizes |= {"h.0.mlp.c_proj.weight": (8, 2), "h.0.mlp.c_proj.bias": (2,)}
    >>> model = load_gpt2({name: torch.ones(size) for name, size in sizes.items()}, heads=1)
    >>> model(torch.tensor([[6, 0]])).shape
    torch.Size([1, 2, 7])

    Not to be used: the library ``transformers``. Source: Radford et al., Language Models are
    Unsupervised Multitask Learners, 2019, and the code that came with it (openai/gpt-2).
    """
    raise NotImplementedError("write load_gpt2 (about 22 lines)")
