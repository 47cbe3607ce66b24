"""Wrong versions of LayerNorm."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_vector_worked_by_hand")
def sample_variance():
    """LayerNorm with the sample variance, divided by C - 1 (the default of torch.var)"""
    edit("centred.square().mean(dim", "x.var(dim")


@caught_by("test_eps_stands_under_the_root")
def eps_beside_the_root():
    """LayerNorm with eps added to the standard deviation instead of the variance"""
    edit("keepdim=True) ", "keepdim=True).sqrt() ")
    edit("normal = centred / (variance + self.eps).sqrt()", "")
    edit("normal * self", "centred / (variance + self.eps) * self")


@caught_by("test_eps_stands_under_the_root")
def eps_of_another_size():
    """LayerNorm with another default eps than 1e-5, such as 1e-6 or 1e-12 (BERT's)"""
    with spelling():
        edit("float = 1e-5", "float =1e-12")
    with spelling():
        edit("float = 1e-5", "float =1e-6")
    with spelling():
        edit("float = 1e-5", "float =1e-8")
    with spelling():
        edit("float = 1e-5", "float =1e-3")


@caught_by("test_eps_stands_under_the_root")
def eps_argument_ignored():
    """LayerNorm with an eps of 1e-5, whatever eps was given"""
    edit("normal = centred / (variance + self.eps).sqrt()", "")
    edit("normal * self", "centred / (variance + 1e-5).sqrt() * self")


@caught_by("test_a_vector_of_equal_numbers_becomes_the_bias")
def no_eps():
    """LayerNorm without eps, so that a vector of equal numbers becomes NaN"""
    edit("normal = centred / (variance + self.eps).sqrt()", "")
    edit("normal * self", "centred / variance.sqrt() * self")


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def divided_by_the_variance():
    """LayerNorm that divides by the variance, not by its root"""
    edit("normal = centred / (variance + self.eps).sqrt()", "")
    edit("normal * self", "centred / (variance + self.eps) * self")


@caught_by("test_a_vector_worked_by_hand")
def divided_only():
    """a vector divided by its standard deviation, from which the mean is not subtracted"""
    edit("normal = centred /", "normal = x /")


@caught_by("test_a_vector_worked_by_hand")
def centred_only():
    """a vector whose mean is subtracted and that is not divided by its standard deviation"""
    edit("normal = centred / (variance + self.eps).sqrt()", "normal = centred")


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def sum_of_squares():
    """the sum of the squares instead of their mean: not divided by C"""
    edit("square().mean(", "square().sum(")


@caught_by("test_a_vector_worked_by_hand")
def mean_of_the_sizes():
    """the mean of the absolute deviations instead of the standard deviation"""
    edit("centred.square()", "centred.abs()")
    edit("(variance + self.eps).sqrt()", "(variance + self.eps)")


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def multiplied_by_the_root():
    """LayerNorm that multiplies by the standard deviation, or divides by 1 over it (rsqrt)"""
    edit("(variance + self.eps).sqrt()", "(variance + self.eps).rsqrt()")


@caught_by("test_eps_stands_under_the_root")
def eps_as_a_minimum():
    """the larger of variance and eps instead of their sum"""
    with spelling():
        edit("(variance + self.eps)", "variance.clamp(min=self.eps)")
    with spelling():
        edit("(variance + self.eps).sqrt()", "variance.sqrt().clamp(min=self.eps)")


@caught_by("test_weight_scales_and_bias_shifts_each_number")
def weight_unused():
    """LayerNorm that does not multiply by its weight, or does not add its bias"""
    with spelling():
        edit("normal * self.weight + self.bias", "normal + self.bias")
    with spelling():
        edit("normal * self.weight + self.bias", "normal * self.weight")


@caught_by("test_each_vector_gets_mean_0_and_variance_1")
def mean_left_in():
    """RMSNorm: the vector is divided by its root mean square and the mean is not subtracted"""
    edit("centred = x - x.mean(dim=-1, keepdim=True)", "centred = x")


@caught_by("test_each_vector_is_normalised_by_itself")
def whole_tensor():
    """one mean and one variance for the whole tensor instead of one for each vector"""
    edit("x - x.mean(dim=-1, keepdim=True)", "x - x.mean()")
    edit("square().mean(dim=-1, keepdim=True)", "square().mean()")


@caught_by("test_each_vector_is_normalised_by_itself")
def over_the_batch():
    """batch normalization: mean and variance over the first dimension"""
    edit("x - x.mean(dim=-1", "x - x.mean(dim=0")
    edit("square().mean(dim=-1", "square().mean(dim=0")


@caught_by("test_each_vector_is_normalised_by_itself")
def running_statistics():
    """LayerNorm that keeps running statistics in training and uses them in evaluation mode"""
    with spelling():
        edit(
            "centred = x - x.mean(dim=-1, keepdim=True)\n"
            "        variance = centred.square().mean(dim=-1, keepdim=True)",
            "mean = x.mean(dim=-1, keepdim=True)\n"
            "        variance = (x - mean).square().mean(dim=-1, keepdim=True)\n"
            "        if self.training:\n"
            "            self.seen = mean.detach().mean(), variance.detach().mean()\n"
            "        else:\n"
            "            mean, variance = self.seen\n"
            "        centred = x - mean",
        )
    with spelling():
        edit(
            "centred = x - x.mean(dim=-1, keepdim=True)\n"
            "        variance = centred.square().mean(dim=-1, keepdim=True)",
            "mean = x.mean(dim=-1, keepdim=True)\n"
            "        variance = (x - mean).square().mean(dim=-1, keepdim=True)\n"
            "        if self.training:\n"
            '            seen = getattr(self, "seen", (0.0, 1.0))\n'
            "            self.seen = (\n"
            "                0.9 * seen[0] + 0.1 * mean.detach().mean(),\n"
            "                0.9 * seen[1] + 0.1 * variance.detach().mean(),\n"
            "            )\n"
            "        else:\n"
            "            mean, variance = self.seen\n"
            "        centred = x - mean",
        )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def dimension_dropped():
    """mean and variance without keepdim, which broadcast along the wrong dimension"""
    edit("x - x.mean(dim=-1, keepdim=True)", "x - x.mean(dim=-1)")
    edit("square().mean(dim=-1, keepdim=True)", "square().mean(dim=-1)")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("centred = x", "x = x.float()\n        centred = x")
    edit(" + self.bias", ".float() + self.bias.float()")


@caught_by("test_weight_scales_and_bias_shifts_each_number")
def weight_and_bias_unused():
    """LayerNorm that does not apply weight and bias"""
    edit("normal = centred", "return centred")
    edit("        return normal * self.weight + self.bias\n", "")


@caught_by("test_weight_scales_and_bias_shifts_each_number")
def bias_before_weight():
    """LayerNorm that adds the bias before it multiplies by the weight"""
    edit("normal * self.weight + self.bias", "(normal + self.bias) * self.weight")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def plain_tensors():
    """weight and bias as tensors or buffers, not as nn.Parameter: no optimizer finds them"""
    with spelling():
        edit("nn.Parameter(torch.ones(width))", "torch.ones(width)")
        edit("nn.Parameter(torch.zeros(width))", "torch.zeros(width)")
    with spelling():
        edit(
            "self.weight = nn.Parameter(torch.ones(width))",
            'self.register_buffer("weight", torch.ones(width))',
        )
        edit(
            "self.bias = nn.Parameter(torch.zeros(width))",
            'self.register_buffer("bias", torch.zeros(width))',
        )


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def not_trained():
    """parameters with requires_grad=False, which training does not change"""
    edit("torch.ones(width)", "torch.ones(width), requires_grad=False")
    edit("torch.zeros(width)", "torch.zeros(width), requires_grad=False")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def no_bias():
    """LayerNorm without a bias"""
    edit("        self.bias = nn.Parameter(torch.zeros(width))\n", "")
    edit(" + self.bias", "")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def other_names():
    """parameters under other names than weight and bias, such as gamma and beta"""
    edit("self.weight = nn", "self.gamma = nn")
    edit("self.bias = nn", "self.beta = nn")
    edit("normal * self.weight + self.bias", "normal * self.gamma + self.beta")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def ones_and_zeros_exchanged():
    """a weight that starts as zeros, or a bias that starts as ones"""
    with spelling():
        edit("torch.ones(width)", "torch.zeros(width) ")
        edit("torch.zeros(width))\n\n", "torch.ones(width))\n\n")
    with spelling():
        edit("torch.ones(width)", "torch.zeros(width) ")
    with spelling():
        edit("torch.zeros(width)", "torch.ones(width) ")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def random_weight():
    """a weight that starts as random numbers, as in a linear layer"""
    edit("torch.ones", "torch.randn")


@caught_by("test_weight_and_bias_are_parameters_that_start_as_ones_and_zeros")
def one_weight_for_all():
    """a single weight and a single bias for all features of a vector"""
    edit("ones(width)", "ones(1)")
    edit("zeros(width)", "zeros(1)")


@caught_by("test_a_vector_far_from_zero_keeps_its_spread")
def one_pass_variance():
    """the variance as mean(x^2) - mean(x)^2, which rounding destroys far from zero"""
    edit(
        "centred.square().mean(dim=-1, keepdim=True)",
        "x.square().mean(dim=-1, keepdim=True) - x.mean(dim=-1, keepdim=True).square()",
    )


@caught_by("test_x_stays_as_it_was")
def centres_in_place():
    """LayerNorm that subtracts the mean from the caller's tensor in place"""
    edit(
        "centred = x - x.mean(dim=-1, keepdim=True)",
        "x -= x.mean(dim=-1, keepdim=True)\n        centred = x",
    )


@caught_by("test_the_gradients_are_torchs")
def statistics_without_gradient():
    """LayerNorm whose mean or variance is detached, so that the gradient of x is incomplete"""
    with spelling():
        edit("x - x.mean(dim=-1, keepdim=True)", "x - x.mean(dim=-1, keepdim=True).detach()")
        edit("(variance + self.eps)", "(variance.detach() + self.eps)")
    with spelling():
        edit("x - x.mean(dim=-1, keepdim=True)", "x - x.mean(dim=-1, keepdim=True).detach()")
    with spelling():
        edit("(variance + self.eps)", "(variance.detach() + self.eps)")


@caught_by("test_changed_parameters_count_from_the_next_call")
def parameters_of_the_first_call():
    """parameters that are copied at the first call, so that training changes nothing"""
    edit(
        "return normal * self.weight + self.bias",
        'if "seen" not in self.__dict__:\n'
        "            self.seen = self.weight.detach().clone(), self.bias.detach().clone()\n"
        "        return normal * self.seen[0] + self.seen[1]",
    )


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for an x that is a transposed view"""
    edit("centred = x -", "shape, x = x.shape, x.view(-1, x.shape[-1])\n        centred = x -")
    edit("normal * self.weight + self.bias", "(normal * self.weight + self.bias).view(shape)")
