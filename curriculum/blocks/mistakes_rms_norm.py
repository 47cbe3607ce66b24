"""Wrong versions of RMSNorm."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_vector_worked_by_hand")
def mean_taken_away():
    """LayerNorm: the mean is subtracted before the vector is scaled"""
    edit("mean_square = wide.square()", "wide = wide - wide")
    edit("wide / (mean_square + self.eps).sqrt()", "wide.square().mean(dim=-1, keepdim=True)")
    edit("scaled * self", "wide / (scaled + self.eps).sqrt() * self")


@caught_by("test_a_vector_worked_by_hand")
def divided_by_the_deviation():
    """a vector divided by its standard deviation: the variance instead of the mean square"""
    edit("square().mean(dim=-1, keepdim=True)", "var(dim=-1, keepdim=True, correction=0)")


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def sum_of_squares():
    """a vector scaled to length 1: the sum of the squares instead of their mean"""
    edit("square().mean(", "square().sum(")


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def no_root():
    """RMSNorm that divides by the mean square, not by its root"""
    edit("(mean_square + self.eps).sqrt()", "(mean_square + self.eps)")


@caught_by("test_each_vector_gets_a_mean_square_of_1")
def divided_by_rsqrt():
    """RMSNorm that multiplies by the root, or divides by torch.rsqrt, which is 1 / sqrt already"""
    edit("(mean_square + self.eps).sqrt()", "torch.rsqrt(mean_square + self.eps)")


@caught_by("test_a_vector_worked_by_hand")
def mean_of_the_sizes():
    """a vector divided by the mean of its absolute values, without squares and root"""
    edit(".square()", ".abs()")
    edit("(mean_square + self.eps).sqrt()", "(mean_square + self.eps)")


@caught_by("test_eps_stands_under_the_root")
def eps_beside_the_root():
    """RMSNorm with eps added to the root mean square, outside the root"""
    edit("keepdim=True)", "keepdim=True).sqrt()")
    edit("(mean_square + self.eps).sqrt()", "(mean_square + self.eps)")


@caught_by("test_eps_stands_under_the_root")
def eps_of_another_size():
    """RMSNorm with another default eps than 1e-5, such as 1e-6 (T5, the first Llama) or 1e-8"""
    with spelling():
        edit("float = 1e-5", "float =1e-6")
    with spelling():
        edit("float = 1e-5", "float =1e-8")
    with spelling():
        edit("float = 1e-5", "float =1e-12")
    with spelling():
        edit("float = 1e-5", "float =1e-3")


@caught_by("test_eps_stands_under_the_root")
def eps_argument_ignored():
    """RMSNorm with a fixed eps such as 1e-5 or 1e-6, whatever eps was given"""
    with spelling():
        edit("mean_square + self.eps", "mean_square + 1e-5")
    with spelling():
        edit("mean_square + self.eps", "mean_square + 1e-6")
    with spelling():
        edit("mean_square + self.eps", "mean_square + 1e-8")


@caught_by("test_eps_stands_under_the_root")
def eps_as_a_minimum():
    """the larger of mean square and eps instead of their sum"""
    with spelling():
        edit("(mean_square + self.eps)", "mean_square.clamp(min=self.eps)")
    with spelling():
        edit("(mean_square + self.eps).sqrt()", "mean_square.sqrt().clamp(min=self.eps)")


@caught_by("test_eps_stands_under_the_root")
def eps_squared():
    """the square of eps instead of eps"""
    edit("mean_square + self.eps", "mean_square + self.eps**2")


@caught_by("test_a_vector_of_zeros_stays_zeros")
def no_eps():
    """RMSNorm without eps, so that a vector of zeros becomes NaN"""
    edit("(mean_square + self.eps).sqrt()", "mean_square.sqrt()")


@caught_by("test_each_vector_is_scaled_by_itself")
def whole_tensor():
    """one root mean square for the whole tensor instead of one for each vector"""
    edit("mean(dim=-1, keepdim=True)", "mean()")


@caught_by("test_each_vector_is_scaled_by_itself")
def over_the_tokens():
    """a root mean square over the dimension before the last, the tokens, not over the features"""
    edit("mean(dim=-1, keepdim=True)", "mean(dim=-2 if x.dim() > 1 else -1, keepdim=True)")


@caught_by("test_each_vector_is_scaled_by_itself")
def over_the_batch():
    """a root mean square over the first dimension, the batch"""
    edit("dim=-1, keepdim", "dim=0, keepdim")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def dimension_dropped():
    """a root mean square without keepdim, which broadcasts along the wrong dimension"""
    edit("dim=-1, keepdim=True", "dim=-1")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def left_in_float32():
    """RMSNorm that does not convert its result from float32 back to the dtype of x"""
    edit("x.to(torch.promote_types(x.dtype, torch.float32))", "x.float()")
    edit("(scaled * self.weight).to(x.dtype)", "scaled * self.weight.float()")


@caught_by("test_large_numbers_in_float16_do_not_overflow")
def features_clamped():
    """float16 features clamped, such as to 255, before they are squared"""
    with spelling():
        edit("wide.square()", "(wide.clamp(-255, 255) if x.element_size() < 4 else wide).square()")
    with spelling():
        edit("wide.square()", "wide.clamp(-255, 255).square()")
    with spelling():
        edit("wide.square()", "wide.square().clamp(max=65504)")


@caught_by("test_a_changed_weight_counts_from_the_next_call")
def weight_of_the_first_call():
    """a weight that is copied at the first call, so that training changes nothing"""
    edit(
        "return (scaled * self.weight).to(x.dtype)",
        'if "seen" not in self.__dict__:\n            self.seen = self.weight.detach().clone()\n'
        "        return (scaled * self.seen).to(x.dtype)",
    )


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for an x that is a transposed view"""
    edit("wide = x.to", "wide = x.view(-1, x.shape[-1]).to")
    edit("(scaled * self.weight).to(x.dtype)", "(scaled * self.weight).to(x.dtype).view(x.shape)")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def one_weight_for_all():
    """a single learned number for all features of a vector"""
    with spelling():
        edit("torch.ones(width)", "torch.ones(1)")
    with spelling():
        edit("torch.ones(width)", "torch.tensor(1.0)")
    with spelling():
        edit("torch.ones(width)", "torch.ones(())")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def another_name():
    """a weight under another name, such as scale, gamma or g"""
    with spelling():
        edit("self.weight = nn", "self.scale = nn")
        edit("scaled * self.weight", "scaled * self.scale")
    with spelling():
        edit("self.weight = nn", "self.gamma = nn")
        edit("scaled * self.weight", "scaled * self.gamma")
    with spelling():
        edit("self.weight = nn", "self.g = nn")
        edit("scaled * self.weight", "scaled * self.g")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def random_or_zero_weight():
    """a weight that starts as random numbers or as zeros instead of ones"""
    with spelling():
        edit("torch.ones", "torch.randn")
    with spelling():
        edit("torch.ones", "torch.rand")
    with spelling():
        edit("torch.ones", "torch.zeros")


