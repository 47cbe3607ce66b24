"""Freezing: train the parameters that patterns name, and leave all others as they are."""

from fnmatch import fnmatchcase

from torch import nn


def freeze(model: nn.Module, trained: list[str]) -> list[nn.Parameter]:
    """Freeze all parameters of a model except those that patterns name, and return these.

    A parameter is frozen if its ``requires_grad`` is False. After the call, a parameter is
    trained (``requires_grad`` is True) if each of its names matches at least one pattern, and
    frozen otherwise, whatever it was before.

    A name is the path of a parameter in the model, such as ``blocks.3.up.weight``. A weight that
    is tied has several names: it is trained only if all of them match, because every layer
    that uses it would change with it.

    A pattern has to match a whole name, as ``fnmatch.fnmatchcase`` compares them: ``*`` stands for
    any characters, dots too, or none, ``?`` for one character, ``[abc]`` for one of those in
    brackets, and every other character for itself. Upper and lower case differ. So
    ``blocks.1.*`` does not match ``blocks.10.up.weight``.

    A pattern that matches no name of the model is most likely a typing error and raises
    ``ValueError``. Then nothing has changed. One that matches only some names of a tied weight is
    no error, even if it trains nothing.

    Nothing else changes: neither the numbers in the parameters nor their ``grad``, nor the modules,
    buffers and training mode. Gradients still flow through frozen layers, to the input and to
    parameters before them.

    Args:
        model: any module with floating-point parameters.
        trained: patterns of the parameters to train. It is not changed. An empty list freezes
            everything.

    Returns:
        A new list of the trained parameters themselves, not copies, in the order of
        ``model.parameters()``, each once: what an optimizer is given.

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    >>> [tuple(parameter.shape) for parameter in freeze(model, ["2.*"])]
    [(1, 3), (1,)]
    >>> [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    ['2.weight', '2.bias']

    Source: Howard and Ruder, Universal Language Model Fine-tuning for Text Classification, 2018,
    section 3.3, on fine-tuning some layers while others are frozen.
    """
    names: dict[nn.Parameter, list[str]] = {}
    # By default a tied weight is listed under the first of its names alone.
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names.setdefault(parameter, []).append(name)

    every = [name for own in names.values() for name in own]
    for pattern in trained:
        if not any(fnmatchcase(name, pattern) for name in every):
            raise ValueError(f"no parameter of the model matches {pattern!r}")

    chosen = []
    for parameter, own in names.items():
        wanted = all(any(fnmatchcase(name, pattern) for pattern in trained) for name in own)
        parameter.requires_grad_(wanted)
        if wanted:
            chosen.append(parameter)
    return chosen
