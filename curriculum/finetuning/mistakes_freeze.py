"""What goes wrong with freeze."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_only_what_a_pattern_names_is_trained")
def the_wrong_way_round():
    """the patterns name what is frozen, instead of what is trained"""
    edit("wanted = all", "wanted = not all")


@caught_by("test_only_what_a_pattern_names_is_trained")
def flag_never_set():
    """requires_grad stays as it was: only a list is made, or the attribute's name is misspelled"""
    with spelling():
        edit("        parameter.requires_grad_(wanted)\n", "")
    with spelling():
        edit("parameter.requires_grad_(wanted)", "parameter.require_grad = wanted")


@caught_by("test_only_what_a_pattern_names_is_trained")
def never_thawed():
    """everything frozen at the end, also what matches"""
    edit("return chosen", "model.requires_grad_(False)\n    return chosen")


@caught_by("test_each_call_decides_anew")
def frozen_parameters_stay_frozen():
    """parameters that do not match are frozen, but those that match are not made trainable again"""
    with spelling():
        edit(
            "parameter.requires_grad_(wanted)",
            "parameter.requires_grad_(wanted and parameter.requires_grad)",
        )
    with spelling():
        edit(
            "parameter.requires_grad_(wanted)",
            "parameter.requires_grad_(wanted and parameter.requires_grad)",
        )
        edit("        if wanted:", "        if parameter.requires_grad:")


@caught_by("test_each_call_decides_anew")
def earlier_calls_count():
    """parameters that match are made trainable, but what an earlier call trained stays so"""
    edit(
        "    chosen = []",
        "    if all(parameter.requires_grad for parameter in names):\n"
        "        model.requires_grad_(False)\n"
        "    chosen = []",
    )
    edit(
        "parameter.requires_grad_(wanted)",
        "parameter.requires_grad_(wanted or parameter.requires_grad)",
    )


@caught_by("test_each_call_decides_anew")
def only_trainable_parameters_looked_at():
    """only the parameters that required a gradient before are considered"""
    edit(
        "names.setdefault(parameter, []).append(name)",
        "if parameter.requires_grad:\n            names.setdefault(parameter, []).append(name)",
    )


@caught_by("test_each_call_decides_anew")
def empty_list_means_everything():
    """an empty list of patterns taken for everything"""
    edit("    names: dict", '    trained = trained or ["*"]\n    names: dict')


@caught_by("test_a_pattern_matches_whole_names")
def part_of_the_name():
    """a pattern matches a part of the name, or its end, so blocks.1.* also hits old.blocks.1"""
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return fnmatch.fnmatchcase(name, f'*{pattern}*')",
        )
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return pattern.strip('*.') in name",
        )
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return fnmatch.fnmatchcase(name, f'*{pattern}')",
        )


@caught_by("test_a_pattern_matches_whole_names")
def beginning_of_the_name():
    """a pattern matches if the name begins with it: blocks.1 also hits blocks.10"""
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return fnmatch.fnmatchcase(name, f'{pattern}*')",
        )
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return name.startswith(pattern.rstrip('*.'))",
        )


@caught_by("test_a_pattern_matches_whole_names")
def equal_names_only():
    """names are compared with ==, without wildcards"""
    edit(
        "from fnmatch import fnmatchcase",
        "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n    return name == pattern",
    )


@caught_by("test_only_what_a_pattern_names_is_trained")
def modules_compared_not_parameters():
    """the patterns compared with the names of modules, so that no parameter's name matches"""
    edit(
        "from fnmatch import fnmatchcase",
        "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
        "    return fnmatch.fnmatchcase(name.rpartition('.')[0], pattern)",
    )


@caught_by("test_a_pattern_matches_whole_names")
def pattern_as_regular_expression():
    """the pattern taken for a regular expression, where * repeats the character before it"""
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import re\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return re.match(pattern.removeprefix('*'), name)",
        )
    with spelling():
        edit(
            "from fnmatch import fnmatchcase",
            "import re\n\n\ndef fnmatchcase(name, pattern):\n"
            "    return re.search(pattern.removeprefix('*'), name)",
        )


@caught_by("test_dots_and_case_are_compared_as_they_are")
def dot_matches_any_character():
    """the pattern made a regular expression in which a dot still matches any character"""
    edit(
        "from fnmatch import fnmatchcase",
        "import re\n\n\ndef fnmatchcase(name, pattern):\n"
        "    return re.fullmatch(pattern.replace('?', '.').replace('*', '.*'), name)",
    )


@caught_by("test_dots_and_case_are_compared_as_they_are")
def case_ignored():
    """upper and lower case taken for the same"""
    edit(
        "from fnmatch import fnmatchcase",
        "import fnmatch\n\n\ndef fnmatchcase(name, pattern):\n"
        "    return fnmatch.fnmatchcase(name.lower(), pattern.lower())",
    )


@caught_by("test_a_pattern_matches_whole_names")
def star_stops_at_a_dot():
    """* stands for characters up to the next dot, as in a shell's paths, instead of dots too"""
    edit(
        "from fnmatch import fnmatchcase",
        "import fnmatch\n\n\n"
        "def fnmatchcase(name, pattern):\n"
        "    names, patterns = name.split('.'), pattern.split('.')\n"
        "    return len(names) == len(patterns) and all(\n"
        "        map(fnmatch.fnmatchcase, names, patterns)\n"
        "    )",
    )


@caught_by("test_a_tied_weight_is_trained_only_if_all_its_names_match")
def thawed_by_its_twin():
    """a tied weight trained as soon as one of its names matches"""
    with spelling():
        edit("all(any(", "any(any(")
    with spelling():
        edit("for name in own)", "for name in own[-1:])")