@caught_by("test_large_numbers_in_float16_do_not_overflow")
def squares_in_float16():
    """squares computed in the dtype of x, which overflow in float16"""
    edit("x.to(torch.promote_types(x.dtype, torch.float32))", "x")


@caught_by("test_weight_scales_each_number")
def weight_unused():
    """RMSNorm that does not apply its weight"""
    edit("(scaled * self.weight)", "scaled")


@caught_by("test_weight_scales_each_number")
def weight_before_the_norm():
    """a vector multiplied by the weight before it is normalised, which removes the weight's size"""
    edit("torch.float32))", "torch.float32)) * self.weight")
    edit("(scaled * self.weight)", "scaled")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def weight_counted_from_one():
    """a weight that starts as zeros and to which 1 is added, as in Gemma"""
    edit("torch.ones", "torch.zeros")
    edit("scaled * self.weight", "scaled * (1 + self.weight)")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def with_a_bias():
    """RMSNorm with a bias, as in LayerNorm"""
    edit("(width))", "(width))\n        self.bias = nn.Parameter(torch.zeros(width))")
    edit("scaled * self.weight", "scaled * self.weight + self.bias")


@caught_by("test_weight_is_the_only_parameter_and_starts_as_ones")
def plain_tensor():
    """a weight that is a tensor or a buffer, not an nn.Parameter, so that no optimizer finds it"""
    with spelling():
        edit("nn.Parameter(torch.ones(width))", "torch.ones(width)")
    with spelling():
        edit(
            "self.weight = nn.Parameter(torch.ones(width))",
            'self.register_buffer("weight", torch.ones(width))',
        )


@caught_by("test_x_stays_as_it_was")
def scales_in_place():
    """RMSNorm that scales the caller's tensor in place (/= changes the input)"""
    edit("wide / (mean_square + self.eps).sqrt()", "wide.div_((mean_square + self.eps).sqrt())")


@caught_by("test_the_gradients_are_torchs")
def size_without_gradient():
    """RMSNorm whose root mean square is detached, so that the gradient of x is incomplete"""
    edit("keepdim=True)", "keepdim=True).detach()")
