"""What goes wrong with LoRALinear."""

import copy
import math

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def alpha_without_the_rank():
    """the update times alpha, not divided by the rank"""

    class LoRALinear:
        def forward(self, x):
            rank = self.lora_A.shape[0]
            return self.base(x) + self.scale * rank * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def rank_over_alpha():
    """the update times rank / alpha, the fraction upside down"""

    class LoRALinear:
        def forward(self, x):
            return self.base(x) + (x @ self.lora_A.T @ self.lora_B.T) / self.scale


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def root_of_the_rank():
    """the update divided by the square root of the rank (that is rsLoRA)"""

    class LoRALinear:
        def forward(self, x):
            scale = self.scale * math.sqrt(self.lora_A.shape[0])
            return self.base(x) + scale * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_a_new_layer_gives_exactly_what_its_base_gives")
def base_scaled_too():
    """alpha / rank times the whole sum, the base's output too"""

    class LoRALinear:
        def forward(self, x):
            return self.scale * (self.base(x) + x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_a_new_layer_gives_exactly_what_its_base_gives")
def base_left_out():
    """the update alone, without the base's output"""

    class LoRALinear:
        def forward(self, x):
            return self.scale * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_an_output_worked_by_hand")
def bias_left_out():
    """the base's weight without its bias"""

    class LoRALinear:
        def forward(self, x):
            return x @ self.base.weight.T + self.scale * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_the_parts_have_their_shapes_and_the_dtype_of_the_base")
def turned_round():
    """A stored as (in, rank) and B as (rank, out)"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(base.in_features, rank, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(rank, base.out_features, **like))

        def forward(self, x):
            return self.base(x) + self.scale * (x @ self.lora_A @ self.lora_B)


@caught_by("test_the_parts_have_their_shapes_and_the_dtype_of_the_base")
def float32_always():
    """A and B in float32, whatever dtype the base has"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))


@caught_by("test_the_second_matrix_is_zero_at_first")
def both_drawn():
    """A and B both random, so that a new layer is not yet its base"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.randn(base.out_features, rank, **like) * spread)


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def both_zero():
    """A and B both zero, so that neither ever gets a gradient"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            self.lora_A = nn.Parameter(torch.zeros(rank, base.in_features, **like))
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def standard_normal():
    """A with a spread of 1, whatever the number of inputs"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like))
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def as_linear_draws():
    """A drawn from the uniform distribution that nn.Linear uses, not from a normal one"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            self.lora_A = nn.Parameter(torch.empty(rank, base.in_features, **like))
            nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_each_layer_draws_a_first_matrix_of_its_own")
def one_seed_for_all():
    """A drawn after a fixed seed, so that every layer begins with the same A"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            torch.manual_seed(0)
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_only_the_two_matrices_are_trained")
def base_not_frozen():
    """a base that is still trained beside A and B"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_only_the_two_matrices_are_trained")
def bias_not_frozen():
    """a base whose weight is frozen and whose bias is still trained"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base
            self.base.weight.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_only_the_two_matrices_are_trained")
def plain_tensors():
    """A and B as plain tensors, not nn.Parameter, so that no optimizer sees them"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = (torch.randn(rank, base.in_features, **like) * spread).requires_grad_()
            self.lora_B = torch.zeros(base.out_features, rank, **like).requires_grad_()


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def copy_of_the_base():
    """a deep copy of the base, so that the large weight lies in memory twice"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.base = copy.deepcopy(base).requires_grad_(False)
            base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def base_under_another_name():
    """the base kept as self.linear, so that layer.base is missing"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            if rank < 1:
                raise ValueError("rank must be at least 1")
            self.linear = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))

        def forward(self, x):
            return self.linear(x) + self.scale * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def merged_at_each_call():
    """the update added into the base's weight at each call, so that it piles up"""

    class LoRALinear:
        def forward(self, x):
            self.base.weight.data += self.scale * self.lora_B.data @ self.lora_A.data
            return self.base(x)


@caught_by("test_the_gradients_are_those_of_the_rule")
def base_without_gradient():
    """the base run under no_grad, so that layers before this one miss its gradient"""

    class LoRALinear:
        def forward(self, x):
            with torch.no_grad():
                y = self.base(x)
            return y + self.scale * (x @ self.lora_A.T @ self.lora_B.T)


@caught_by("test_a_rank_below_one_is_refused")
def rank_raised_to_one():
    """a rank below 1 taken as 1 in silence"""

    class LoRALinear:
        def __init__(self, base, rank, alpha):
            super().__init__()
            rank = max(rank, 1)
            self.base = base.requires_grad_(False)
            self.scale = alpha / rank
            like = {"dtype": base.weight.dtype}
            spread = 1 / math.sqrt(base.in_features)
            self.lora_A = nn.Parameter(torch.randn(rank, base.in_features, **like) * spread)
            self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, **like))
