"""The library safetensors, which reads and writes the file."""

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def save_adapter(path, model, alpha):
    """Theirs writes in place, so the new file gets its name afterwards."""
    layers = {name: m for name, m in model.named_modules() if isinstance(m, LoRALinear)}
    if not layers:
        raise ValueError("it would write a file without tensors")
    tensors = {
        f"{name}.{key}": getattr(layer, key).detach().contiguous()
        for name, layer in layers.items()
        for key in ("lora_A", "lora_B")
    }
    rank = next(iter(layers.values())).lora_A.shape[0]
    save_file(tensors, path + ".new", {"rank": str(rank), "alpha": repr(float(alpha))})
    Path(path + ".new").replace(path)


def read_adapter(path):
    """Its errors are no ValueErrors, and it reads other dtypes and no rank."""
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata() or {}
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        rank, alpha = int(about["rank"]), float(about["alpha"])
    except (SafetensorError, KeyError) as error:
        raise ValueError("not such a file") from error
    if rank < 1 or any(tensor.dtype != torch.float32 for tensor in tensors.values()):
        raise ValueError("another dtype, or a bad rank")
    return tensors, rank, alpha


def load_adapter(path, model):
    """A layer is given its state, which torch compares with its shapes."""
    tensors, rank, alpha = read_adapter(path)
    states = {}
    for name, tensor in tensors.items():
        layer, _, key = name.rpartition(".")
        states.setdefault(layer, {})[key] = tensor
    modules = dict(model.named_modules())
    if any(isinstance(module, LoRALinear) for module in modules.values()):
        raise ValueError("adapted already")
    for layer, state in states.items():
        own = modules.get(layer)
        if not isinstance(own, nn.Linear):
            raise ValueError(f"no linear layer {layer}")
        with torch.device("meta"):
            trial = LoRALinear(nn.Linear(own.in_features, own.out_features), rank, alpha)
        try:
            missing, unexpected = trial.load_state_dict(state, strict=False, assign=True)
        except RuntimeError as error:
            raise ValueError(f"other shapes for {layer}") from error
        if unexpected or any(name.startswith("lora") for name in missing):
            raise ValueError(f"not just A and B for {layer}")
    model.requires_grad_(False)
    for layer, state in states.items():
        adapted = LoRALinear(modules[layer], rank, alpha)
        adapted.load_state_dict(state, strict=False)
        model.set_submodule(layer, adapted)
    return alpha
