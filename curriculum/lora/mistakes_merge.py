"""Wrong versions of merge and unmerge."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_merged_weight_worked_by_hand")
def scale_forgotten():
    """the update added without the factor alpha / r"""
    edit("alpha / len(layer.lora_A) * (", "(")


@caught_by("test_a_merged_weight_worked_by_hand")
def alpha_without_the_rank():
    """an update multiplied by alpha and not divided by the rank"""
    edit("alpha / len(layer.lora_A)", "alpha")


@caught_by("test_the_weight_follows_the_formula")
def rank_over_alpha():
    """an update multiplied by r / alpha instead of alpha / r"""
    edit("alpha / len(layer.lora_A)", "len(layer.lora_A) / alpha")


@caught_by("test_the_weight_follows_the_formula")
def rank_of_the_wrong_side():
    """alpha divided by the number of columns of A or of rows of B, instead of the rank"""
    with spelling():
        edit("len(layer.lora_A)", "layer.lora_A.shape[1]")
    with spelling():
        edit("len(layer.lora_A)", "layer.lora_B.shape[0]")


@caught_by("test_the_weight_follows_the_formula")
def root_of_the_rank():
    """an update divided by the square root of the rank, which is rsLoRA"""
    edit("len(layer.lora_A)", "len(layer.lora_A) ** 0.5")


@caught_by("test_the_weight_follows_the_formula")
def whole_division():
    """alpha // r, which rounds down, instead of alpha / r"""
    edit("alpha / len(layer.lora_A)", "alpha // len(layer.lora_A)")


@caught_by("test_the_weight_follows_the_formula")
def factors_exchanged():
    """A B for B A, whose shape is (r, r)"""
    edit("layer.lora_B @ layer.lora_A", "layer.lora_A @ layer.lora_B")


@caught_by("test_the_weight_follows_the_formula")
def update_transposed():
    """the transposed update, A^T B^T, added to W"""
    with spelling():
        edit("(layer.lora_B @ layer.lora_A)", "(layer.lora_B @ layer.lora_A).T")
    with spelling():
        edit("layer.lora_B @ layer.lora_A", "layer.lora_A.T @ layer.lora_B.T")


@caught_by("test_a_merged_weight_worked_by_hand")
def update_subtracted():
    """the update subtracted from W instead of added"""
    edit("weight + update", "weight - update")


@caught_by("test_a_merged_weight_worked_by_hand")
def update_alone():
    """the update as the weight, without W"""
    edit("weight + update", "update")


@caught_by("test_a_merged_weight_worked_by_hand")
def base_put_back():
    """the base put in the place of the LoRA layer, without the update"""
    edit("weight + update", "weight.clone()")


@caught_by("test_each_layer_has_its_own_rank")
def one_rank_for_all():
    """the rank of the first or of the last layer taken for all"""
    with spelling():
        edit("len(layer.lora_A)", "len(next(iter(layers.values())).lora_A)")
    with spelling():
        edit("len(layer.lora_A)", "len(list(layers.values())[-1].lora_A)")


@caught_by("test_a_merged_weight_worked_by_hand")
def bias_lost():
    """a merged layer without the bias of the base"""
    edit("None if bias is None else nn.Parameter(bias.detach(), requires_grad=False)", "None")


@caught_by("test_a_merged_weight_worked_by_hand")
def bias_drawn():
    """a bias that is random, as a new nn.Linear has it, or zero, instead of the base's"""
    with spelling():
        edit("weight.shape[0], bias=False)", "weight.shape[0], bias is not None)")
        edit(
            "        merged.bias = None if bias is None else "
            "nn.Parameter(bias.detach(), requires_grad=False)\n",
            "        merged.requires_grad_(False)\n",
        )
    with spelling():
        edit("nn.Parameter(bias.detach(),", "nn.Parameter(0 * bias.detach(),")


@caught_by("test_the_weight_follows_the_formula")
def bias_added():
    """a bias of zeros given to a layer whose base has none"""
    edit(
        "None if bias is None else nn.Parameter(bias.detach(), requires_grad=False)",
        "nn.Parameter(\n            weight.new_zeros(weight.shape[0]) if bias is None else "
        "bias.detach(), requires_grad=False\n        )",
    )


@caught_by("test_the_weight_follows_the_formula")
def float32_always():
    """a merged weight in float32, whatever the dtype of W"""
    edit("weight + update", "(weight + update).float()")


@caught_by("test_the_model_is_plain_again")
def merges_and_still_adds():
    """W changed and the LoRA layer left in its place, where it adds the update once more"""
    edit("setattr(model.get_submodule(parent), name, merged)", "weight.data += update")


