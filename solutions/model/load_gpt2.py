"""GPT-2's published weights, put into the GPT of this course."""

import torch

from exercises.model.gpt import GPT


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Build a ``GPT`` that computes what GPT-2 computes with these tensors.

    The tensors bear the names and have the layout of GPT-2's own files. Letters: V vocabulary, C
    width, L layers; ``N`` is the number of a block, from 0 to L - 1.

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

    A weight whose name holds ``.c_`` is stored as (in, out) and used as y = x W + b; the
    ``nn.Linear`` of the model stores (out, in). The columns of c_attn are those of the query,
    then of the key, then of the value, C each, and its bias is joined likewise.

    Each name may begin with ``transformer.``, as in files of the whole model. Any other name is
    passed over: such files may hold a causal mask in each block (``h.N.attn.bias``,
    ``h.N.attn.masked_bias``) and the token embedding once more (``lm_head.weight``).

    Args:
        tensors: float tensors by name, in any order. V, context and C are read off their
            shapes; L is at least 1 and one more than the largest N. A name of the table that
            is missing, in any of the L blocks or outside, is a ``ValueError`` whose message
            holds it as the table spells it.
        heads: how many heads each block has, a divisor of C; no tensor tells.

    Returns:
        A new ``GPT``, its parameters copies in float32, whatever the dtype of the tensors, and
        trained as in any new one. The tensors and the dict stay as they were.

    >>> whole = GPT(vocabulary=7, context=5, width=2, layers=1, heads=1).state_dict()
    >>> load_gpt2({"wte.weight": whole["tokens.weight"]}, heads=1)
    Traceback (most recent call last):
    ValueError: wpe.weight is missing

    Not to be used: the library ``transformers``. Source: Radford et al., Language Models are
    Unsupervised Multitask Learners, 2019, and the code that came with it (openai/gpt-2).
    """
    files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    # A hole among the numbers shows below, as a tensor that is missing.
    layers = max(1, len({name.split(".")[1] for name in files if name.startswith("h.")}))

    def take(name: str) -> torch.Tensor:
        if name not in files:
            raise ValueError(f"{name} is missing")
        return files[name]

    state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
    homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
    homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = take(f"ln_f.{kind}")
        for n in range(layers):
            # t() turns (in, out) into (out, in), and leaves biases and norms as they are.
            for theirs, ours in homes.items():
                state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
            joined = take(f"h.{n}.attn.c_attn.{kind}").t()  # (3C, C), or (3C,) for the bias
            for i, name in enumerate(("query", "key", "value")):
                state[f"blocks.{n}.attention.{name}.{kind}"] = joined.chunk(3)[i]
    (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
    model = GPT(vocabulary, context, width, layers, heads)
    model.load_state_dict(state)  # copies, into the dtype of the model
    return model
