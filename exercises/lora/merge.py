"""Merge LoRA into the weights of a model, so that it costs nothing more, and undo it."""

from torch import nn

from exercises.lora.lora_linear import LoRALinear


def merge(model: nn.Module, alpha: float) -> dict[str, LoRALinear]:
    """Replace the LoRA layers of a model by plain linear layers that compute the same.

    Notation: the weight W of a base layer, of shape (out, in), the matrices A (``lora_A``), of
    shape (r, in), and B (``lora_B``), of shape (out, r). Layers may have different ranks r.

    Each ``LoRALinear`` of the model, at any depth, is replaced in the module that contains it by
    a new ``nn.Linear``, under the same name and in the same place of the order. The new layer has
    the weight

        W + (alpha / r) * B A

    of the shape and dtype of W, and the bias of the base layer, or none if that has none. Its
    ``in_features`` and ``out_features`` are those of the base. So the names in
    ``model.state_dict()`` are again those that the model had before LoRA, and its outputs are those
    from before the call, up to rounding.

    The LoRA layers do not change, nor do their bases: no number in W, in the bias, in A or B. So
    neither does another module that shares W (a tied weight). Whether the new layer shares the
    base's bias or has a copy is your decision, and so is its mode (training or evaluation). All
    parameters of the new layer are frozen (``requires_grad`` is False). All other modules are the
    same objects as before, with their parameters and their mode as they were.

    Args:
        model: any module but a ``LoRALinear`` by itself; each module has one path only. The bases
            of its LoRA layers are frozen. ``ValueError`` if it contains no ``LoRALinear``, as after
            a first call.
        alpha: the one with which the LoRA layers were created; any float.

    Returns:
        A dict of the layers that were replaced, the ``LoRALinear`` objects themselves, in the order
        of ``model.named_modules()``. The key is the path, the name that is used there.

    >>> model = nn.Sequential(LoRALinear(nn.Linear(2, 3), rank=1, alpha=4.0), nn.Tanh())
    >>> layers = merge(model, alpha=4.0)
    >>> list(layers), list(model.state_dict())
    (['0'], ['0.weight', '0.bias'])

    Not to be used: a library for LoRA, such as peft. Source: Hu et al., LoRA, 2021, section 4.1,
    "No Additional Inference Latency".
    """
    raise NotImplementedError("write merge (about 13 lines)")


def unmerge(model: nn.Module, layers: dict[str, LoRALinear]) -> None:
    """Put the LoRA layers back in the places from which ``merge`` has taken them.

    Afterwards each ``LoRALinear`` of ``layers``, itself and not a copy, is in the module that
    contained it, under the same name and in the same place of the order, and the merged layers are
    no longer in the model. So the model returns bit for bit what it returned before ``merge``, and
    A and B can be trained on. No number changes, nor which parameters are frozen.

    Args:
        model: the model that was given to ``merge``. ``ValueError`` if at one of the paths there
            is no ``nn.Linear``, as after a first call or in another model; then nothing has
            changed.
        layers: what ``merge`` has returned. It is not changed.

    >>> layer = LoRALinear(nn.Linear(2, 3), rank=1, alpha=4.0)
    >>> model = nn.Sequential(layer, nn.Tanh())
    >>> unmerge(model, merge(model, alpha=4.0))
    >>> model[0] is layer
    True
    """
    raise NotImplementedError("write unmerge (about 7 lines)")
