# right: split at the dots, rows picked by slices, a state dict and load_state_dict
import torch

from exercises.model.llama import Llama

PARTS = dict(
    attn_norm="norm1",
    attn_q="attention.query",
    attn_k="attention.key",
    attn_v="attention.value",
    attn_output="attention.out",
    ffn_norm="norm2",
    ffn_gate="feed_forward.gate",
    ffn_up="feed_forward.up",
    ffn_down="feed_forward.down",
)


def our_name(name):
    """Return the name in Llama of the tensor that a GGUF file calls name."""
    match name.split("."):
        case ["token_embd", "weight"]:
            return "tokens.weight"
        case ["output_norm", "weight"]:
            return "norm.weight"
        case ["blk", number, part, "weight"] if part in PARTS:
            if number.isascii() and number.isdigit() and str(int(number)) == number:
                return f"blocks.{number}.{PARTS[part]}.weight"
    raise ValueError(f"{name!r} is no tensor of a Llama")


def unpermute(weight, heads):
    """Reorder the rows of a query or key weight for rope."""
    return torch.cat(
        [rows for head in weight.chunk(heads) for rows in (head[0::2], head[1::2])]
    )


def load_llama(tensors, heads, kv_heads, base, eps):
    """Build the Llama whose parameters are the tensors of a GGUF file."""
    ours = {our_name(name): tensor for name, tensor in tensors.items()}
    numbers = {int(name.split(".")[1]) for name in ours if name.startswith("blocks.")}
    if numbers != set(range(len(numbers))) or not numbers:
        raise ValueError("a block is missing")
    try:
        vocabulary, width = ours["tokens.weight"].shape
        hidden, _ = ours["blocks.0.feed_forward.up.weight"].shape
    except KeyError as error:
        raise ValueError(f"{error} is missing") from None
    model = Llama(
        vocabulary=vocabulary,
        width=width,
        layers=len(numbers),
        heads=heads,
        kv_heads=kv_heads,
        hidden=hidden,
        base=base,
        eps=eps,
    )
    for name, parameter in model.state_dict().items():
        if name not in ours:
            raise ValueError(f"{name} is missing")
        if ours[name].shape != parameter.shape:
            raise ValueError(f"{name} has a wrong shape")
    for name in ours:
        if name.endswith(".query.weight"):
            ours[name] = unpermute(ours[name], heads)
        if name.endswith(".key.weight"):
            ours[name] = unpermute(ours[name], kv_heads)
    model.load_state_dict(ours)
    return model
