"""An open model's weights, from the names and the layout of a GGUF file into your own Llama."""

import torch

from exercises.model.llama import Llama


def our_name(name: str) -> str:
    """Say what ``Llama`` calls the parameter that a GGUF file calls ``name``.

    Two names stand alone, and nine are found in every block, here in block 3:

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
        name: a tensor's name in the file. Any other than these is a ``ValueError``, such as
            ``output.weight``, the output of a model that is not tied.

    Returns:
        The parameter's name in our model; a block keeps its number.

    >>> our_name("blk.12.ffn_up.weight")
    'blocks.12.feed_forward.up.weight'
    """
    ours = {
        "attn_norm": "norm1",
        "attn_q": "attention.query",
        "attn_k": "attention.key",
        "attn_v": "attention.value",
        "attn_output": "attention.out",
        "ffn_norm": "norm2",
        "ffn_gate": "feed_forward.gate",
        "ffn_up": "feed_forward.up",
        "ffn_down": "feed_forward.down",
    }
    # Names are read as a whole: attn_norm, ffn_norm and output_norm hold one another's words.
    match name.split("."):
        case ["token_embd", "weight"]:
            return "tokens.weight"
        case ["output_norm", "weight"]:
            return "norm.weight"
        case ["blk", number, part, "weight"] if part in ours:
            return f"blocks.{number}.{ours[part]}.weight"
    raise ValueError(f"Llama has no place for {name}")


def unpermute(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Put the rows of a query or key weight into the order that ``rope`` asks for.

    A head has D rows. ``rope`` turns row j of a head together with row j + D/2; in a GGUF file
    those two lie side by side. With r the rows of one head as the file has them, they become

        r_0, r_2, r_4, ..., r_(D-2), r_1, r_3, r_5, ..., r_(D-1)

    and the heads stay in their order.

    Args:
        weight: tensor (heads * D, C) of any dtype, D even.
        heads: how many heads ``weight`` serves: for a key weight those of keys and values.

    Returns:
        A tensor of the shape and dtype of ``weight``, which stays as it was.

    >>> unpermute(torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]), heads=1).flatten()
    tensor([0., 2., 4., 1., 3., 5.])

    Source: the function ``permute`` in llama.cpp's conversion, of which this is the inverse.
    """
    # Within a head a row has two numbers: which pair, and which of the two it is. The file
    # counts the second one faster, rope the first.
    pairs = weight.unflatten(0, (heads, -1, 2))  # (heads, D/2, 2, C)
    return pairs.transpose(1, 2).reshape(weight.shape)


def load_llama(
    tensors: dict[str, torch.Tensor], heads: int, kv_heads: int, base: float, eps: float
) -> Llama:
    """Build the ``Llama`` that the tensors of a GGUF file describe, with their values.

    Sizes are read from the tensors: V and C from ``token_embd.weight`` (V, C), the number of
    blocks from the names, the feed-forward layers' width from ``blk.0.ffn_up.weight``
    (hidden, C). What shapes do not tell comes as arguments.

    Each tensor is the parameter that ``our_name`` says, as it is; only ``attn_q`` and ``attn_k``
    are put in order by ``unpermute`` first, for ``heads`` and for ``kv_heads`` heads. The model
    holds copies: the tensors stay as they were, whatever becomes of it. Every parameter can be
    trained.

    Args:
        tensors: float32 tensors by their names in the file, in any order: two that stand alone
            and nine for each of L blocks, 0 to L - 1, L at least 1. A name that ``our_name``
            does not know is a ``ValueError``, and so is a missing tensor, or one whose shape is
            not its parameter's.
        heads: how many heads ask, H.
        kv_heads: how many heads of keys and values they share.
        base: the base of the rotations.
        eps: what every norm adds under its root.

    Returns:
        The model, in float32.

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
    turned = {"query": heads, "key": kv_heads}
    state = {}
    for name, tensor in tensors.items():
        ours = our_name(name)
        part = ours.split(".")[-2]
        state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
    tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
    if tokens is None or up is None:
        raise ValueError("token_embd.weight or blk.0.ffn_up.weight is missing")
    layers = sum(name.endswith("norm1.weight") for name in state)
    model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
    # Compared before anything is copied: a weight of one number would fill a whole norm.
    shapes = {name: weight.shape for name, weight in state.items()}
    wanted = {name: weight.shape for name, weight in model.state_dict().items()}
    differing = shapes.items() ^ wanted.items()
    if differing:
        raise ValueError(f"missing, or of another shape than the model's: {dict(differing)}")
    model.load_state_dict(state)
    return model
