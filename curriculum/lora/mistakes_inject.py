"""Wrong versions of inject."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def top_level_only():
    """only the model's own children looked at, not the layers within them"""
    edit("dict(model.named_modules())", "dict(model.named_children())")


@caught_by("test_a_target_names_whole_parts_of_a_path")
def end_of_the_letters():
    """the last letters of the path compared, so that up hits blocks.0.warmup"""
    edit('f".{path}".endswith(f".{target}")', "path.endswith(target)")


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def whole_paths_only():
    """a target compared with the whole path, so that up names no layer within a block"""
    edit('f".{path}".endswith(f".{target}")', "path == target")


@caught_by("test_a_target_names_whole_parts_of_a_path")
def last_name_only():
    """a target compared with the last name of the path alone, so that 0.up names nothing"""
    edit('f".{path}".endswith(f".{target}")', 'path.rpartition(".")[2] == target')


@caught_by("test_a_target_names_whole_parts_of_a_path")
def dot_needed_before():
    """a target compared with what follows a dot, so that a layer of the model itself has no name"""
    edit('f".{path}".endswith(f".{target}")', 'path.endswith(f".{target}")')


@caught_by("test_a_target_names_whole_parts_of_a_path")
def last_name_or_whole_path():
    """a target compared with the last name and with the whole path, with nothing in between"""
    edit('f".{path}".endswith(f".{target}")', 'target in (path, path.rpartition(".")[2])')


@caught_by("test_a_target_names_whole_parts_of_a_path")
def anywhere_in_the_path():
    """a target looked for anywhere in the path"""
    with spelling():
        edit('f".{path}".endswith(f".{target}")', "target in path")
    with spelling():
        edit('f".{path}".endswith(f".{target}")', 'f".{target}." in f".{path}."')


@caught_by("test_a_target_names_whole_parts_of_a_path")
def pattern_as_regular_expression():
    """a target taken for a regular expression, in which a dot matches any character"""
    edit("from torch import nn\n", "import re\n\nfrom torch import nn\n")
    edit('f".{path}".endswith(f".{target}")', 're.search(f"(^|[.]){target}$", path)')


@caught_by("test_a_target_without_a_linear_layer_is_refused")
def wildcards():
    """* and ? in a target taken for any characters, as in patterns for files"""
    edit(
        "from torch import nn\n",
        "from fnmatch import fnmatchcase\n\nfrom torch import nn\n",
    )
    edit('f".{path}".endswith(f".{target}")', 'fnmatchcase(f".{path}", f"*.{target}")')


@caught_by("test_everything_but_the_matrices_is_frozen")
def rest_not_frozen():
    """only the adapted layers frozen: norms, embeddings and other layers are trained along"""
    edit("    model.requires_grad_(False)\n", "")


@caught_by("test_everything_but_the_matrices_is_frozen")
def only_linear_layers_frozen():
    """all linear layers frozen, and norms and embeddings trained along"""
    edit(
        "    model.requires_grad_(False)\n",
        "    for layer in linear.values():\n        layer.requires_grad_(False)\n",
    )


@caught_by("test_everything_but_the_matrices_is_frozen")
def biases_trained():
    """biases trained along with A and B: all of the model, or those of the adapted layers"""
    with spelling():
        edit(
            "    model.requires_grad_(False)\n",
            "    for name, parameter in model.named_parameters():\n"
            '        parameter.requires_grad_(name.endswith("bias"))\n',
        )
        edit(
            "LoRALinear(layer, rank, alpha))\n",
            "LoRALinear(layer, rank, alpha))\n"
            "        if layer.bias is not None:\n            layer.bias.requires_grad_(True)\n",
        )
    with spelling():
        edit(
            "LoRALinear(layer, rank, alpha))\n",
            "LoRALinear(layer, rank, alpha))\n"
            "        if layer.bias is not None:\n            layer.bias.requires_grad_(True)\n",
        )


@caught_by("test_everything_but_the_matrices_is_frozen")
def trained_only_if_the_weight_was():
    """A and B frozen in a layer whose weight was frozen before"""
    edit(
        "    model.requires_grad_(False)\n",
        "    trained = {path: layer.weight.requires_grad for path, layer in chosen.items()}\n"
        "    model.requires_grad_(False)\n",
    )
    edit(
        "name, LoRALinear(layer, rank, alpha))\n",
        "name, LoRALinear(layer, rank, alpha))\n"
        "        for matrix in model.get_submodule(path).parameters(recurse=False):\n"
        "            matrix.requires_grad_(trained[path])\n",
    )


