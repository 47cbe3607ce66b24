"""What goes wrong with layer normalisation."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_a_vector_worked_by_hand")
def sample_variance():
    """layer norm with the sample variance, divided by C - 1 (the default of torch.var)"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = x.var(dim=-1, keepdim=True)
            return centred / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_eps_stands_under_the_root")
def eps_beside_the_root():
    """layer norm with eps added to the standard deviation, not to the variance"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            deviation = centred.square().mean(dim=-1, keepdim=True).sqrt()
            return centred / (deviation + self.eps) * self.weight + self.bias


@caught_by("test_eps_stands_under_the_root")
def eps_of_another_size():
    """layer norm whose eps is 1e-12 unless given (BERT's) in place of 1e-5"""

    class LayerNorm:
        def __init__(self, width, eps=1e-12):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.ones(width))
            self.bias = nn.Parameter(torch.zeros(width))


@caught_by("test_eps_stands_under_the_root")
def eps_argument_ignored():
    """layer norm with 1e-5 under the root, whatever eps was given"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            return centred / (variance + 1e-5).sqrt() * self.weight + self.bias


@caught_by("test_a_vector_of_equal_numbers_becomes_the_bias")
def no_eps():
    """layer norm without eps: a vector of equal numbers gives NaN"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            return centred / variance.sqrt() * self.weight + self.bias


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def divided_by_the_variance():
    """layer norm divided by the variance, not by its root"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            return centred / (variance + self.eps) * self.weight + self.bias


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def mean_left_in():
    """RMS norm: divided by the root mean square, with the mean left in"""

    class LayerNorm:
        def forward(self, x):
            square = x.square().mean(dim=-1, keepdim=True)
            return x / (square + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_each_vector_is_normalised_by_itself")
def whole_tensor():
    """one mean and one variance for the whole tensor, not for each vector"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean()
            variance = centred.square().mean()
            return centred / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_each_vector_is_normalised_by_itself")
def over_the_batch():
    """mean and variance along the first dimension, over the batch, as batch norm takes them"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=0, keepdim=True)
            variance = centred.square().mean(dim=0, keepdim=True)
            return centred / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_each_vector_is_normalised_by_itself")
def running_statistics():
    """layer norm that gathers running statistics in training and uses them in evaluation"""

    class LayerNorm:
        def forward(self, x):
            mean = x.mean(dim=-1, keepdim=True)
            variance = (x - mean).square().mean(dim=-1, keepdim=True)
            if self.training:
                self.seen = mean.detach().mean(), variance.detach().mean()
            else:
                mean, variance = self.seen
            return (x - mean) / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def dimension_dropped():
    """statistics without keepdim, which do not line up with the vectors"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1)
            variance = centred.square().mean(dim=-1)
            return centred / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """layer norm in float32, whatever dtype came in"""

    class LayerNorm:
        def forward(self, x):
            x = x.float()
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            normal = centred / (variance + self.eps).sqrt()
            return normal * self.weight.float() + self.bias.float()


@caught_by("test_weight_scales_and_bias_shifts_each_number")
def weight_and_bias_unused():
    """layer norm that leaves weight and bias unused"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            return centred / (variance + self.eps).sqrt()


@caught_by("test_weight_scales_and_bias_shifts_each_number")
def bias_before_weight():
    """layer norm that adds the bias first and multiplies by the weight afterwards"""

    class LayerNorm:
        def forward(self, x):
            centred = x - x.mean(dim=-1, keepdim=True)
            variance = centred.square().mean(dim=-1, keepdim=True)
            return (centred / (variance + self.eps).sqrt() + self.bias) * self.weight


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def plain_tensors():
    """weight and bias as plain tensors, which no optimizer will find"""

    class LayerNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = torch.ones(width)
            self.bias = torch.zeros(width)


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def random_weight():
    """a weight that starts random, as in a linear layer"""

    class LayerNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.randn(width))
            self.bias = nn.Parameter(torch.zeros(width))


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def one_weight_for_all():
    """one single weight and bias for all numbers of a vector"""

    class LayerNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.ones(1))
            self.bias = nn.Parameter(torch.zeros(1))


@caught_by("test_a_vector_far_from_zero_keeps_its_spread")
def one_pass_variance():
    """the variance as mean(x^2) - mean(x)^2, which rounding destroys far from zero"""

    class LayerNorm:
        def forward(self, x):
            mean = x.mean(dim=-1, keepdim=True)
            variance = x.square().mean(dim=-1, keepdim=True) - mean.square()
            return (x - mean) / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_x_stays_as_it_was")
def centres_in_place():
    """layer norm that subtracts the mean from the caller's tensor in place"""

    class LayerNorm:
        def forward(self, x):
            x -= x.mean(dim=-1, keepdim=True)
            variance = x.square().mean(dim=-1, keepdim=True)
            return x / (variance + self.eps).sqrt() * self.weight + self.bias


@caught_by("test_the_gradients_are_torchs")
def statistics_without_gradient():
    """layer norm whose mean and variance are detached, so that the gradient of x misses a part"""

    class LayerNorm:
        def forward(self, x):
            mean = x.mean(dim=-1, keepdim=True).detach()
            variance = (x - mean).square().mean(dim=-1, keepdim=True).detach()
            return (x - mean) / (variance + self.eps).sqrt() * self.weight + self.bias
