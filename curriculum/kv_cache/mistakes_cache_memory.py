"""Wrong versions of cache_memory."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def keys_alone():
    """the keys alone, without the values"""
    edit("return 2 * numbers", "return numbers")


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def queries_too():
    """queries counted as well: three tensors instead of two"""
    edit("return 2 * numbers", "return 3 * numbers")


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def bits():
    """bits in place of bytes: torch.finfo(dtype).bits is 32 for float32"""
    with spelling():
        edit("dtype.itemsize", "8 * dtype.itemsize")
    with spelling():
        edit("dtype.itemsize", "torch.finfo(dtype).bits")


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def numbers_for_bytes():
    """the count of numbers, not multiplied by the bytes of each"""
    edit(" * dtype.itemsize", "")


@caught_by("test_the_dtype_says_how_many_bytes_a_number_takes")
def float32_always():
    """4 bytes for each number, whatever the dtype is"""
    edit("dtype.itemsize", "4")


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def two_bytes_always():
    """2 bytes for each number, as for the usual bfloat16"""
    edit("dtype.itemsize", "2")


@caught_by("test_the_dtype_says_how_many_bytes_a_number_takes")
def int8_not_known():
    """torch.finfo, which knows floating-point dtypes alone and raises an error for int8"""
    edit("dtype.itemsize", "(torch.finfo(dtype).bits // 8)")


@caught_by("test_the_dtype_says_how_many_bytes_a_number_takes")
def table_of_two_dtypes():
    """a table of sizes that lacks some dtypes, and counts 2 or 4 bytes for those"""
    with spelling():
        edit("dtype.itemsize", "(4 if dtype == torch.float32 else 2)")
    with spelling():
        edit("dtype.itemsize", "(2 if dtype in (torch.float16, torch.bfloat16) else 4)")
    with spelling():
        edit(
            "dtype.itemsize",
            "{torch.float16: 2, torch.bfloat16: 2, torch.int8: 1}.get(dtype, 4)",
        )


@caught_by("test_the_dtype_says_how_many_bytes_a_number_takes")
def digits_of_the_name():
    """all digits in the dtype's name taken for its bits: 843 for float8_e4m3fn"""
    edit("dtype.itemsize", '(int("".join(c for c in str(dtype) if c.isdigit())) // 8)')


@caught_by("test_the_dtype_says_how_many_bytes_a_number_takes")
def scales_of_int8():
    """a float32 scale for each key and value counted with int8, which this cache does not have"""
    edit(
        "return 2 * numbers * dtype.itemsize",
        "scales = numbers // head_dim * 4 if dtype == torch.int8 else 0\n"
        "    return 2 * (numbers * dtype.itemsize + scales)",
    )


@caught_by("test_the_smallest_cache_holds_one_key_and_one_value")
def rounded_up_to_blocks():
    """each tensor rounded up to the blocks of a GPU's allocator, 512 bytes"""
    edit(
        "return 2 * numbers * dtype.itemsize",
        "return 2 * (-(-numbers * dtype.itemsize // 512) * 512)",
    )


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def one_layer():
    """the cache of one layer, not of all"""
    edit("layers * batch", "batch")


@caught_by("test_every_size_multiplies_the_bytes")
def one_sequence():
    """the cache of one sequence, not of the batch"""
    edit("layers * batch *", "layers *")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def one_head():
    """the cache of one key-value head"""
    edit("kv_heads * context", "context")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def one_token():
    """the bytes of one token, not of the context"""
    edit("kv_heads * context *", "kv_heads *")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def head_dimension_forgotten():
    """one number for each head, in place of D"""
    edit(" * context * head_dim", " * context")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def width_for_head_dim():
    """D divided by the number of heads, as if head_dim were the embedding dimension"""
    edit("context * head_dim", "context * (head_dim // kv_heads)")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def scores_counted():
    """the attention scores, context by context, counted in place of keys and values"""
    with spelling():
        edit("context * head_dim", "context * context")
    with spelling():
        edit("context * head_dim", "context * context * head_dim")


@caught_by("test_a_token_of_smollm2_takes_46080_bytes")
def half_of_the_context():
    """half of the context counted, as if a causal cache were filled by half"""
    edit("context * head_dim", "(context + 1) // 2 * head_dim")


@caught_by("test_the_count_is_an_int")
def megabytes():
    """megabytes in place of bytes"""
    with spelling():
        edit("return 2 * numbers * dtype.itemsize", "return 2 * numbers * dtype.itemsize / 1e6")
    with spelling():
        edit("return 2 * numbers * dtype.itemsize", "return 2 * numbers * dtype.itemsize / 2**20")


@caught_by("test_the_count_is_an_int")
def a_float():
    """a float, from a division by 8 with /"""
    with spelling():
        edit("dtype.itemsize", "8 * dtype.itemsize / 8")
    with spelling():
        edit("dtype.itemsize", "torch.finfo(dtype).bits / 8")


@caught_by("test_a_huge_count_is_exact")
def rounded_through_a_float():
    """a product computed in float64, which is not exact above 2 ** 53"""
    edit("return 2 * numbers * dtype.itemsize", "return int(2.0 * numbers * dtype.itemsize)")


@caught_by("test_a_huge_count_is_exact")
def counted_in_int64():
    """a product computed in int64, which wraps around"""
    edit(
        "return 2 * numbers * dtype.itemsize",
        "sizes = torch.tensor([2, layers, batch, kv_heads, context, head_dim, dtype.itemsize])\n"
        "    return int(sizes.prod())",
    )
