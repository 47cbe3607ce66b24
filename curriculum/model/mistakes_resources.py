"""What goes wrong with counting parameters, operations and memory."""

from grader.course import caught_by


@caught_by("test_the_four_sizes_of_gpt2_have_their_known_counts")
def output_counted_twice():
    """the output layer counted beside the token embedding, though the two are one tensor"""

    def parameters(vocabulary, context, width, layers):
        block = 12 * width * width + 13 * width
        return (2 * vocabulary + context) * width + layers * block + 2 * width


@caught_by("test_the_count_is_that_of_the_model_itself")
def no_positions():
    """a count without the position embedding"""

    def parameters(vocabulary, context, width, layers):
        return vocabulary * width + layers * (12 * width * width + 13 * width) + 2 * width


@caught_by("test_the_count_is_that_of_the_model_itself")
def weights_only():
    """a count of the weights of linear layers and norms without any bias"""

    def parameters(vocabulary, context, width, layers):
        return (vocabulary + context) * width + layers * (12 * width * width + 2 * width) + width


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def last_norm_forgotten():
    """a count without the norm after the last block"""

    def parameters(vocabulary, context, width, layers):
        return (vocabulary + context) * width + layers * (12 * width * width + 13 * width)


@caught_by("test_parameters_of_the_smallest_model_counted_by_hand")
def out_forgotten():
    """a count with queries, keys and values but without the layer that follows the heads"""

    def parameters(vocabulary, context, width, layers):
        block = 11 * width * width + 12 * width
        return (vocabulary + context) * width + layers * block + 2 * width


@caught_by("test_the_count_is_that_of_the_model_itself")
def rule_of_thumb():
    """the rule of thumb 12 L C^2 plus the token embedding in place of a count"""

    def parameters(vocabulary, context, width, layers):
        return 12 * layers * width * width + vocabulary * width


@caught_by("test_operations_of_one_token_counted_by_hand")
def products_alone():
    """one operation for a product and its sum together (multiply-adds), half of what is asked"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 12 * tokens * width * width + 2 * tokens * tokens * width
        forward = batch * (layers * block + tokens * width * vocabulary)
        return 3 * forward if training else forward


@caught_by("test_operations_are_those_of_every_matrix_product")
def linear_layers_only():
    """operations of the linear layers alone, without scores and means over all pairs of tokens"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        forward = batch * tokens * (layers * 24 * width * width + 2 * width * vocabulary)
        return 3 * forward if training else forward


@caught_by("test_operations_are_those_of_every_matrix_product")
def half_of_the_pairs():
    """only the pairs of tokens that the causal mask permits, T (T + 1) / 2"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        pairs = tokens * (tokens + 1) // 2
        block = 24 * tokens * width * width + 4 * pairs * width
        forward = batch * (layers * block + 2 * tokens * width * vocabulary)
        return 3 * forward if training else forward


@caught_by("test_operations_are_those_of_every_matrix_product")
def scores_without_means():
    """operations of the scores but not of the means of the values"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 24 * tokens * width * width + 2 * tokens * tokens * width
        forward = batch * (layers * block + 2 * tokens * width * vocabulary)
        return 3 * forward if training else forward


@caught_by("test_operations_of_one_token_counted_by_hand")
def logits_forgotten():
    """operations of the blocks without the logits"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 24 * tokens * width * width + 4 * tokens * tokens * width
        return batch * layers * block * (3 if training else 1)


@caught_by("test_operations_are_those_of_every_matrix_product")
def logits_of_the_last_token():
    """logits counted for the last token of each sequence alone"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 24 * tokens * width * width + 4 * tokens * tokens * width
        forward = batch * (layers * block + 2 * width * vocabulary)
        return 3 * forward if training else forward


@caught_by("test_a_training_step_takes_three_times_the_operations")
def backward_as_forward():
    """a backward pass that takes as much as the forward pass, so that training is only double"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 24 * tokens * width * width + 4 * tokens * tokens * width
        forward = batch * (layers * block + 2 * tokens * width * vocabulary)
        return 2 * forward if training else forward


@caught_by("test_a_huge_count_is_exact")
def in_floats():
    """operations reckoned in floats and turned into an int at the end"""

    def flops(vocabulary, width, layers, batch, tokens, training=False):
        block = 24.0 * tokens * width**2 + 4.0 * tokens**2 * width
        forward = batch * (layers * block + 2.0 * tokens * width * vocabulary)
        return int(3 * forward if training else forward)


@caught_by("test_every_count_is_a_whole_number")
def counts_in_millions():
    """parameters in millions, a float"""

    def parameters(vocabulary, context, width, layers):
        block = 12 * width * width + 13 * width
        return ((vocabulary + context) * width + layers * block + 2 * width) / 1e6


@caught_by("test_parameters_gradients_and_two_means_lie_in_memory")
def one_mean():
    """an optimizer with one running mean, as momentum has it, not AdamW's two"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        weights = size * parameters(vocabulary, context, width, layers)
        block = batch * tokens * (16 * width + heads * tokens)
        top = batch * tokens * (2 * width + vocabulary)
        return {
            "parameters": weights,
            "gradients": weights,
            "optimizer": weights,
            "activations": size * (layers * block + top),
        }


@caught_by("test_activations_are_what_the_backward_pass_reads")
def no_attention_weights():
    """activations without the attention weights, so that nothing grows with T squared"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        weights = size * parameters(vocabulary, context, width, layers)
        numbers = batch * tokens * ((16 * layers + 2) * width + vocabulary)
        return {
            "parameters": weights,
            "gradients": weights,
            "optimizer": 2 * weights,
            "activations": size * numbers,
        }


@caught_by("test_activations_are_what_the_backward_pass_reads")
def one_table_for_all_heads():
    """one table of attention weights a block, not one for each head"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        weights = size * parameters(vocabulary, context, width, layers)
        block = batch * tokens * (16 * width + tokens)
        top = batch * tokens * (2 * width + vocabulary)
        return {
            "parameters": weights,
            "gradients": weights,
            "optimizer": 2 * weights,
            "activations": size * (layers * block + top),
        }


@caught_by("test_activations_are_what_the_backward_pass_reads")
def one_block_at_a_time():
    """activations of a single block, as if each block could forget those of the one before"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        weights = size * parameters(vocabulary, context, width, layers)
        block = batch * tokens * (16 * width + heads * tokens)
        top = batch * tokens * (2 * width + vocabulary)
        return {
            "parameters": weights,
            "gradients": weights,
            "optimizer": 2 * weights,
            "activations": size * (block + top),
        }


@caught_by("test_activations_are_what_the_backward_pass_reads")
def logits_not_kept():
    """activations without the logits, which are the largest single tensor of a small model"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        weights = size * parameters(vocabulary, context, width, layers)
        block = batch * tokens * (16 * width + heads * tokens)
        return {
            "parameters": weights,
            "gradients": weights,
            "optimizer": 2 * weights,
            "activations": size * (layers * block + batch * tokens * 2 * width),
        }


@caught_by("test_the_size_of_a_number_scales_every_kind")
def optimizer_in_float32():
    """an optimizer whose means take 4 bytes each, whatever the size"""

    def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
        count = parameters(vocabulary, context, width, layers)
        block = batch * tokens * (16 * width + heads * tokens)
        top = batch * tokens * (2 * width + vocabulary)
        return {
            "parameters": size * count,
            "gradients": size * count,
            "optimizer": 8 * count,
            "activations": size * (layers * block + top),
        }
