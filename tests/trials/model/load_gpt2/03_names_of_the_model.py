# right: through the parameters of the model, each with the name that it has in the file
import itertools

import torch

from exercises.model.gpt import GPT

THEIRS = {
    "norm1": "ln_1",
    "attention.query": "attn.c_attn",
    "attention.key": "attn.c_attn",
    "attention.value": "attn.c_attn",
    "attention.out": "attn.c_proj",
    "norm2": "ln_2",
    "feed_forward.up": "mlp.c_fc",
    "feed_forward.down": "mlp.c_proj",
    "tokens": "wte",
    "positions": "wpe",
    "norm": "ln_f",
}


def block_count(names) -> int:
    """One more than the largest number of a block."""
    found = [0]
    for name in names:
        head, _, rest = name.partition(".")
        number, dot, _ = rest.partition(".")
        if head == "h" and dot and number.isdigit():
            found.append(int(number))
    return max(found) + 1


def in_file(name: str) -> str:
    """The name in the file of a parameter of the model."""
    if name.startswith("blocks."):
        _, number, rest = name.split(".", 2)
        layer, kind = rest.rsplit(".", 1)
        return f"h.{number}.{THEIRS[layer]}.{kind}"
    layer, kind = name.rsplit(".", 1)
    return f"{THEIRS[layer]}.{kind}"


def all_names(layers: int):
    """The names of the table, one after another."""
    yield from ("wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias")
    for n in range(layers):
        for layer, kind in itertools.product(list(THEIRS.values())[:8], ("weight", "bias")):
            yield f"h.{n}.{layer}.{kind}"


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Build a GPT with GPT-2's parameters."""
    file = {}
    for name, tensor in tensors.items():
        if name.startswith("transformer."):
            name = name.split(".", 1)[1]
        file[name] = tensor
    layers = block_count(file)
    for name in all_names(layers):
        if name not in file:
            raise ValueError(name + " is missing")
    (vocabulary, width), context = file["wte.weight"].shape, len(file["wpe.weight"])
    model = GPT(vocabulary, context, width, layers, heads).float()
    for name, parameter in model.named_parameters():
        theirs = in_file(name)
        source = file[theirs].detach().clone()
        if ".c_attn." in theirs:
            index = ("query", "key", "value").index(name.split(".")[3])
            source = source[..., index * width : (index + 1) * width]
        if ".c_" in theirs and theirs.endswith(".weight"):
            source = source.transpose(0, 1)
        parameter.data.copy_(source)
    return model
