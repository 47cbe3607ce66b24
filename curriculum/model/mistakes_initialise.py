"""Wrong versions of initialise."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_out_and_down_are_scaled_by_the_root_of_twice_the_layers")
def no_scaling():
    """a standard deviation of 0.02 everywhere, also for out and down"""
    edit('residual if layer in ("out", "down") else 0.02', "0.02")


@caught_by("test_out_and_down_are_scaled_by_the_root_of_twice_the_layers")
def layers_once():
    """out and down divided by sqrt(L), though each block adds twice"""
    edit("2 * len", "len")


@caught_by("test_out_and_down_are_scaled_by_the_root_of_twice_the_layers")
def no_root():
    """out and down divided by 2 L, without the root"""
    edit("math.sqrt", "")


@caught_by("test_out_and_down_are_scaled_by_the_root_of_twice_the_layers")
def out_alone():
    """only attention's out scaled by the depth, not down"""
    edit('layer in ("out", "down")', 'layer == "out"')


@caught_by("test_out_and_down_are_scaled_by_the_root_of_twice_the_layers")
def by_the_place_of_the_block():
    """out and down scaled by the index of their block instead of the number of blocks"""
    edit(
        'std = residual if layer in ("out", "down") else 0.02',
        'sums = 2 * (int(name.split(".")[1]) + 1) if layer in ("out", "down") else 1\n'
        "                std = 0.02 / math.sqrt(sums)",
    )


@caught_by("test_most_weights_have_standard_deviation_0_02")
def all_scaled():
    """every weight of a block scaled by the depth, also query, key, value and up"""
    edit('layer in ("out", "down")', 'name.startswith("blocks")')


@caught_by("test_most_weights_have_standard_deviation_0_02")
def linear_layers_only():
    """linear layers initialised, but not the two embeddings"""
    edit("else:", 'elif name.startswith("blocks"):')


@caught_by("test_most_weights_have_standard_deviation_0_02")
def by_the_width():
    """a standard deviation of 1 / sqrt(inputs) instead of 0.02"""
    edit("0.02 / math.sqrt(2", "1 / math.sqrt(2")
    edit("else 0.02", "else 1")
    edit("0.0, std", "0.0, std / math.sqrt(parameter.shape[1])")


@caught_by("test_most_weights_have_standard_deviation_0_02")
def variance_of_a_fiftieth():
    """0.02 taken as the variance, so that the standard deviation is 0.14"""
    edit("0.02 / math.sqrt(2 * len(model.blocks))", "math.sqrt(0.02 / (2 * len(model.blocks)))")
    edit("else 0.02", "else math.sqrt(0.02)")


@caught_by("test_biases_become_0_and_norm_weights_1")
def norms_left_alone():
    """norms not initialised, so that a trained model keeps theirs"""
    edit(
        'if kind == "bias":',
        'if "norm" in name:\n                continue\n            if kind == "bias":',
    )


@caught_by("test_biases_become_0_and_norm_weights_1")
def biases_left_alone():
    """biases of linear layers not initialised"""
    edit("parameter.zero_()", 'if layer.startswith("norm"):\n                    parameter.zero_()')


@caught_by("test_biases_become_0_and_norm_weights_1")
def everything_drawn():
    """every parameter drawn at random, also biases and norms"""
    edit('if kind == "bias":', "if False:")
    edit('elif layer.startswith("norm"):', "elif False:")


@caught_by("test_the_tails_of_every_kind_of_weight_are_normal")
def tails_cut_off():
    """a normal distribution with its tails cut off (trunc_normal_)"""
    with spelling():
        edit(
            "parameter.normal_(0.0, std, generator=generator)",
            "torch.nn.init.trunc_normal_(\n                    parameter, 0.0, std,"
            " -3 * std, 3 * std, generator=generator\n                )",
        )
    with spelling():
        edit(
            "parameter.normal_(0.0, std, generator=generator)",
            "torch.nn.init.trunc_normal_(\n                    parameter, 0.0, std,"
            " -2 * std, 2 * std, generator=generator\n                )",
        )


@caught_by("test_most_weights_have_standard_deviation_0_02")
def positions_of_a_hundredth():
    """a position embedding with a standard deviation of 0.01 instead of 0.02"""
    edit(
        "parameter.normal_",
        'std = 0.01 if layer == "positions" else std\n                parameter.normal_',
    )


@caught_by("test_most_weights_have_standard_deviation_0_02")
def up_scaled_too():
    """up scaled by the depth as well as out and down"""
    edit('("out", "down")', '("out", "down", "up")')


@caught_by("test_most_weights_have_standard_deviation_0_02")
def xavier():
    """Xavier's initialisation, whose standard deviation depends on the shape"""
    edit(
        "parameter.normal_(0.0, std, generator=generator)",
        "torch.nn.init.xavier_normal_(parameter, generator=generator)",
    )


@caught_by("test_biases_become_0_and_norm_weights_1")
def norm_weights_drawn():
    """the weights of the norms drawn at random, as those of the linear layers"""
    edit('elif layer.startswith("norm"):', "elif False:")


@caught_by("test_the_tails_of_every_kind_of_weight_are_normal")
def uniform():
    """a uniform distribution of the right standard deviation instead of a normal one"""
    edit("normal_(0.0, std", "uniform_(-math.sqrt(3) * std, math.sqrt(3) * std")


@caught_by("test_most_weights_have_standard_deviation_0_02")
def uniform_from_minus_std():
    """a uniform distribution from -0.02 to 0.02 instead of a normal one"""
    edit("normal_(0.0, std", "uniform_(-std, std")


@caught_by("test_every_weight_is_drawn_independently")
def seeded_for_each_tensor():
    """a generator with the same seed for each tensor, so that all begin with the same numbers"""
    edit(
        "*_, layer, kind =",
        "generator = torch.Generator().manual_seed(seed)\n            *_, layer, kind =",
    )


@caught_by("test_equal_seeds_give_equal_parameters")
def seed_ignored():
    """draws from PyTorch's global generator, whatever seed is passed"""
    edit(", generator=generator", "")


@caught_by("test_different_seeds_give_different_parameters")
def one_seed_for_all():
    """a generator that is never seeded, so that every seed gives the same numbers"""
    edit(".manual_seed(seed)", "")


@caught_by("test_the_global_generator_does_not_change")
def global_seed():
    """PyTorch's global generator seeded, which changes all later draws of the program"""
    edit("torch.Generator()", "torch.default_generator")


@caught_by("test_the_parameters_remain_the_same_objects")
def new_parameters():
    """new Parameters instead of the old ones, so that an optimizer holds tensors nobody uses"""
    edit(
        "for name, parameter in model.named_parameters():",
        "for name, old in model.named_parameters():\n"
        "            parameter = torch.nn.Parameter(old.clone())",
    )
    edit(
        '*_, layer, kind = name.split(".")',
        '*path, layer, kind = name.split(".")\n'
        '            setattr(model.get_submodule(".".join([*path, layer])), kind, parameter)',
    )


@caught_by("test_the_parameters_remain_the_same_objects")
def frozen():
    """parameters that no longer require gradients, after requires_grad_(False)"""
    edit("with torch.no_grad():", "model.requires_grad_(False)\n    with torch.no_grad():")


@caught_by("test_a_model_in_float64_stays_in_float64")
def float32_always():
    """parameters converted to float32, whatever the model's dtype"""
    edit("with torch.no_grad():", "model.float()\n    with torch.no_grad():")