@caught_by("test_everything_but_the_matrices_is_frozen")
def lora_in_the_name():
    """every parameter with lora_ in its name trained, also of a module that is called so itself"""
    edit(
        "    return len(chosen)",
        "    for name, parameter in model.named_parameters():\n"
        '        parameter.requires_grad_("lora_" in name)\n    return len(chosen)',
    )


@caught_by("test_everything_but_the_matrices_is_frozen")
def frozen_too_late():
    """the model frozen after the layers were replaced, A and B with it"""
    edit("    model.requires_grad_(False)\n", "")
    edit("    return len(chosen)", "    model.requires_grad_(False)\n    return len(chosen)")


@caught_by("test_everything_but_the_matrices_is_frozen")
def only_one_matrix_trained():
    """B alone trained, and A frozen"""
    edit(
        "    return len(chosen)",
        "    for name, parameter in model.named_parameters():\n"
        '        parameter.requires_grad_(name.endswith("lora_B"))\n    return len(chosen)',
    )


@caught_by("test_each_layer_has_matrices_of_its_own")
def one_matrix_for_all():
    """one A for all layers with as many inputs"""
    edit(
        "    for path, layer in chosen.items():\n",
        "    shared = {}\n    for path, layer in chosen.items():\n",
    )
    edit(
        "LoRALinear(layer, rank, alpha))\n",
        "LoRALinear(layer, rank, alpha))\n"
        "        new = model.get_submodule(path)\n"
        "        new.lora_A = shared.setdefault(layer.in_features, new.lora_A)\n",
    )


@caught_by("test_each_layer_has_matrices_of_its_own")
def same_seed_for_all():
    """a generator seeded before each layer, so that all start with the same A"""
    edit("from torch import nn\n", "import torch\nfrom torch import nn\n")
    edit(
        '        parent, _, name = path.rpartition(".")\n',
        '        parent, _, name = path.rpartition(".")\n        torch.manual_seed(0)\n',
    )


@caught_by("test_the_base_is_the_layer_itself")
def copy_of_the_layer():
    """a copy of the layer as the base, so that its weight is in memory twice and no longer tied"""
    edit("from torch import nn\n", "import copy\n\nfrom torch import nn\n")
    edit("name, LoRALinear(layer, rank", "name, LoRALinear(copy.deepcopy(layer), rank")


@caught_by("test_the_model_returns_bit_for_bit_what_it_returned_before")
def fresh_layer_as_base():
    """a new linear layer of the same sizes as the base, with random weights"""
    edit(
        "name, LoRALinear(layer, rank",
        "name, LoRALinear(nn.Linear(layer.in_features, layer.out_features, layer.bias is not None,"
        " dtype=layer.weight.dtype), rank",
    )


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def copy_of_the_model():
    """a copy of the model adapted, so that the caller's model stays as it is"""
    edit("from torch import nn\n", "import copy\n\nfrom torch import nn\n")
    edit(
        "    modules = dict(model.named_modules())\n",
        "    model = copy.deepcopy(model)\n    modules = dict(model.named_modules())\n",
    )


@caught_by("test_nothing_else_of_the_model_changes")
def moved_to_the_end():
    """a layer removed and added anew, so that it is called after the layers behind it"""
    edit(
        "        setattr(model.get_submodule(parent), name, LoRALinear(layer, rank, alpha))\n",
        "        delattr(model.get_submodule(parent), name)\n"
        "        model.get_submodule(parent).add_module(name, LoRALinear(layer, rank, alpha))\n",
    )


@caught_by("test_a_second_call_is_refused")
def adapted_twice():
    """a second call accepted, for further layers or for the bases of adapted ones"""
    with spelling():
        edit("if any(isinstance(module, LoRALinear) for module in modules.values()):", "if False:")
    with spelling():
        edit(
            "if any(isinstance(module, LoRALinear) for module in modules.values()):",
            "if any(isinstance(module, LoRALinear) and path.endswith(target)\n"
            "           for path, module in modules.items() for target in targets):",
        )


@caught_by("test_a_second_call_is_refused")
def second_call_does_nothing():
    """a second call that changes nothing and raises no error"""
    edit('raise ValueError("the model has LoRA layers already")', "return 0")


@caught_by("test_a_target_without_a_linear_layer_is_refused")
def unknown_target_ignored():
    """a target that names no layer ignored, so that a typing error trains nothing"""
    edit("if not named:", "if False:")


@caught_by("test_a_target_without_a_linear_layer_is_refused")
def refused_only_if_all_fail():
    """an error only if no target names a layer, not if one of several does not"""
    edit("        if not named:", "        if not named and target == targets[-1] and not chosen:")


@caught_by("test_a_target_without_a_linear_layer_is_refused")
def frozen_before_the_error():
    """the model frozen before the targets are looked at, so that an error leaves it frozen"""
    edit("    model.requires_grad_(False)\n", "")
    edit(
        "    chosen: dict[str, nn.Linear] = {}\n",
        "    chosen: dict[str, nn.Linear] = {}\n    model.requires_grad_(False)\n",
    )


