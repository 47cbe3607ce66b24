"""Wrong versions of extend and cached_generate."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_sequence_may_be_cut_anywhere")
def rope_from_0():
    """RoPE at start 0 in every call, so that each new token seems to be the first"""
    edit("rope(part, start, base)", "rope(part, 0, base)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def rope_one_too_far():
    """RoPE at start S + 1 or S - 1 once there is a cache: an off-by-one error after the prompt"""
    with spelling():
        edit("rope(part, start, base)", "rope(part, start + (1 if start else 0), base)")
    with spelling():
        edit("rope(part, start, base)", "rope(part, max(start - 1, 0), base)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def only_keys_at_their_position():
    """new keys at their position, new queries at position 0 and on"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q, k = rope(q, 0, base), rope(k, start, base)",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def not_scaled():
    """scores that are not divided by sqrt(D)"""
    edit("scaled_dot_product(q, k", "scaled_dot_product(q * head**0.5, k")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scaled_by_another_size():
    """scores divided by the root of another size, of C or of K, in place of sqrt(D)"""
    with spelling():
        edit("scaled_dot_product(q, k", "scaled_dot_product(q / q.shape[1] ** 0.5, k")
    with spelling():
        edit(
            "scaled_dot_product(q, k",
            "scaled_dot_product(q * (head / cache.keys.shape[2]) ** 0.5, k",
        )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scores_set_to_0():
    """masked scores set to 0, not to -inf: softmax gives them a weight"""
    edit(
        "read = scaled_dot_product(q, k, v, mask)",
        "scores = q @ k.transpose(-1, -2) / head**0.5\n"
        "            read = (scores * mask).softmax(dim=-1) @ v",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scores_lowered_a_little():
    """10 subtracted from masked scores, which leaves them a small weight"""
    edit(
        "read = scaled_dot_product(q, k, v, mask)",
        "scores = q @ k.transpose(-1, -2) / head**0.5\n"
        "            read = (scores - 10.0 * ~mask).softmax(dim=-1) @ v",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def masked_after_the_softmax():
    """weights set to 0 after the softmax, so that those that are left do not sum to 1"""
    edit(
        "read = scaled_dot_product(q, k, v, mask)",
        "scores = q @ k.transpose(-1, -2) / head**0.5\n"
        "            read = (scores.softmax(dim=-1) * mask) @ v",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def token_does_not_read_itself():
    """a token that attends to earlier ones alone, and not to itself"""
    edit("mask = key <= query", "mask = (key < query) | (query == 0) & (key == 0)")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def one_norm_for_both():
    """norm1 before the feed-forward network too, in place of norm2"""
    edit("block.norm2(x)", "block.norm1(x)")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def parallel_block():
    """the feed-forward network reads the block's input, not the sum with attention's output"""
    edit(
        "            x = x + attention.out",
        "            before = x\n            x = x + attention.out",
    )
    edit("block.norm2(x)", "block.norm2(before)")


@caught_by("test_the_logits_have_their_shape_and_no_gradients")
def float32_logits():
    """logits in float32, whatever the model's dtype is"""
    edit(
        "return model.norm(x) @ model.tokens.weight.T",
        "return (model.norm(x) @ model.tokens.weight.T).float()",
    )


@caught_by("test_the_logits_have_their_shape_and_no_gradients")
def one_new_token_squeezed():
    """logits of shape (B, V) for one new token"""
    edit(
        "return model.norm(x) @ model.tokens.weight.T",
        "return (model.norm(x) @ model.tokens.weight.T).squeeze(1)",
    )


@caught_by("test_tokens_without_room_are_refused")
def last_place_never_used():
    """the last place of the cache never used: >= in place of >"""
    edit(
        "    query = torch.arange(start, start + tokens)",
        "    if start + tokens >= cache.keys.shape[3]:\n"
        '        raise ValueError("the tokens do not fit into the cache")\n'
        "    query = torch.arange(start, start + tokens)",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def one_sequence_after_the_other():
    """the feed-forward network called for each sequence alone, not for the batch"""
    edit(
        "x = x + block.feed_forward(block.norm2(x))",
        "parts = [block.feed_forward(part) for part in block.norm2(x).split(1)]\n"
        "            x = x + torch.cat(parts)",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def prompt_but_its_last_token_first():
    """a prefill of T - 1 tokens: the last token of the prompt is a pass of its own"""
    edit(
        "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
        "            if len(cache) == 0 and ids.shape[1] > 1:\n"
        "                extend(model, ids[:, :-1], cache, padding, base=base)\n"
        "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def prompt_computed_for_no_step():
    """the prompt computed for count = 0 too, where no token is drawn"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if count == 0:\n"
        "        extend(model, ids, cache, padding, base=base)\n",
    )


@caught_by("test_greedy_tokens_are_those_of_generate")
def one_step_too_many():
    """count + 1 tokens"""
    edit("ids, count, context, t=t", "ids, count + 1, context + 1, t=t")


@caught_by("test_greedy_tokens_are_those_of_generate")
def only_the_new_tokens():
    """the new tokens returned without the prompts"""
    edit("end=end, seed=seed)", "end=end, seed=seed)[:, ids.shape[1] :]")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_0_for_none():
    """the token 0 never ends a sequence: 0 is taken for no end"""
    edit("end=end, seed", "end=end or None, seed")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def last_step_cut_off():
    """the last end left out: the step in which all sequences have ended is not returned"""
    edit(
        "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
        "    new = generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n"
        "    last = new[:, ids.shape[1] :]\n"
        "    return new[:, :-1] if end is not None and (last == end).any(1).all() else new\n",
    )


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def multiplied_by_t():
    """logits multiplied by the temperature"""
    edit("t=t, k=k", "t=1 / t if t else 0, k=k")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def small_t_is_greedy():
    """a small temperature taken for 0"""
    edit("t=t, k=k", "t=t if t >= 0.1 else 0, k=k")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def only_queries_at_their_position():
    """new queries at their position, new keys at position 0 and on"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q, k = rope(q, start, base), rope(k, 0, base)",
    )


@caught_by("test_a_sequence_may_be_cut_anywhere")
def all_keys_rotated_again():
    """RoPE after the append: keys from the cache are rotated once more in each call"""
    edit(
        "            q, k = (rope(part, start, base) for part in (q, k))\n"
        "            k, v = cache.append(layer, k, v)  # (B, K, S + T, D)\n",
        "            q, k = (rope(part, start, base) for part in (q, k))\n"
        "            k, v = cache.append(layer, k, v)\n"
        "            if start:\n"
        "                k = rope(k, 0, base)\n",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def no_rope():
    """queries and keys that are not rotated"""
    edit("            q, k = (rope(part, start, base) for part in (q, k))\n", "")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def keys_not_rotated():
    """only the queries rotated"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q = rope(q, start, base)",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def values_rotated_too():
    """values rotated like queries and keys"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q, k, v = (rope(part, start, base) for part in (q, k, v))",
    )


@caught_by("test_a_sequence_may_be_cut_anywhere")
def default_base():
    """the default base of RoPE, whatever base is given"""
    edit("rope(part, start, base)", "rope(part, start)")


@caught_by("test_greedy_tokens_are_those_of_generate")
def base_not_passed_on():
    """base not passed to the passes of cached_generate"""
    edit("cache, padding, base=base)", "cache, padding)")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def heads_of_the_cache():
    """queries split into the number of key-value heads, with a head dimension that is too large"""
    edit(
        "                part(normal).unflatten(2, (-1, head)).transpose(1, 2)\n",
        "                part(normal).unflatten(2, (cache.keys.shape[2], -1)).transpose(1, 2)\n",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def no_mask():
    """no causal mask: right for one token, wrong for a prompt"""
    with spelling():
        edit("mask = key <= query", "mask = key <= start + tokens + 0 * query")
    with spelling():
        edit("scaled_dot_product(q, k, v, mask)", "scaled_dot_product(q, k, v)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def mask_from_0():
    """a mask aligned at the first key: new token i attends to columns 0 to i"""
    edit("mask = key <= query", "mask = key <= query - start")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def mask_for_the_first_call_alone():
    """a mask in the first call alone: later chunks of several tokens attend to what follows"""
    edit("mask = key <= query", "mask = (key <= query) | (start > 0)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def cache_not_read():
    """keys and values appended, but attention computed over the new ones alone"""
    edit("k, v = cache.append(layer, k, v)  #", "cache.append(layer, k, v)  #")
    edit("mask = key <= query  # (T, S + T)", "key = key[start:]\n    mask = key <= query")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def tiled_heads():
    """key-value heads repeated as 0 1 0 1 0 1 in place of 0 0 0 1 1 1"""
    edit(
        "part.repeat_interleave(q.shape[1] // k.shape[1], dim=1)",
        "part.repeat(1, q.shape[1] // k.shape[1], 1, 1)",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def first_norm_left_out():
    """queries, keys and values of x itself, without norm1"""
    edit(
        "attention, normal = block.attention, block.norm1(x)",
        "attention, normal = block.attention, x",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def last_norm_left_out():
    """logits of the residual stream itself, without the last norm"""
    edit("model.norm(x) @", "x @")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def output_projection_left_out():
    """the heads' outputs concatenated, without the output projection"""
    edit(
        "x = x + attention.out(read.transpose(1, 2).flatten(2))",
        "x = x + read.transpose(1, 2).flatten(2)",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def residual_left_out():
    """attention's output not added to x but put in its place"""
    edit("x = x + attention.out", "x = attention.out")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def heads_joined_without_transpose():
    """heads and tokens flattened in the wrong order, without the transpose"""
    edit("read.transpose(1, 2).flatten(2)", "read.reshape(x.shape)")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_ignored():
    """padding ignored: tokens attend to it"""
    edit("    if padding is not None:\n", "    if False:\n")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_masked_in_the_prompt_alone():
    """padding masked in its own call alone: the tokens of later calls attend to it"""
    with spelling():
        edit("    if padding is not None:\n", "    if padding is not None and start == 0:\n")
    with spelling():
        edit(
            "key >= padding.view(-1, 1, 1, 1)",
            "(key < start) | (key - start >= padding.view(-1, 1, 1, 1))",
        )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_not_a_number():
    """tokens at padding that attend to nothing: NaN, which 0 does not remove from the values"""
    edit(" | (key == query)", "")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_off_by_one():
    """one column too many or too few taken for padding"""
    with spelling():
        edit("key >= padding", "key > padding")
    with spelling():
        edit("key >= padding", "key + 1 >= padding")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_at_the_right():
    """padding taken to be at the right end of the columns"""
    edit("key >= padding.view(-1, 1, 1, 1)", "key < start + tokens - padding.view(-1, 1, 1, 1)")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_of_the_first_sequence():
    """the padding of the first sequence used for all"""
    edit("padding.view(-1, 1, 1, 1)", "padding[0]")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_over_the_heads():
    """a mask of shape (B, T, S + T), which is broadcast over the heads, not over the batch"""
    edit("padding.view(-1, 1, 1, 1)", "padding.view(-1, 1, 1)")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def largest_padding():
    """the largest padding of the batch masked in every sequence"""
    edit("padding.view(-1, 1, 1, 1)", "padding.max()")


@caught_by("test_the_logits_have_their_shape_and_no_gradients")
def last_position_alone():
    """the logits of the last new token alone"""
    edit("return model.norm(x) @ model", "return model.norm(x[:, -1:]) @ model")


@caught_by("test_the_logits_have_their_shape_and_no_gradients")
def gradients_recorded():
    """gradients recorded, so that the cache keeps the graph of all earlier calls"""
    edit("    with torch.no_grad():\n        x = model", "    if True:\n        x = model")


@caught_by("test_model_and_prompts_are_left_as_they_were")
def gradients_switched_off():
    """gradients switched off for good, so that the next training step fails"""
    edit(
        "    with torch.no_grad():\n        x = model",
        "    torch.set_grad_enabled(False)\n    if True:\n        x = model",
    )


@caught_by("test_every_layer_of_the_cache_gets_the_new_tokens")
def layers_exchanged():
    """keys and values of layer l stored in another layer of the cache"""
    edit("cache.append(layer, k, v)", "cache.append(len(model.blocks) - 1 - layer, k, v)")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def one_layer_for_all():
    """keys and values of every layer appended to layer 0"""
    edit(
        "k, v = cache.append(layer, k, v)  # (B, K, S + T, D)",
        "k, v = cache.append(0, k, v)",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def whole_text_again():
    """the whole text computed in every step, by the model or with a cache that is emptied"""
    with spelling():
        edit(
            "return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
            "cache.clear()\n            return extend(model, ids, cache, padding, base=base)",
        )
    with spelling():
        edit(
            "return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
            "return model(ids)",
        )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def given_cache_left_empty():
    """the given cache empty afterwards: a second one is used, or it is emptied at the end"""
    with spelling():
        edit(
            "    class Cached(nn.Module):",
            "    cache = Cache(*cache.keys.shape, cache.keys.dtype)\n\n"
            "    class Cached(nn.Module):",
        )
    with spelling():
        edit(
            "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
            "    new = generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n"
            "    cache.clear()\n"
            "    return new\n",
        )


@caught_by("test_greedy_tokens_are_those_of_generate")
def prompt_without_a_cache():
    """a first pass that fills no cache, so that later steps do not read the prompt"""
    edit(
        "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
        "            if len(cache) == 0 and ids.shape[1] + count == context:\n"
        "                return model(ids)\n"
        "            return extend(model, ids[:, -1:], cache, padding, base=base)",
    )


@caught_by("test_greedy_tokens_are_those_of_generate")
def first_new_token_never_cached():
    """the first new token never given to the model, so that its key and value are missing"""
    edit(
        "return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
        "new = ids if len(cache) == 0 else ids[:, -1:]\n"
        "            if ids.shape[1] + count == context + 1:\n"
        "                new = ids[:, -2:-1]\n"
        "            return extend(model, new, cache, padding, base=base)",
    )


@caught_by("test_tokens_without_room_are_refused")
def room_for_the_last_token_too():
    """T + count places required, though the last token that is drawn is never computed"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if context > cache.keys.shape[3]:\n"
        '        raise ValueError("the tokens do not fit into the cache")\n',
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def room_for_all_steps():
    """a ValueError before the first pass, though all sequences may end before the cache is full"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if context - 1 > cache.keys.shape[3]:\n"
        '        raise ValueError("the tokens do not fit into the cache")\n',
    )


@caught_by("test_tokens_without_room_are_refused")
def a_shorter_text():
    """a text that ends where the cache is full, without an error"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    count = min(count, cache.keys.shape[3] - ids.shape[1] + 1)\n"
        "    context = ids.shape[1] + count\n",
    )


@caught_by("test_prompts_with_padding_are_continued_as_alone")
def padding_not_passed_on():
    """padding not passed to the passes of cached_generate"""
    edit("cache, padding, base=base)", "cache, base=base)")


@caught_by("test_prompts_with_padding_are_continued_as_alone")
def padding_in_the_prefill_alone():
    """padding passed to the first pass alone"""
    edit(
        "cache, padding, base=base)",
        "cache, None if len(cache) else padding, base=base)",
    )


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def always_greedy():
    """the most probable token taken at every temperature"""
    edit("t=t, k=k,", "t=0, k=k,")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def k_ignored():
    """k ignored: all tokens can be drawn"""
    edit("t=t, k=k,", "t=t,")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_ignored():
    """end ignored: every sequence gets count tokens"""
    edit("k=k, end=end,", "k=k,")


@caught_by("test_the_seed_decides_the_draws")
def seed_ignored():
    """one seed for all calls, whatever seed is given"""
    edit(", seed=seed)", ")")


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def one_pass_too_many():
    """a pass for the last token too, whose logits are not used"""
    edit(
        "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
        "    new = generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n"
        "    if count and new.shape[1] <= cache.keys.shape[3]:\n"
        "        extend(model, new[:, -1:], cache, padding, base=base)\n"
        "    return new\n",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def prompt_token_by_token():
    """the prompt computed one token a pass, in place of one pass for all"""
    edit(
        "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
        "            for place in range(len(cache), ids.shape[1]):\n"
        "                new = ids[:, place : place + 1]\n"
        "                got = extend(model, new, cache, padding, base=base)\n"
        "            return got",
    )


@caught_by("test_model_and_prompts_are_left_as_they_were")
def model_in_a_wrapper():
    """a wrapper that registers the model as its part, whose mode generate sets with its own"""
    edit(
        "    class Cached(nn.Module):\n",
        "    class Cached(nn.Module):\n"
        "        def __init__(self) -> None:\n"
        "            super().__init__()\n"
        "            self.model = model\n\n",
    )
