"""What goes wrong with initialise."""

import math

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers")
def no_scaling():
    """a standard deviation of 0.02 everywhere, out and down too"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    parameter.normal_(0.0, 0.02, generator=source)


@caught_by("test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers")
def layers_once():
    """out and down narrower by sqrt(L), though each block has two sums"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers")
def no_root():
    """out and down narrower by 2 L, without the root"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / (2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers")
def out_alone():
    """only attention's out scaled with the depth, not down"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith("out.weight")
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers")
def by_the_place_of_the_block():
    """out and down scaled by the number of their own block, not by that of all blocks"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                elif name.endswith(("out.weight", "down.weight")):
                    place = int(name.split(".")[1]) + 1
                    parameter.normal_(0.0, 0.02 / math.sqrt(2 * place), generator=source)
                else:
                    parameter.normal_(0.0, 0.02, generator=source)


@caught_by("test_embeddings_and_first_layers_have_a_spread_of_a_fiftieth")
def all_scaled():
    """every matrix of a block scaled with the depth, also those that feed no sum"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    block = name.startswith("blocks")
                    parameter.normal_(0.0, narrow if block else 0.02, generator=source)


@caught_by("test_embeddings_and_first_layers_have_a_spread_of_a_fiftieth")
def linear_layers_only():
    """linear layers drawn anew, but neither of the two embeddings"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                elif name.startswith("blocks"):
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_embeddings_and_first_layers_have_a_spread_of_a_fiftieth")
def by_the_width():
    """deviations of 1 / sqrt(inputs), as a linear layer begins elsewhere, in place of 0.02"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        depth = math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    spread = 1 / math.sqrt(parameter.shape[1])
                    if name.endswith(("out.weight", "down.weight")):
                        spread /= depth
                    parameter.normal_(0.0, spread, generator=source)


@caught_by("test_embeddings_and_first_layers_have_a_spread_of_a_fiftieth")
def variance_of_a_fiftieth():
    """0.02 taken as the variance, so that the standard deviation is 0.14"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = math.sqrt(0.02 / (2 * len(model.blocks)))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else math.sqrt(0.02), generator=source)


@caught_by("test_biases_become_0_and_norms_begin_with_weight_1")
def norms_left_alone():
    """norms left as they were, so that a model once trained does not begin anew"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "norm" in name:
                    continue
                if name.endswith("bias"):
                    parameter.zero_()
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_biases_become_0_and_norms_begin_with_weight_1")
def biases_left_alone():
    """biases of linear layers left as they were"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "norm" in name:
                    parameter.fill_(float(name.endswith("weight")))
                elif name.endswith("weight"):
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_biases_become_0_and_norms_begin_with_weight_1")
def everything_drawn():
    """every parameter drawn, biases and norms too"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                last = name.endswith(("out.weight", "down.weight"))
                parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_numbers_are_drawn_from_the_normal_distribution")
def uniform():
    """a uniform distribution of the right deviation in place of a normal one"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    end = math.sqrt(3) * (narrow if last else 0.02)
                    parameter.uniform_(-end, end, generator=source)


@caught_by("test_every_tensor_is_drawn_by_itself")
def seeded_for_each_tensor():
    """a generator seeded anew for each tensor, so that all begin with the same numbers"""

    def initialise(model, seed):
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                source = torch.Generator().manual_seed(seed)
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_equal_seeds_give_equal_numbers")
def seed_ignored():
    """draws from PyTorch's global generator, whatever the seed"""

    def initialise(model, seed):
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02)


@caught_by("test_different_seeds_give_different_numbers")
def one_seed_for_all():
    """a generator of its own that is never seeded, so that every seed gives the same numbers"""

    def initialise(model, seed):
        source = torch.Generator()
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_pytorchs_own_generator_stays_where_it_was")
def global_seed():
    """PyTorch's global generator seeded, which changes every draw that follows in the program"""

    def initialise(model, seed):
        torch.default_generator.manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                elif "norm" in name:
                    parameter.fill_(1.0)
                else:
                    last = name.endswith(("out.weight", "down.weight"))
                    parameter.normal_(0.0, narrow if last else 0.02)


@caught_by("test_the_parameters_stay_the_objects_that_they_were")
def new_parameters():
    """new Parameters in the place of the old, so that an optimizer holds numbers nobody uses"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        for name, parameter in list(model.named_parameters()):
            if name.endswith("bias"):
                drawn = torch.zeros_like(parameter)
            elif "norm" in name:
                drawn = torch.ones_like(parameter)
            else:
                last = name.endswith(("out.weight", "down.weight"))
                drawn = torch.empty_like(parameter, requires_grad=False)
                drawn.normal_(0.0, narrow if last else 0.02, generator=source)
            path, _, kind = name.rpartition(".")
            setattr(model.get_submodule(path), kind, nn.Parameter(drawn.detach()))


@caught_by("test_the_parameters_stay_the_objects_that_they_were")
def frozen():
    """parameters that no longer require gradients, since requires_grad_(False) was never undone"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        model.requires_grad_(False)
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            elif "norm" in name:
                parameter.fill_(1.0)
            else:
                last = name.endswith(("out.weight", "down.weight"))
                parameter.normal_(0.0, narrow if last else 0.02, generator=source)


@caught_by("test_a_model_in_float64_stays_in_float64")
def float32_always():
    """parameters in float32 afterwards, whatever the model's dtype was"""

    def initialise(model, seed):
        source = torch.Generator().manual_seed(seed)
        narrow = 0.02 / math.sqrt(2 * len(model.blocks))
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.data = torch.zeros(parameter.shape)
            elif "norm" in name:
                parameter.data = torch.ones(parameter.shape)
            else:
                last = name.endswith(("out.weight", "down.weight"))
                drawn = torch.empty(parameter.shape)
                drawn.normal_(0.0, narrow if last else 0.02, generator=source)
                parameter.data = drawn