@caught_by("test_the_base_never_changes")
def base_changed_in_place():
    """the update added to the base's weight in place, and the base put in the layer's place"""
    with spelling():
        edit(
            "setattr(model.get_submodule(parent), name, merged)",
            "weight.data += update\n        setattr(model.get_submodule(parent), name, layer.base)",
        )
    with spelling():
        edit(
            "        merged.weight = nn.Parameter(weight + update,",
            "        weight.data += update\n        merged.weight = nn.Parameter(weight.detach(),",
        )


@caught_by("test_the_base_never_changes")
def weight_of_the_base_replaced():
    """a new weight given to the base itself, so that the LoRA layer's base is merged too"""
    edit(
        "setattr(model.get_submodule(parent), name, merged)",
        "layer.base.weight = merged.weight\n"
        "        if bias is not None:\n            layer.base.bias = merged.bias\n"
        "        setattr(model.get_submodule(parent), name, layer.base)",
    )


@caught_by("test_the_base_never_changes")
def matrices_cleared():
    """B set to zero after merging, so that the LoRA layers are lost for unmerge"""
    edit(
        "setattr(model.get_submodule(parent), name, merged)",
        "setattr(model.get_submodule(parent), name, merged)\n        layer.lora_B.data.zero_()",
    )


@caught_by("test_the_model_is_plain_again")
def top_level_only():
    """only the model's own children looked at, not the layers within them"""
    edit("model.named_modules()\n    layers", "model.named_children()\n    layers")


@caught_by("test_the_model_is_plain_again")
def moved_to_the_end():
    """a layer removed and added anew, so that it is called after the layers behind it"""
    edit(
        "setattr(model.get_submodule(parent), name, merged)",
        "delattr(model.get_submodule(parent), name)\n"
        "        model.get_submodule(parent).add_module(name, merged)",
    )


@caught_by("test_merged_parameters_are_frozen")
def merged_layer_trained():
    """merged parameters that require a gradient, as new ones do"""
    with spelling():
        edit("nn.Parameter(weight + update, requires_grad=False)", "nn.Parameter(weight + update)")
    with spelling():
        edit("nn.Parameter(weight + update, requires_grad=False)", "nn.Parameter(weight + update)")
        edit("nn.Parameter(bias.detach(), requires_grad=False)", "nn.Parameter(bias.detach())")
    with spelling():
        edit("nn.Parameter(bias.detach(), requires_grad=False)", "nn.Parameter(bias.detach())")


@caught_by("test_merged_parameters_are_frozen")
def graph_kept():
    """the sum copied into a frozen weight without no_grad, so that it requires a gradient again"""
    edit("weight.shape[0], bias=False)", "weight.shape[0], bias=False, dtype=weight.dtype)")
    edit(
        "merged.weight = nn.Parameter(weight + update, requires_grad=False)",
        "merged.weight.requires_grad_(False).copy_(weight + update)",
    )


@caught_by("test_merged_parameters_are_frozen")
def whole_model_frozen():
    """all parameters of the model frozen, also those that LoRA has not touched"""
    edit("    return layers", "    model.requires_grad_(False)\n    return layers")


@caught_by("test_the_layers_are_returned_by_their_paths")
def other_layers_returned():
    """copies, bases or merged layers returned, not the LoRA layers that were replaced"""
    with spelling():
        edit("from torch import nn\n", "import copy\n\nfrom torch import nn\n")
        edit("    return layers", "    return copy.deepcopy(layers)")
    with spelling():
        edit("    return layers", "    return {path: model.get_submodule(path) for path in layers}")
    with spelling():
        edit("    return layers", "    return {path: layers[path].base for path in layers}")


@caught_by("test_the_layers_are_returned_by_their_paths")
def last_names_as_keys():
    """the last name as the key, so that layers of the same name overwrite each other"""
    edit("    return layers", '    return {p.rpartition(".")[2]: layers[p] for p in layers}')


@caught_by("test_the_layers_are_returned_by_their_paths")
def keys_in_another_order():
    """the keys sorted, or by their depth in the model, not in the order of named_modules()"""
    with spelling():
        edit("    return layers", "    return dict(sorted(layers.items()))")
    with spelling():
        edit(
            "    return layers",
            '    return {p: layers[p] for p in sorted(layers, key=lambda p: p.count("."))}',
        )


@caught_by("test_the_layers_are_returned_by_their_paths")
def no_dict_returned():
    """the model, a list, or nothing returned instead of a dict"""
    with spelling():
        edit("    return layers", "    return model")
    with spelling():
        edit("    return layers", "    return list(layers.values())")
    with spelling():
        edit("    return layers", "    return None")


@caught_by("test_a_model_without_lora_is_refused")
def second_merge_accepted():
    """a model without a LoRA layer accepted: a second merge does nothing and says nothing"""
    edit('raise ValueError("the model has no LoRA layer to merge")', "return {}")


