"""What goes wrong with RMS normalisation."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_a_vector_worked_by_hand")
def mean_taken_away():
    """layer norm: the mean is taken away before the vector is scaled"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            wide = wide - wide.mean(dim=-1, keepdim=True)
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_a_vector_worked_by_hand")
def divided_by_the_deviation():
    """a vector divided by its standard deviation: the variance in place of the mean square"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            variance = wide.var(dim=-1, keepdim=True, correction=0)
            return (wide / (variance + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def sum_of_squares():
    """a vector scaled to length 1: the sum of the squares in place of their mean"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().sum(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def no_root():
    """RMS norm divided by the mean square, not by its root"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps) * self.weight).to(x.dtype)


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def divided_by_rsqrt():
    """RMS norm divided by torch.rsqrt, which is one over the root already"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / torch.rsqrt(square + self.eps) * self.weight).to(x.dtype)


@caught_by("test_a_vector_worked_by_hand")
def mean_of_the_sizes():
    """a vector divided by the mean of its absolute values, without squares and root"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            size = wide.abs().mean(dim=-1, keepdim=True)
            return (wide / (size + self.eps) * self.weight).to(x.dtype)


@caught_by("test_eps_stands_under_the_root")
def eps_beside_the_root():
    """RMS norm with eps added to the root mean square, not under the root"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            root = wide.square().mean(dim=-1, keepdim=True).sqrt()
            return (wide / (root + self.eps) * self.weight).to(x.dtype)


@caught_by("test_eps_stands_under_the_root")
def eps_of_another_size():
    """RMS norm whose eps is 1e-6 unless given (that of T5 and the first Llama)"""

    class RMSNorm:
        def __init__(self, width, eps=1e-6):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.ones(width))


@caught_by("test_eps_stands_under_the_root")
def eps_argument_ignored():
    """RMS norm with 1e-5 under the root, whatever eps was given"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + 1e-5).sqrt() * self.weight).to(x.dtype)


@caught_by("test_a_vector_of_zeros_stays_zeros")
def no_eps():
    """RMS norm without eps: a vector of zeros gives NaN"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / square.sqrt() * self.weight).to(x.dtype)


@caught_by("test_each_vector_is_scaled_by_itself")
def whole_tensor():
    """one root mean square for the whole tensor, not for each vector"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            return (wide / (wide.square().mean() + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_each_vector_is_scaled_by_itself")
def over_the_batch():
    """a root mean square along the first dimension, over the batch"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=0, keepdim=True)
            return (wide / (square + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def dimension_dropped():
    """a root mean square without keepdim, which does not line up with the vectors"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1)
            return (wide / (square + self.eps).sqrt() * self.weight).to(x.dtype)


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def left_in_float32():
    """RMS norm that never goes back from float32 to the dtype that came in"""

    class RMSNorm:
        def forward(self, x):
            wide = x.float()
            square = wide.square().mean(dim=-1, keepdim=True)
            return wide / (square + self.eps).sqrt() * self.weight.float()


@caught_by("test_large_numbers_in_float16_do_not_overflow")
def squares_in_float16():
    """squares taken in the dtype of x, which overflow in float16"""

    class RMSNorm:
        def forward(self, x):
            square = x.square().mean(dim=-1, keepdim=True)
            return x / (square + self.eps).sqrt() * self.weight


@caught_by("test_weight_scales_each_number")
def weight_unused():
    """RMS norm that leaves its weight unused"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt()).to(x.dtype)


@caught_by("test_weight_scales_each_number")
def weight_before_the_norm():
    """a vector weighed first and scaled afterwards, which takes the size of the weight out again"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32)) * self.weight
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt()).to(x.dtype)


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def weight_counted_from_one():
    """a weight that starts as zeros and is added to 1, as Gemma has it"""

    class RMSNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.zeros(width))

        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt() * (1 + self.weight)).to(x.dtype)


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def with_a_bias():
    """RMS norm with a bias, as layer norm has one"""

    class RMSNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = nn.Parameter(torch.ones(width))
            self.bias = nn.Parameter(torch.zeros(width))

        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True)
            return (wide / (square + self.eps).sqrt() * self.weight + self.bias).to(x.dtype)


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def plain_tensor():
    """a weight that is a plain tensor, which no optimizer will find"""

    class RMSNorm:
        def __init__(self, width, eps=1e-5):
            super().__init__()
            self.eps = eps
            self.weight = torch.ones(width)


@caught_by("test_x_stays_as_it_was")
def scales_in_place():
    """RMS norm that scales the caller's tensor in place (/= changes the input)"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            wide /= (wide.square().mean(dim=-1, keepdim=True) + self.eps).sqrt()
            return (wide * self.weight).to(x.dtype)


@caught_by("test_the_gradients_are_torchs")
def size_without_gradient():
    """RMS norm whose root mean square is detached, so that the gradient of x misses a part"""

    class RMSNorm:
        def forward(self, x):
            wide = x.to(torch.promote_types(x.dtype, torch.float32))
            square = wide.square().mean(dim=-1, keepdim=True).detach()
            return (wide / (square + self.eps).sqrt() * self.weight).to(x.dtype)