@caught_by("test_a_target_without_a_linear_layer_is_refused")
def replaced_target_by_target():
    """the layers of a target replaced before the next target is looked at, which may be unknown"""

    def inject(model, targets, rank, alpha):
        modules = dict(model.named_modules())
        if rank < 1 or any(isinstance(module, LoRALinear) for module in modules.values()):
            raise ValueError
        linear = [path for path in modules if isinstance(modules[path], nn.Linear)]
        done = set()
        for target in targets:
            named = [path for path in linear if f".{path}".endswith(f".{target}")]
            if not named:
                raise ValueError
            for path in named:
                if path not in done:
                    parent, _, name = path.rpartition(".")
                    setattr(modules[parent], name, LoRALinear(modules[path], rank, alpha))
            done.update(named)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.endswith((".lora_A", ".lora_B")))
        return len(done)


@caught_by("test_a_rank_below_one_is_refused")
def rank_found_out_too_late():
    """a bad rank found out when the model is frozen already, as by the first LoRALinear"""
    edit(
        '    if rank < 1:\n        raise ValueError(f"rank must be at least 1, not {rank}")\n',
        "",
    )


@caught_by("test_a_rank_below_one_is_refused")
def rank_raised_to_one():
    """a rank below 1 silently replaced by 1"""
    edit(
        'if rank < 1:\n        raise ValueError(f"rank must be at least 1, not {rank}")',
        "rank = max(rank, 1)",
    )


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def first_match_only():
    """only the first layer that a target names replaced"""
    edit("chosen |= named", "chosen |= dict(list(named.items())[:1])")


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def trained_parameters_counted():
    """the number of trained parameters or matrices returned, not the number of layers"""
    with spelling():
        edit(
            "return len(chosen)",
            "return sum(p.numel() for p in model.parameters() if p.requires_grad)",
        )
    with spelling():
        edit("return len(chosen)", "return 2 * len(chosen)")


@caught_by("test_the_named_layers_are_replaced_at_any_depth")
def paths_returned():
    """the paths or the layers returned, not their number"""
    with spelling():
        edit("return len(chosen)", "return list(chosen)")
    with spelling():
        edit("return len(chosen)", "return None")
    with spelling():
        edit("return len(chosen)", "return model")


@caught_by("test_a_target_names_whole_parts_of_a_path")
def counted_for_each_target():
    """a layer that two targets name counted twice"""
    edit(
        "    chosen: dict[str, nn.Linear] = {}\n",
        "    chosen: dict[str, nn.Linear] = {}\n    count = 0\n",
    )
    edit("chosen |= named", "chosen |= named\n        count += len(named)")
    edit("return len(chosen)", "return count")


@caught_by("test_rank_and_alpha_reach_every_layer")
def divided_twice():
    """alpha divided by the rank before the layer divides it again"""
    edit("name, LoRALinear(layer, rank, alpha)", "name, LoRALinear(layer, rank, alpha / rank)")


@caught_by("test_rank_and_alpha_reach_every_layer")
def alpha_is_the_rank():
    """alpha ignored: the rank, or twice the rank, in its place"""
    with spelling():
        edit("name, LoRALinear(layer, rank, alpha)", "name, LoRALinear(layer, rank, rank)")
    with spelling():
        edit("name, LoRALinear(layer, rank, alpha)", "name, LoRALinear(layer, rank, 2 * rank)")


@caught_by("test_rank_and_alpha_reach_every_layer")
def rank_lowered():
    """a rank above the sizes of a layer lowered to the smaller of them"""
    edit(
        "name, LoRALinear(layer, rank, alpha)",
        "name, LoRALinear(layer, min(rank, *layer.weight.shape), alpha)",
    )


@caught_by("test_nothing_else_of_the_model_changes")
def evaluation_mode():
    """the model switched to evaluation or training mode"""
    with spelling():
        edit("return len(chosen)", "model.eval()\n    return len(chosen)")
    with spelling():
        edit("return len(chosen)", "model.train()\n    return len(chosen)")


@caught_by("test_nothing_else_of_the_model_changes")
def gradients_cleared():
    """the gradients of the parameters removed"""
    edit("return len(chosen)", "model.zero_grad()\n    return len(chosen)")


@caught_by("test_a_target_names_whole_parts_of_a_path")
def targets_used_up():
    """the caller's list of targets emptied or sorted"""
    with spelling():
        edit("    return len(chosen)", "    targets.clear()\n    return len(chosen)")
    with spelling():
        edit("    for target in targets:", "    targets.sort()\n    for target in targets:")
