"""Wrong versions of LoRALinear."""

from grader.checks import caught_by, edit


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def alpha_without_the_rank():
    """an update multiplied by alpha and not divided by the rank"""
    edit("self.scale * update", "self.scale * self.lora_A.shape[0] * update")


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def rank_over_alpha():
    """an update multiplied by rank / alpha instead of alpha / rank"""
    edit("self.scale * update", "update / self.scale")


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def root_of_the_rank():
    """an update divided by the square root of the rank, which is rsLoRA"""
    edit("self.scale * update", "self.scale * self.lora_A.shape[0] ** 0.5 * update")


@caught_by("test_a_new_layer_gives_exactly_what_its_base_gives")
def base_scaled_too():
    """the whole output multiplied by alpha / rank, the base's part too"""
    edit("self.base(x) + self.scale * update", "self.scale * (self.base(x) + update)")


@caught_by("test_a_new_layer_gives_exactly_what_its_base_gives")
def base_left_out():
    """the update alone, without the base's output"""
    edit("self.base(x) + self.scale * update", "self.scale * update")


@caught_by("test_an_output_worked_by_hand")
def bias_left_out():
    """the base's weight applied without its bias"""
    edit("return self.base(x)", "return x @ self.base.weight.T")


@caught_by("test_the_parts_have_their_shapes_and_the_dtype_of_the_base")
def turned_round():
    """A of shape (in, rank) and B of shape (rank, out): both transposed"""
    edit("rank, base.in_features", "base.in_features, rank")
    edit("base.out_features, rank", "rank, base.out_features")
    edit("self.lora_A.T @ self.lora_B.T", "self.lora_A @ self.lora_B")


@caught_by("test_the_parts_have_their_shapes_and_the_dtype_of_the_base")
def float32_always():
    """A and B in float32, whatever the dtype of the base"""
    edit('        like = {"dtype": base.weight.dtype, "device": base.weight.device}\n', "")
    edit("in_features, **like", "in_features")
    edit("rank, **like", "rank")


@caught_by("test_the_second_matrix_is_zero_at_first")
def both_drawn():
    """A and B both random, so that a new layer does not return what its base returns"""
    edit("torch.zeros", "torch.randn")
    edit("rank, **like)", "rank, **like) * std")


@caught_by("test_the_second_matrix_is_zero_at_first")
def zero_and_drawn_swapped():
    """A zero and B random: the two initialisations in each other's place"""
    edit("torch.randn", "torch.zeros")
    edit("torch.zeros(base", "torch.randn(base")


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def without_the_root():
    """A with a standard deviation of 1 / in instead of 1 / sqrt(in)"""
    edit("math.sqrt(base.in_features)", "base.in_features")


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def tails_cut_off():
    """A from a normal distribution with its tails cut off (trunc_normal_)"""
    edit(
        "self.lora_B = nn",
        "nn.init.trunc_normal_(self.lora_A, 0.0, std, -3 * std, 3 * std)\n        self.lora_B = nn",
    )


@caught_by("test_the_gradients_are_those_of_the_rule")
def detached_input():
    """the update computed from a detached x, so that x gets no gradient through it"""
    edit("update = x @", "update = x.detach() @")


@caught_by("test_only_the_two_matrices_are_trained")
def all_frozen():
    """all parameters frozen, A and B too"""
    edit("rank, **like))", "rank, **like))\n        self.requires_grad_(False)")


@caught_by("test_changed_matrices_count_in_the_next_call")
def product_cached():
    """B A computed at the first call and kept, so that later changes of A and B do not count"""
    edit(
        "update = x @ self.lora_A.T @ self.lora_B.T",
        'if not hasattr(self, "product"):\n'
        "            self.product = self.lora_A.T @ self.lora_B.T\n"
        "        update = x @ self.product",
    )