@caught_by("test_a_tied_weight_is_trained_only_if_all_its_names_match")
def one_pattern_for_all_names():
    """all names of a tied weight have to match the same pattern, not one each"""
    edit(
        "all(any(fnmatchcase(name, pattern) for pattern in trained) for name in own)",
        "any(all(fnmatchcase(name, pattern) for name in own) for pattern in trained)",
    )


@caught_by("test_parameters_of_every_depth_are_found")
def equal_numbers_taken_as_tied():
    """parameters taken as tied if their numbers are equal, such as biases of zeros"""
    edit("from torch import nn", "import torch\nfrom torch import nn")
    edit(
        "    for parameter, own in names.items():",
        "    for parameter in names:\n"
        "        own = [name for other in names if torch.equal(other, parameter)\n"
        "               for name in names[other]]",
    )


@caught_by("test_a_tied_weight_is_trained_only_if_all_its_names_match")
def first_name_only():
    """of a tied weight only the first name looked at (named_parameters lists it once)"""
    with spelling():
        edit("remove_duplicate=False", "")
    with spelling():
        edit("for name in own)", "for name in own[:1])")


@caught_by("test_a_tied_weight_is_trained_only_if_all_its_names_match")
def tied_weight_twice():
    """a tied weight returned once for each of its names"""
    edit("chosen.append(parameter)", "chosen += [parameter] * len(own)")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def order_of_the_patterns():
    """the parameters returned pattern by pattern, so that the order is another"""
    with spelling():
        edit(
            "return chosen",
            "return [p for own in trained for p in chosen if fnmatchcase(names[p][0], own)]",
        )
    with spelling():
        edit(
            "return chosen",
            "return list(dict.fromkeys(\n"
            "        p for own in trained for p in chosen if fnmatchcase(names[p][0], own)\n"
            "    ))",
        )


@caught_by("test_the_trained_parameters_are_returned_in_order")
def names_returned():
    """the names returned instead of the parameters"""
    edit("return chosen", "return [names[parameter][0] for parameter in chosen]")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def pairs_returned():
    """pairs of name and parameter returned instead of parameters"""
    edit("return chosen", "return [(names[parameter][0], parameter) for parameter in chosen]")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def all_parameters_returned():
    """all parameters of the model returned, also the frozen ones"""
    edit("return chosen", "return list(names)")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def generator_returned():
    """a generator or a filter returned instead of a list: it is empty after its first use"""
    with spelling():
        edit("return chosen", "return (parameter for parameter in chosen)")
    with spelling():
        edit("return chosen", "return filter(lambda p: p.requires_grad, model.parameters())")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def nothing_returned():
    """None returned instead of the list"""
    edit("return chosen", "return None")


@caught_by("test_the_trained_parameters_are_returned_in_order")
def copies_returned():
    """copies of the parameters returned, which an optimizer changes in vain"""
    edit(
        "return chosen", "return [nn.Parameter(parameter.detach().clone()) for parameter in chosen]"
    )


@caught_by("test_parameters_of_every_depth_are_found")
def children_only():
    """only the parameters of the direct children looked at, not those of the model itself"""
    edit(
        "model.named_parameters(remove_duplicate=False)",
        "[(f'{a}.{b}', p) for a, m in model.named_children() "
        "for b, p in m.named_parameters(remove_duplicate=False)]",
    )


@caught_by("test_a_pattern_without_a_match_is_refused")
def misspelled_pattern_accepted():
    """a pattern without a match ignored, so that a typing error trains nothing"""
    edit("if not any(fnmatchcase(name, pattern) for name in every):", "if False:")


@caught_by("test_a_pattern_without_a_match_is_refused")
def refused_only_if_all_fail():
    """an error only if no pattern matches anything, not if one of several does not"""
    edit(
        "if not any(fnmatchcase(name, pattern) for name in every):",
        "if not any(fnmatchcase(name, other) for name in every for other in trained):",
    )


@caught_by("test_a_pattern_without_a_match_is_refused")
def frozen_before_the_error():
    """the model frozen before the patterns are looked at, so that an error leaves it frozen"""
    edit("    names: dict", "    model.requires_grad_(False)\n    names: dict")


@caught_by("test_gradients_flow_through_frozen_layers")
def no_gradient_at_all():
    """frozen layers cut from the graph by torch.no_grad or detach: those before get no gradient"""
    with spelling():
        edit("from torch import nn", "import torch\nfrom torch import nn")
        edit(
            "return chosen",
            "for module in model.modules():\n"
            "        own = list(module.parameters(recurse=False))\n"
            "        if own and not any(parameter.requires_grad for parameter in own):\n"
            "            module.forward = torch.no_grad()(module.forward)\n"
            "    return chosen",
        )
    with spelling():
        edit(
            "return chosen",
            "for module in model.children():\n"
            "        if not any(parameter.requires_grad for parameter in module.parameters()):\n"
            "            module.register_forward_hook(lambda *args: args[-1].detach())\n"
            "    return chosen",
        )


@caught_by("test_nothing_else_of_the_model_changes")
def evaluation_mode():
    """the model switched to evaluation mode: freezing and dropout's mode taken for the same"""
    with spelling():
        edit("return chosen", "model.eval()\n    return chosen")
    with spelling():
        edit("return chosen", "model.train()\n    return chosen")


@caught_by("test_nothing_else_of_the_model_changes")
def gradients_cleared():
    """the gradients of the parameters removed"""
    with spelling():
        edit(
            "parameter.requires_grad_(wanted)",
            "parameter.requires_grad_(wanted)\n        parameter.grad = None",
        )
    with spelling():
        edit(
            "parameter.requires_grad_(wanted)",
            "parameter.requires_grad_(wanted)\n"
            "        parameter.grad = parameter.grad if wanted else None",
        )
