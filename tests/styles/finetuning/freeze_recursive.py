"""Freezing by a walk through the modules."""

import fnmatch


def _walk(module, path=""):
    for name, parameter in module._parameters.items():
        if parameter is not None:
            yield path + name, parameter
    for name, child in module._modules.items():
        if child is not None:
            yield from _walk(child, f"{path}{name}.")


def freeze(model, trained):
    """Train what the patterns name."""
    pairs = list(_walk(model))
    used = dict.fromkeys(trained, 0)
    verdict = {}
    for name, parameter in pairs:
        fits = False
        for pattern in trained:
            if fnmatch.fnmatchcase(name, pattern):
                used[pattern] += 1
                fits = True
        old = verdict.get(id(parameter), (parameter, True))[1]
        verdict[id(parameter)] = (parameter, old and fits)
    if 0 in used.values():
        raise ValueError("a pattern names nothing")
    for parameter, fits in verdict.values():
        parameter.requires_grad_(fits)
    return [parameter for parameter, fits in verdict.values() if fits]
