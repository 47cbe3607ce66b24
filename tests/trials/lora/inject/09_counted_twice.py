# wrong: a layer that two targets name counts twice | violates: A layer that several of them name is replaced once. ... The number of layers that were replaced, an int.
"""Inject LoRA into a model: adapt the linear layers that targets name, and freeze the rest."""

from torch import nn

from exercises.lora.lora_linear import LoRALinear


def inject(model: nn.Module, targets: list[str], rank: int, alpha: float) -> int:
    """Replace the linear layers that targets name by LoRA layers, and freeze everything else.

    The path of a module is its name in ``model.named_modules()``, such as ``blocks.3.up``. A target
    names a module if it is the whole path, or what follows one of the path's dots: ``blocks.3.up``,
    ``3.up`` and ``up`` name ``blocks.3.up``. ``p`` does not, and ``up`` does not name
    ``blocks.3.warmup``. Every character stands for itself. The list ``target_modules`` of the
    library peft means the same.

    Each ``nn.Linear`` that a target names, at any depth, is replaced in the module that contains
    it by ``LoRALinear(layer, rank, alpha)``, under the same name and in the same place of the
    order. Its ``base`` is the layer itself, not a copy. Modules of other kinds that a target names
    stay as they are.

    Afterwards the parameters ``lora_A`` and ``lora_B`` of the new layers are trained
    (``requires_grad`` is True), and all other parameters of the model are frozen, whatever they
    were before: also those of embeddings, of norms and of linear layers that no target names.

    Nothing else changes: neither numbers nor ``grad``, and all modules of the model are the same
    objects as before, in the same mode (training or evaluation). So the model returns exactly
    what it returned before, until it is trained.

    ``ValueError`` is raised, and nothing has changed, if

        - a target names no linear layer of the model
        - the model contains a ``LoRALinear`` already, as after a first call
        - ``rank`` is less than 1

    Args:
        model: any module but a linear layer by itself. Its linear layers are of the class
            ``nn.Linear`` itself, and a module has one path only. A weight may be tied: two
            modules share it.
        targets: at least one target. It is not changed. A layer that several of them name is
            replaced once.
        rank: of each new layer.
        alpha: of each new layer.

    Returns:
        The number of layers that were replaced, an int.

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    >>> inject(model, ["2"], rank=1, alpha=2.0)
    1
    >>> [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    ['2.lora_A', '2.lora_B']

    Not to be used: a library for LoRA, such as peft. Source: Hu et al., LoRA, 2021, section 4.2.
    """
    if rank < 1:
        raise ValueError(f"the rank is {rank}, it must be at least 1")
    if any(isinstance(module, LoRALinear) for module in model.modules()):
        raise ValueError("the model has LoRA layers already")
    linears = [path for path, module in model.named_modules() if type(module) is nn.Linear]
    found = []
    for target in targets:
        named = [path for path in linears if path == target or path.endswith("." + target)]
        if not named:
            raise ValueError(f"{target!r} names no linear layer")
        found += named
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    chosen = [path for path in linears if path in found]
    for path in chosen:
        parent, _, name = path.rpartition(".")
        module = model.get_submodule(parent)
        layer = getattr(module, name)
        new = LoRALinear(layer, rank, alpha)
        new.train(layer.training)
        new.lora_A.requires_grad_(True)
        new.lora_B.requires_grad_(True)
        setattr(module, name, new)
    return len(found)
