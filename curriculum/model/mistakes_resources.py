"""Wrong versions of the counts of parameters, operations and memory."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_four_sizes_of_gpt2_have_their_known_counts")
def output_counted_twice():
    """the output layer counted as well, though weight tying makes it the token embedding"""
    edit("(vocabulary + context) * width", "(2 * vocabulary + context) * width")


@caught_by("test_the_count_is_that_of_the_model_itself")
def no_positions():
    """a count without the position embedding"""
    edit("(vocabulary + context) * width", "vocabulary * width")


@caught_by("test_the_count_is_that_of_the_model_itself")
def weights_only():
    """the weights of linear layers and norms counted, but no bias"""

    def parameters(vocabulary, context, width, layers):
        return (vocabulary + context) * width + layers * (12 * width * width + 2 * width) + width


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def linear_layers_without_bias():
    """linear layers counted without their biases"""
    edit("4 * (width * width + width)", "4 * width * width")
    edit(" + 4 * width + 4 * width * width + width", " + 4 * width * width")


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def norms_without_bias():
    """norms counted without their biases, C numbers each"""
    edit("norm = 2 * width", "norm = width")


@caught_by("test_a_huge_count_is_exact")
def parameters_in_floats():
    """parameters computed in floats and converted to an int at the end"""
    with spelling():
        edit(
            "return embeddings + layers * block + norm",
            "scale = 1 + 13 / (12 * width) + (vocabulary + context) / (12 * layers * width)\n"
            "    return round(12 * layers * width**2 * scale) + 2 * width",
        )
    with spelling():
        edit(
            "return embeddings + layers * block + norm",
            "return int(float(embeddings) + layers * block + norm)",
        )


@caught_by("test_operations_are_those_of_every_matrix_product")
def batch_as_one_sequence():
    """attention counted as if the batch were one sequence of B T tokens"""
    edit("2 * (2 * tokens * tokens * width)", "2 * (2 * batch * tokens * tokens * width)")


@caught_by("test_operations_of_one_token_counted_by_hand")
def two_per_parameter():
    """two operations for each parameter and token: the rule of thumb instead of the products"""
    edit(
        "forward = batch * (layers * (linear + attention) + logits)",
        "forward = 2 * batch * tokens * parameters(vocabulary, tokens, width, layers)",
    )


@caught_by("test_the_size_of_a_number_scales_every_kind")
def activations_of_four_bytes():
    """activations of 4 bytes each, whatever size is passed"""
    edit('"activations": size', '"activations": 4')


@caught_by("test_activations_are_what_the_backward_pass_needs")
def scores_kept_too():
    """the attention scores before softmax counted as well as the weights after it"""
    edit("positions * heads * tokens", "2 * positions * heads * tokens")


@caught_by("test_activations_are_what_the_backward_pass_needs")
def context_for_tokens():
    """activations of a full context instead of T tokens"""
    edit("positions = batch", "tokens = context\n    positions = batch")


@caught_by("test_every_call_returns_a_dict_of_its_own")
def one_dict_for_all():
    """one dict that every call fills and returns"""
    edit(
        "    weights = size",
        '    kept = memory.__dict__.setdefault("kept", {})\n    weights = size',
    )
    edit("    return {\n", "    kept.update({\n")
    edit("(layers * block + top),\n    }", "(layers * block + top),\n    })\n    return kept")


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def last_norm_forgotten():
    """a count without the norm after the last block"""
    edit("+ layers * block + norm", "+ layers * block")


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def out_forgotten():
    """query, key and value counted, but not the output projection out"""
    edit("attention = 4 *", "attention = 3 *")


@caught_by("test_the_count_is_that_of_the_model_itself")
def rule_of_thumb():
    """the rule of thumb 12 L C^2 plus the token embedding instead of a count"""
    edit(
        "return embeddings + layers * block + norm",
        "return 12 * layers * width * width + vocabulary * width",
    )


@caught_by("test_operations_of_one_token_counted_by_hand")
def products_alone():
    """multiplication and addition counted as one operation (multiply-add): half the right count"""
    edit("(linear + attention) + logits)", "(linear + attention) + logits) // 2")


@caught_by("test_operations_are_those_of_every_matrix_product")
def linear_layers_only():
    """only the linear layers counted, not attention scores and weighted sums of the values"""
    edit("(linear + attention)", "linear")


@caught_by("test_operations_are_those_of_every_matrix_product")
def half_of_the_pairs():
    """only the pairs of tokens that the causal mask allows, T (T + 1) / 2"""
    edit("2 * (2 * tokens * tokens * width)", "2 * (tokens * (tokens + 1) * width)")


@caught_by("test_operations_are_those_of_every_matrix_product")
def scores_without_means():
    """half the operations of attention scores and weighted sums: one left out, or both halved"""
    edit("2 * (2 * tokens * tokens * width)", "2 * tokens * tokens * width")


@caught_by("test_operations_of_one_token_counted_by_hand")
def logits_forgotten():
    """the operations of the blocks without those of the logits"""
    edit("(linear + attention) + logits)", "(linear + attention))")


@caught_by("test_operations_are_those_of_every_matrix_product")
def logits_of_the_last_token():
    """the logits counted for the last token of each sequence only"""
    edit("2 * tokens * width * vocabulary", "2 * width * vocabulary")


@caught_by("test_a_training_step_takes_three_times_the_operations")
def backward_as_forward():
    """a backward pass as expensive as the forward pass, so that training takes twice as much"""
    edit("return 3 * forward", "return 2 * forward")


@caught_by("test_a_huge_count_is_exact")
def in_floats():
    """operations computed in floats and converted to an int at the end"""
    edit(
        "return 3 * forward if training else forward",
        "return int(3.0 * forward if training else float(forward))",
    )


@caught_by("test_every_count_is_an_int")
def counts_in_millions():
    """the number of parameters in millions, as a float"""
    edit("embeddings + layers * block + norm", "(embeddings + layers * block + norm) / 1e6")


@caught_by("test_parameters_gradients_and_running_averages_are_counted")
def one_mean():
    """an optimizer with one running average, as SGD with momentum has, instead of AdamW's two"""
    edit("2 * weights", "weights")


@caught_by("test_activations_are_what_the_backward_pass_needs")
def no_attention_weights():
    """activations without the attention weights, so that nothing grows with T^2"""
    edit(" + positions * heads * tokens", "")


@caught_by("test_activations_are_what_the_backward_pass_needs")
def one_table_for_all_heads():
    """one matrix of attention weights per block instead of one per head"""
    edit("positions * heads * tokens", "positions * tokens")


@caught_by("test_activations_are_what_the_backward_pass_needs")
def one_block_at_a_time():
    """the activations of a single block, as if those of earlier blocks were discarded"""
    edit("(layers * block", "(block")


@caught_by("test_activations_are_what_the_backward_pass_needs")
def logits_not_kept():
    """activations without the logits, often the largest single tensor of a small model"""
    edit("2 * width + vocabulary)", "2 * width)")


@caught_by("test_the_size_of_a_number_scales_every_kind")
def optimizer_in_float32():
    """running averages of 4 bytes each, whatever size is passed"""
    edit('"optimizer": 2 * weights', '"optimizer": 8 * weights // size')