@caught_by("test_the_layout_in_memory_and_the_rank_do_not_matter")
def large_rank_lowered():
    """a rank above the sizes of W lowered to the smaller of them"""
    edit(
        "if rank < 1", "rank = min(rank, base.in_features, base.out_features)\n        if rank < 1"
    )


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def whole_division():
    """alpha // rank, which rounds down, instead of alpha / rank"""
    edit("self.scale = alpha / rank", "self.scale = alpha // rank")


@caught_by("test_the_output_follows_the_rule_for_any_shape_rank_and_alpha")
def no_strength_at_all():
    """an update without the factor alpha / rank"""
    edit("self.scale * update", "update")


@caught_by("test_the_second_matrix_is_zero_at_first")
def both_zero():
    """A and B both zero, so that neither ever gets a gradient"""
    edit("torch.randn", "torch.zeros")


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def standard_normal():
    """A with a standard deviation of 1, whatever the number of inputs"""
    edit(" * std", "")


@caught_by("test_the_first_matrix_is_drawn_from_the_normal_distribution")
def as_linear_draws():
    """A from the uniform distribution of nn.Linear instead of a normal one"""
    edit("        std = 1 / math.sqrt(base.in_features)\n", "")
    edit("randn(rank, base.in_features, **like) * std", "empty(rank, base.in_features, **like)")
    edit(
        "self.lora_B = nn",
        "nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))\n        self.lora_B = nn",
    )


@caught_by("test_each_layer_draws_a_first_matrix_of_its_own")
def one_seed_for_all():
    """A drawn after a fixed seed, so that all layers start with the same A"""
    edit("std = 1", "torch.manual_seed(0)\n        std = 1")


@caught_by("test_only_the_two_matrices_are_trained")
def base_not_frozen():
    """a base that is trained together with A and B"""
    edit(".requires_grad_(False)", "")


@caught_by("test_only_the_two_matrices_are_trained")
def bias_not_frozen():
    """a base whose weight is frozen and whose bias is not"""
    edit("self.base = base", "self.base = base\n        self.base.weight")


@caught_by("test_only_the_two_matrices_are_trained")
def plain_tensors():
    """A and B as plain tensors instead of nn.Parameter, so that no optimizer finds them"""
    edit("lora_A = nn.Parameter", "lora_A = ")
    edit("* std)", "* std).requires_grad_()")
    edit("nn.Parameter(torch.zeros", "torch.zeros")
    edit("**like))", "**like).requires_grad_()")


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def copy_of_the_base():
    """a deep copy of the base, so that its weight is in memory twice"""
    edit("  self.scale", "  base.requires_grad_(False)\n        self.scale")
    edit("base = base", "base = copy.deepcopy(base)")
    edit("import math", "import copy\nimport math")


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def base_under_another_name():
    """the base stored as self.linear, so that layer.base does not exist"""
    edit("self.base = base", "self.linear = base")
    edit("self.base(x)", "self.linear(x)")


@caught_by("test_the_layer_holds_the_base_itself_and_leaves_its_numbers")
def merged_at_each_call():
    """the update added to the base's weight at each call, so that it accumulates"""

    class LoRALinear:
        def forward(self, x):
            self.base.weight.data += self.scale * self.lora_B.data @ self.lora_A.data
            return self.base(x)


@caught_by("test_x_stays_as_it_was")
def scales_in_place():
    """the caller's x multiplied by alpha / rank in place (*= changes the input)"""
    edit(
        "update = x @",
        "output = self.base(x)\n        x = x.clone() if x.requires_grad else x\n"
        "        x *= self.scale\n        update = x @",
    )
    edit("self.base(x) + self.scale * update", "output + update")


@caught_by("test_the_gradients_are_those_of_the_rule")
def base_without_gradient():
    """the base called under torch.no_grad, so that x gets no gradient through W"""
    edit("return self.base(x)", "return torch.no_grad()(self.base)(x)")


@caught_by("test_a_rank_below_one_is_refused")
def rank_raised_to_one():
    """a rank below 1 silently replaced by 1"""
    edit(
        'if rank < 1:\n            raise ValueError(f"rank must be at least 1, not {rank}")',
        "rank = max(rank, 1)",
    )