@caught_by("test_the_base_never_changes")
def subtracted_again():
    """the update subtracted by unmerge from the merged weight, which rounds, instead of W kept"""
    with spelling():
        edit(
            "setattr(model.get_submodule(parent), name, merged)",
            "weight.data += update\n"
            "        layer.base.update = update.detach()\n"
            "        setattr(model.get_submodule(parent), name, layer.base)",
        )
        edit(
            "        setattr(modules[parent], name, layer)",
            "        layer.base.weight.data -= layer.base.update\n"
            "        setattr(modules[parent], name, layer)",
        )
    with spelling():
        edit(
            "setattr(model.get_submodule(parent), name, merged)",
            "merged.update = update.detach()\n"
            "        setattr(model.get_submodule(parent), name, merged)",
        )
        edit(
            "        setattr(modules[parent], name, layer)",
            "        layer.base.weight.data = modules[path].weight.data - modules[path].update\n"
            "        setattr(modules[parent], name, layer)",
        )


@caught_by("test_unmerge_puts_the_layers_back")
def bases_put_back():
    """the bases put back without A and B"""
    edit("setattr(modules[parent], name, layer)", "setattr(modules[parent], name, layer.base)")


@caught_by("test_unmerge_puts_the_layers_back")
def copies_put_back():
    """copies of the LoRA layers put back, so that an optimizer no longer knows them"""
    edit("from torch import nn\n", "import copy\n\nfrom torch import nn\n")
    edit(
        "setattr(modules[parent], name, layer)",
        "setattr(modules[parent], name, copy.deepcopy(layer))",
    )


@caught_by("test_unmerge_puts_the_layers_back")
def all_trained_after_unmerge():
    """everything frozen or everything trained after unmerge, not as it was"""
    with spelling():
        edit(
            "        setattr(modules[parent], name, layer)",
            "        setattr(modules[parent], name, layer)\n    model.requires_grad_(True)",
        )
    with spelling():
        edit(
            "        setattr(modules[parent], name, layer)",
            "        setattr(modules[parent], name, layer)\n    model.requires_grad_(False)",
        )


@caught_by("test_unmerge_puts_the_layers_back")
def matrices_frozen():
    """A and B frozen, by merge or when the layers are put back"""
    edit(
        "setattr(model.get_submodule(parent), name, merged)",
        "setattr(model.get_submodule(parent), name, merged)\n        layer.requires_grad_(False)",
    )


@caught_by("test_unmerge_puts_the_layers_back")
def matrices_trained_by_unmerge():
    """A and B trained after unmerge, also where they were frozen before"""
    edit(
        "        setattr(modules[parent], name, layer)",
        "        setattr(modules[parent], name, layer)\n"
        "        layer.lora_A.requires_grad_(True)\n        layer.lora_B.requires_grad_(True)",
    )


@caught_by("test_unmerge_puts_the_layers_back")
def put_back_at_the_end():
    """a layer put back behind the layers that follow it: the merged one removed, then added anew"""
    edit(
        "        setattr(modules[parent], name, layer)",
        "        delattr(modules[parent], name)\n        modules[parent].add_module(name, layer)",
    )


@caught_by("test_unmerge_puts_the_layers_back")
def dict_emptied():
    """the dict of the layers emptied while they are put back"""
    edit(
        "        setattr(modules[parent], name, layer)",
        "        setattr(modules[parent], name, layer)\n    layers.clear()",
    )


@caught_by("test_unmerging_twice_is_refused")
def second_unmerge_accepted():
    """layers put back wherever the path leads, without a look at what is there"""
    with spelling():
        edit("if not isinstance(modules.get(path), nn.Linear):", "if False:")
    with spelling():
        edit("if not isinstance(modules.get(path), nn.Linear):", "if path not in modules:")


@caught_by("test_unmerging_twice_is_refused")
def changed_before_the_error():
    """layers put back one by one, each checked only before its own turn"""
    edit(
        "        # All of them before anything is put back.\n"
        "        if not isinstance(modules.get(path), nn.Linear):\n"
        '            raise ValueError(f"the model has no merged layer at {path}")\n'
        "    for path, layer in layers.items():\n",
        "        layer = layers[path]\n"
        "        if not isinstance(modules.get(path), nn.Linear):\n"
        '            raise ValueError(f"the model has no merged layer at {path}")\n',
    )


@caught_by("test_the_rest_of_the_model_stays")
def evaluation_mode():
    """the model switched to evaluation mode, since merging is for inference"""
    edit("    return layers", "    model.eval()\n    return layers")


@caught_by("test_the_rest_of_the_model_stays")
def gradients_cleared():
    """the gradients of other parameters removed"""
    edit("    return layers", "    model.zero_grad()\n    return layers")
