"""Wrong versions of read_value, read_entry and read_header."""

import struct
from pathlib import Path

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_string_by_hand")
def high_byte_first():
    """numbers read with the high byte first (big-endian)"""

    def read_value(data, at, kind):
        forms = {0: ">B", 1: ">b", 2: ">H", 3: ">h", 4: ">I", 5: ">i", 6: ">f", 7: ">B"}
        forms |= {10: ">Q", 11: ">q", 12: ">d"}
        if kind in forms:
            end = at + struct.calcsize(forms[kind])
            if end > len(data):
                raise ValueError("cut off")
            (number,) = struct.unpack(forms[kind], data[at:end])
            if kind == 7 and number > 1:
                raise ValueError("no bool")
            return bool(number) if kind == 7 else number, end
        if kind == 8:
            length, at = read_value(data, at, 10)
            if length > len(data) - at:
                raise ValueError("cut off")
            return data[at : at + length].decode(), at + length
        if kind != 9:
            raise ValueError("unknown")
        inner, at = read_value(data, at, 4)
        count, at = read_value(data, at, 10)
        if count > len(data) - at:
            raise ValueError("cut off")
        elements = []
        for _ in range(count):
            element, at = read_value(data, at, inner)
            elements.append(element)
        return elements, at


@caught_by("test_a_string_by_hand")
def length_of_32_bits():
    """lengths of strings and arrays read as uint32, as in version 1, instead of uint64"""
    with spelling():
        edit("length, at = read_value(data, at, 10)", "length, at = read_value(data, at, 4)")
        edit(
            "        count, at = read_value(data, at, 10)\n",
            "        count, at = read_value(data, at, 4)\n",
        )
    with spelling():
        edit("length, at = read_value(data, at, 10)", "length, at = read_value(data, at, 4)")


@caught_by("test_arrays_hold_values_of_every_type")
def count_of_32_bits():
    """the number of an array's elements read as a uint32 instead of a uint64"""
    edit(
        "        inner, at = read_value(data, at, 4)\n        count, at = read_value(data, at, 10)",
        "        inner, at = read_value(data, at, 4)\n        count, at = read_value(data, at, 4)",
    )


@caught_by("test_a_string_by_hand")
def end_without_the_length():
    """the place after a string without the 8 bytes of its length, or its length for its place"""
    with spelling():
        edit('.decode("utf-8"), at + length', '.decode("utf-8"), at + length - 8')
    with spelling():
        edit('.decode("utf-8"), at + length', '.decode("utf-8"), length')
    with spelling():
        edit('.decode("utf-8"), at + length', '.decode("utf-8"), 8 + length')


@caught_by("test_each_type_of_number_is_read")
def bytes_instead_of_the_end():
    """the number of bytes of a value returned instead of the place after it"""
    edit("number, at + smallest[kind]", "number, smallest[kind]")


@caught_by("test_each_type_of_number_is_read")
def sign_lost():
    """signed numbers read as unsigned ones"""
    with spelling():
        edit('1: "<b"', '1: "<B"')
        edit('3: "<h"', '3: "<H"')
        edit('5: "<i"', '5: "<I"')
        edit('11: "<q"', '11: "<Q"')
    with spelling():
        edit('1: "<b"', '1: "<B"')
    with spelling():
        edit('11: "<q"', '11: "<Q"')


@caught_by("test_each_type_of_number_is_read")
def unsigned_read_as_signed():
    """unsigned numbers read as signed ones"""
    with spelling():
        edit('0: "<B"', '0: "<b"')
        edit('2: "<H"', '2: "<h"')
        edit('4: "<I"', '4: "<i"')
        edit('10: "<Q"', '10: "<q"')
    with spelling():
        edit('10: "<Q"', '10: "<q"')
    with spelling():
        edit('0: "<B"', '0: "<b"')


@caught_by("test_each_type_of_number_is_read")
def types_in_order_of_size():
    """the types numbered as if uint64 and int64 followed int32"""
    edit('6: "<f", 7: "<B"}', '6: "<Q", 7: "<q"}')
    edit('10: "<Q", 11: "<q", 12: "<d"', '10: "<f", 11: "<B", 12: "<d"')


@caught_by("test_each_type_of_number_is_read")
def floats_rounded():
    """floats rounded to a few digits, or float64 read as float32"""
    with spelling():
        edit(
            "return bool(number) if kind == 7 else number,",
            "return bool(number) if kind == 7 else round(number, 4),",
        )
    with spelling():
        edit(
            "return bool(number) if kind == 7 else number,",
            "return bool(number) if kind == 7 else round(number, 6),",
        )


@caught_by("test_each_type_of_number_is_read")
def values_padded():
    """each number aligned to its own size, as in a C struct"""
    edit("    (number,) = struct", "    at += -at % smallest[kind]\n    (number,) = struct")


@caught_by("test_a_bool_is_a_byte_of_0_or_1")
def any_byte_is_a_bool():
    """a byte other than 0 and 1 taken for True"""
    edit(
        "    if kind == 7 and number > 1:\n"
        '        raise ValueError(f"{number}, at byte {at}, is not a bool")\n',
        "",
    )


@caught_by("test_a_bool_is_a_byte_of_0_or_1")
def bool_is_a_number():
    """0 and 1 returned for a bool instead of False and True"""
    edit("bool(number) if kind == 7 else number", "number")


@caught_by("test_a_bool_is_a_byte_of_0_or_1")
def bool_of_four_bytes():
    """a bool read from four bytes instead of one"""
    edit('7: "<B"', '7: "<I"')


@caught_by("test_a_string_is_utf_8")
def string_of_letters():
    """a string's length taken for a number of characters, or its bytes for ASCII or Latin-1"""
    with spelling():
        edit('.decode("utf-8")', '.decode("latin-1")')
    with spelling():
        edit('.decode("utf-8")', '.decode("ascii")')
    with spelling():
        edit(
            'data[at : at + length].decode("utf-8")',
            "''.join(chr(byte) for byte in data[at : at + length])",
        )
    with spelling():
        edit(
            '        return data[at : at + length].decode("utf-8"), at + length',
            "        end = at\n"
            '        while len(data[at:end].decode("utf-8", "ignore")) < length:\n'
            "            end += 1\n"
            "            if end > len(data):\n"
            '                raise ValueError("cut off")\n'
            '        return data[at:end].decode("utf-8"), end',
        )


@caught_by("test_a_string_is_utf_8")
def bad_bytes_replaced():
    """bytes that are no UTF-8 left out or replaced instead of refused"""
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8", "replace")')
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8", "ignore")')
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8", "surrogateescape")')
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8", "backslashreplace")')


@caught_by("test_a_string_by_hand")
def bytes_returned():
    """the bytes of a string, not decoded"""
    edit('data[at : at + length].decode("utf-8")', "bytes(data[at : at + length])")


@caught_by("test_a_string_is_utf_8")
def string_stripped():
    """white space or zero bytes stripped off a string, or a string that ends at a zero byte"""
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8").strip()')
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8").split("\\0")[0]')
    with spelling():
        edit('.decode("utf-8")', '.decode("utf-8").rstrip("\\0")')


@caught_by("test_arrays_hold_values_of_every_type")
def nested_arrays_flattened():
    """the elements of nested arrays put into one list"""
    edit(
        "            elements.append(element)",
        "            elements += element if inner == 9 else [element]",
    )


@caught_by("test_arrays_hold_values_of_every_type")
def nested_arrays_refused():
    """an array of arrays refused"""
    edit("        if inner not in smallest or", "        if inner == 9 or inner not in smallest or")


@caught_by("test_arrays_hold_values_of_every_type")
def arrays_of_strings_refused():
    """an array of strings refused, or read as numbers"""
    edit("        if inner not in smallest or", "        if inner == 8 or inner not in smallest or")


@caught_by("test_arrays_hold_values_of_every_type")
def arrays_skipped():
    """None for an array, whose elements are skipped"""
    edit("        return elements, at", "        return None, at")


@caught_by("test_arrays_hold_values_of_every_type")
def array_of_pairs():
    """pairs of value and place in a list, because read_value returns both"""
    edit("            elements.append(element)", "            elements.append((element, at))")


@caught_by("test_arrays_hold_values_of_every_type")
def tuple_for_a_list():
    """a tuple for an array instead of a list"""
    edit("return elements, at", "return tuple(elements), at")


@caught_by("test_arrays_hold_values_of_every_type")
def type_before_each_element():
    """a type read before each element of an array, instead of once for all"""
    edit(
        "            element, at = read_value(data, at, inner)",
        "            inner, at = read_value(data, at, 4)\n"
        "            element, at = read_value(data, at, inner)",
    )


@caught_by("test_arrays_hold_values_of_every_type")
def count_before_type():
    """the number of an array's elements read before their type"""
    edit(
        "        inner, at = read_value(data, at, 4)\n"
        "        count, at = read_value(data, at, 10)\n",
        "        count, at = read_value(data, at, 10)\n"
        "        inner, at = read_value(data, at, 4)\n",
    )


@caught_by("test_arrays_hold_values_of_every_type")
def count_of_bytes():
    """the number of an array's elements taken for their number of bytes"""
    edit("        elements = []\n", "        elements = []\n        count //= smallest[inner]\n")


@caught_by("test_a_value_that_is_cut_off_raises_value_error")
def cut_off_number_raises_struct_error():
    """a number that is cut off raises struct.error, which is no ValueError"""
    edit("    if smallest[kind] > len(data) - at:", "    if False:")


@caught_by("test_a_value_that_is_cut_off_raises_value_error")
def cut_off_string_returned():
    """a string that ends after the file returned as far as it is there"""
    with spelling():
        edit("        if length > len(data) - at:", "        if False:")
    with spelling():
        edit("        if length > len(data) - at:", "        if False:")
        edit(
            '.decode("utf-8"), at + length',
            '.decode("utf-8"), min(at + length, len(data))',
        )
    with spelling():
        edit("        if length > len(data) - at:", "        if length > len(data):")


@caught_by("test_a_value_that_is_cut_off_raises_value_error")
def cut_off_number_filled_up():
    """a number that is cut off read from the bytes that are there"""
    edit(
        "    (number,) = struct.unpack_from(forms[kind], data, at)",
        "    part = data[at : at + smallest[kind]]\n"
        "    (number,) = struct.unpack(forms[kind], part + bytes(smallest[kind] - len(part)))",
    )
    edit("    if smallest[kind] > len(data) - at:", "    if False:")


@caught_by("test_a_value_that_is_cut_off_raises_value_error")
def string_one_byte_short():
    """a string that lacks its last byte accepted, because the comparison is off by one"""
    edit("        if length > len(data) - at:", "        if length > len(data) - at + 1:")


@caught_by("test_arrays_hold_values_of_every_type")
def room_counted_too_large():
    """values refused that fit into the file, because an element is taken for larger than it is"""
    with spelling():
        edit("count * smallest[inner] >", "count * max(smallest[inner], 8) >")
    with spelling():
        edit("count * smallest[inner] >", "count * 12 >")


@caught_by("test_a_string_by_hand")
def last_byte_refused():
    """a string refused that ends with the last byte of the file"""
    edit("        if length > len(data) - at:", "        if length >= len(data) - at:")


@caught_by("test_a_bool_is_a_byte_of_0_or_1")
def last_number_refused():
    """a number refused that ends with the last byte of the file"""
    edit("    if smallest[kind] > len(data) - at:", "    if smallest[kind] >= len(data) - at:")


@caught_by("test_an_unknown_type_raises_value_error")
def unknown_type_raises_key_error():
    """an unknown type raises KeyError instead of ValueError"""
    with spelling():
        edit(
            "    if kind not in smallest:\n"
            '        raise ValueError(f"{kind}, at byte {at}, is not the number of '
            'a type")\n',
            "",
        )
    with spelling():
        edit("        if inner not in smallest or count", "        if count")


@caught_by("test_an_unknown_type_raises_value_error")
def unknown_type_skipped():
    """None for an unknown type instead of ValueError"""
    edit(
        '        raise ValueError(f"{kind}, at byte {at}, is not the number of a type")',
        "        return None, at",
    )
    edit(
        "        if inner not in smallest or count * smallest[inner] >",
        "        if count * smallest.get(inner, 0) >",
    )


@caught_by("test_a_length_is_refused_before_memory_is_allocated")
def string_allocated_first():
    """memory allocated for a string before its length is compared with the file's"""
    edit(
        "        if length > len(data) - at:",
        "        bytearray(length)\n        if length > len(data) - at:",
    )


@caught_by("test_a_length_is_refused_before_memory_is_allocated")
def array_allocated_first():
    """memory allocated for an array before its number of elements is compared with the file's"""
    with spelling():
        edit(
            "        if inner not in smallest or",
            "        elements = [None] * count\n        if inner not in smallest or",
        )
    with spelling():
        edit(
            "        if inner not in smallest or count * smallest[inner] > len(data) - at:",
            "        if inner not in smallest:",
        )
        edit(
            "        elements = []\n        for _ in range(count):\n",
            "        elements = [None] * count\n        for i in range(count):\n",
        )
        edit("            elements.append(element)", "            elements[i] = element")


@caught_by("test_a_length_is_refused_before_memory_is_allocated")
def sum_wraps_around():
    """place and length added in 64 bits, where the sum of a huge length wraps around"""
    edit("        if length > len(data) - at:", "        if (at + length) % 2**64 > len(data):")
    edit(
        'data[at : at + length].decode("utf-8"), at + length',
        'data[at : (at + length) % 2**64].decode("utf-8"), (at + length) % 2**64',
    )


@caught_by("test_a_memory_map_is_read_too")
def bytes_only():
    """an error for a memory map"""
    with spelling():
        edit(
            'data[at : at + length].decode("utf-8")',
            'bytes.decode(data[at : at + length] if isinstance(data, bytes) else data, "utf-8")',
        )
    with spelling():
        edit(
            "    if kind not in smallest:",
            "    if not isinstance(data, bytes):\n"
            "        raise TypeError(data)\n"
            "    if kind not in smallest:",
        )


@caught_by("test_an_entry_by_hand")
def sizes_in_the_files_order():
    """the shape in the order of the file, with the length of a row first"""
    edit("tuple(sizes[::-1])", "tuple(sizes)")


@caught_by("test_the_shape_is_in_pytorchs_order")
def only_two_sizes_exchanged():
    """only the first two, or the last two, sizes exchanged instead of all reversed"""
    with spelling():
        edit("tuple(sizes[::-1])", "tuple(sizes[1::-1] + sizes[2:])")
    with spelling():
        edit("tuple(sizes[::-1])", "tuple(sizes[:-2] + sizes[:-3:-1])")


@caught_by("test_an_entry_by_hand")
def sizes_of_32_bits():
    """the sizes of the dimensions read as uint32 instead of uint64"""
    edit(
        "        size, at = read_value(data, at, 10)", "        size, at = read_value(data, at, 4)"
    )


@caught_by("test_an_entry_by_hand")
def always_four_sizes():
    """four sizes read from every entry, as ggml has them in memory"""
    edit(
        "    for _ in range(dimensions):\n        size, at",
        "    for _ in range(4):\n        size, at",
    )


@caught_by("test_an_entry_by_hand")
def shape_is_a_list():
    """a list for the shape instead of a tuple"""
    edit("tuple(sizes[::-1])", "sizes[::-1]")


@caught_by("test_an_entry_by_hand")
def elements_for_bytes():
    """the number of a tensor's elements returned instead of its number of bytes"""
    edit("math.prod(sizes) // elements * size)", "math.prod(sizes))")


@caught_by("test_an_entry_by_hand")
def blocks_for_bytes():
    """the number of a tensor's blocks returned, or the bytes of a block for those of an element"""
    with spelling():
        edit("math.prod(sizes) // elements * size)", "math.prod(sizes) // elements)")
    with spelling():
        edit("math.prod(sizes) // elements * size)", "math.prod(sizes) * size)")


@caught_by("test_an_entry_by_hand")
def half_a_byte_for_each():
    """the scales forgotten: half a byte for each element of Q4_0 and Q4_1, and one for Q8_0"""
    with spelling():
        edit('2: ("Q4_0", 32, 18)', '2: ("Q4_0", 32, 16)')
        edit('3: ("Q4_1", 32, 20)', '3: ("Q4_1", 32, 16)')
        edit('8: ("Q8_0", 32, 34)', '8: ("Q8_0", 32, 32)')


@caught_by("test_the_number_of_bytes_follows_from_type_and_sizes")
def sizes_of_other_blocks():
    """the block sizes of types exchanged"""
    with spelling():
        edit('2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20)', '2: ("Q4_0", 32, 20), 3: ("Q4_1", 32, 18)')
    with spelling():
        edit('3: ("Q4_1", 32, 20)', '3: ("Q4_1", 32, 18)')
    with spelling():
        edit('8: ("Q8_0", 32, 34)', '8: ("Q8_0", 32, 36)')


@caught_by("test_the_number_of_bytes_follows_from_type_and_sizes")
def bytes_wrap_around():
    """the number of bytes computed in 64 bits, or as a float, which is wrong for huge sizes"""
    with spelling():
        edit("math.prod(sizes) // elements * size)", "math.prod(sizes) % 2**64 // elements * size)")
    with spelling():
        edit("math.prod(sizes) // elements * size)", "int(math.prod(sizes) / elements * size))")


@caught_by("test_an_entry_by_hand")
def number_of_the_type():
    """the number of a tensor's type returned instead of its name"""
    edit("tuple(sizes[::-1]), called,", "tuple(sizes[::-1]), kind,")


@caught_by("test_an_entry_by_hand")
def offset_before_type():
    """the offset read before the type"""
    edit(
        "    kind, at = read_value(data, at, 4)\n    offset, at = read_value(data, at, 10)\n",
        "    offset, at = read_value(data, at, 10)\n    kind, at = read_value(data, at, 4)\n",
    )


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def number_of_dimensions_trusted():
    """another number of dimensions than 1 to 4 accepted"""
    with spelling():
        edit("    if not 1 <= dimensions <= 4:", "    if dimensions > 4:")
        edit("    if sizes[0] % elements:", "    if sizes and sizes[0] % elements:")
    with spelling():
        edit("    if not 1 <= dimensions <= 4:", "    if dimensions < 1:")
    with spelling():
        edit("    if not 1 <= dimensions <= 4:", "    if dimensions > 4:")


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def rows_joined():
    """only the number of all elements looked at, so that blocks may reach into the next row"""
    edit("    if sizes[0] % elements:", "    if math.prod(sizes) % elements:")


@caught_by("test_an_entry_by_hand")
def last_size_taken_for_the_row():
    """the last size in the file taken for the length of a row"""
    edit("    if sizes[0] % elements:", "    if sizes[-1] % elements:")


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def broken_rows_accepted():
    """a row that is no whole number of blocks rounded up or down instead of refused"""
    with spelling():
        edit("    if sizes[0] % elements:", "    if False:")
    with spelling():
        edit("    if sizes[0] % elements:", "    if False:")
        edit("math.prod(sizes) // elements * size)", "-(-math.prod(sizes) // elements) * size)")


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def unknown_tensor_type_raises_key_error():
    """an unknown type of a tensor raises KeyError instead of ValueError"""
    edit(
        "    if kind not in types:\n"
        '        raise ValueError(f"{name} has the type {kind}, which is not '
        'in the table")\n',
        "",
    )


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def unknown_tensor_type_accepted():
    """an unknown type of a tensor taken for one of four or two bytes"""
    with spelling():
        edit("    if kind not in types:", "    if False:")
        edit("types[kind]", "types.get(kind, types[0])")
    with spelling():
        edit("    if kind not in types:", "    if False:")
        edit("types[kind]", "types.get(kind, types[1])")


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def message_without_the_name():
    """a message that does not name the tensor"""
    with spelling():
        edit('f"{name} has {dimensions} dimensions"', 'f"{dimensions} dimensions"')
    with spelling():
        edit('f"{name} has the type {kind}, which is not in the table"', 'f"unknown type {kind}"')
    with spelling():
        edit(
            'f"a row of {name} has {sizes[0]} elements, which are no whole {called}"',
            'f"{sizes[0]} % {elements}"',
        )


@caught_by("test_a_bad_place_is_refused_with_the_tensors_name")
def message_without_the_name_of_the_data():
    """a message about a tensor's offset or data that does not name the tensor"""
    with spelling():
        edit(
            'f"{name} has the offset {offset}, no multiple of {alignment}"',
            'f"the offset {offset}"',
        )
    with spelling():
        edit(
            'f"the data of {name} end at {start + offset + size}, after the file"',
            '"data after the end"',
        )


@caught_by("test_a_file_by_hand")
def padding_ignored():
    """the data taken to begin directly after the tensor table"""
    edit("    start = at + -at % alignment", "    start = at")


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def padding_always_there():
    """32 bytes of padding where the table ends at a multiple of the alignment already"""
    edit("    start = at + -at % alignment", "    start = at + alignment - at % alignment")


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def always_32():
    """an alignment of 32, whatever the metadata say, or looked for under another key"""
    with spelling():
        edit('alignment = metadata.get("general.alignment", 32)', "alignment = 32")
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata.get("alignment", 32)')


@caught_by("test_a_file_by_hand")
def other_default():
    """another alignment than 32 for a file that does not say it"""
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata.get("general.alignment", 8)')
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata.get("general.alignment", 64)')
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata["general.alignment"]')


@caught_by("test_a_file_by_hand")
def offsets_from_the_beginning():
    """offsets counted from the beginning of the file instead of the data part"""
    with spelling():
        edit(
            "        tensors[name] = (shape, called, start + offset, size)",
            "        tensors[name] = (shape, called, offset, size)",
        )
    with spelling():
        edit("    start = at + -at % alignment", "    start = 0")


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def offsets_ignored():
    """tensors taken to follow one another in the order of the table, without their offsets"""
    with spelling():
        edit(
            "        tensors[name] = (shape, called, start + offset, size)",
            "        tensors[name] = (shape, called, start, size)\n        start += size",
        )
    with spelling():
        edit(
            "        tensors[name] = (shape, called, start + offset, size)",
            "        tensors[name] = (shape, called, start, size)\n"
            "        start += size + -size % alignment",
        )


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def offset_aligned_after_the_sum():
    """the sum of the table's end and the offset rounded up, instead of the table's end alone"""
    edit("    start = at + -at % alignment", "    start = at")
    edit(
        "        tensors[name] = (shape, called, start + offset, size)",
        "        tensors[name] = (shape, called, start + offset + -(start + offset) % 32, size)",
    )


@caught_by("test_other_files_are_refused")
def first_bytes_not_looked_at():
    """a file with other first bytes than GGUF accepted"""
    edit('    if data[:4] != b"GGUF":', "    if False:")


@caught_by("test_other_files_are_refused")
def version_not_looked_at():
    """another version than 3 accepted"""
    with spelling():
        edit("    if version != 3:", "    if False:")
    with spelling():
        edit("    if version != 3:", "    if version not in (2, 3):")
    with spelling():
        edit("    if version != 3:", "    if version < 3:")
    with spelling():
        edit("    if version != 3:", "    if version > 3:")


@caught_by("test_all_metadata_are_returned")
def counts_exchanged():
    """the number of pairs read before the number of tensors"""
    edit(
        "    count, at = read_value(data, at, 10)\n    pairs, at = read_value(data, at, 10)\n",
        "    pairs, at = read_value(data, at, 10)\n    count, at = read_value(data, at, 10)\n",
    )


@caught_by("test_a_file_by_hand")
def counts_of_32_bits():
    """the numbers of tensors and pairs read as uint32 instead of uint64"""
    edit(
        "    count, at = read_value(data, at, 10)\n    pairs, at = read_value(data, at, 10)\n",
        "    count, at = read_value(data, at, 4)\n    pairs, at = read_value(data, at, 4)\n",
    )


@caught_by("test_a_bad_place_is_refused_with_the_tensors_name")
def end_of_the_data_not_compared():
    """data accepted that end after the file, as where only the last tensor's end is compared"""
    with spelling():
        edit("start + offset + size > len(data):", "False:")
    with spelling():
        edit("start + offset + size > len(data):", "start + offset > len(data):")
    with spelling():
        edit("start + offset + size > len(data):", "offset + size > len(data):")
    with spelling():
        edit(
            "start + offset + size > len(data):",
            "name == entries[-1][0] and start + offset + size > len(data):",
        )


@caught_by("test_a_file_by_hand")
def data_up_to_the_end_refused():
    """data refused that end with the last byte of the file"""
    edit("start + offset + size > len(data):", "start + offset + size >= len(data):")


@caught_by("test_each_tensor_has_its_place")
def other_bytes_after_the_last_refused():
    """bytes after the last tensor refused"""
    edit(
        "    return metadata, tensors",
        "    ends = [one[2] + one[3] for one in tensors.values()]\n"
        "    if ends and max(ends) != len(data):\n"
        "        raise ValueError('bytes after the last')\n"
        "    return metadata, tensors",
    )


@caught_by("test_each_tensor_has_its_place")
def gaps_refused():
    """data refused that do not follow one another in the order of the table"""
    edit(
        "        tensors[name] =",
        "        if tensors and start + offset < max(one[2] + one[3] for one "
        "in tensors.values()):\n"
        "            raise ValueError(name)\n"
        "        tensors[name] =",
    )


@caught_by("test_a_name_that_is_there_twice_raises_value_error")
def key_twice_accepted():
    """a key that is there twice accepted, and the last value, or the first, kept"""
    with spelling():
        edit("        if key in metadata:", "        if False:")


@caught_by("test_a_name_that_is_there_twice_raises_value_error")
def tensor_twice_accepted():
    """a tensor's name that is there twice accepted"""
    edit("        if name in tensors:", "        if False:")


@caught_by("test_a_name_that_is_there_twice_raises_value_error")
def twice_raises_key_error():
    """a name that is there twice raises KeyError, as in the gguf library"""
    edit(
        '            raise ValueError(f"the key {key} is there twice")',
        "            raise KeyError(key)",
    )


@caught_by("test_the_alignment_is_a_power_of_two")
def any_alignment_accepted():
    """an alignment that is not a power of two accepted"""
    with spelling():
        edit("    if alignment < 1 or alignment & (alignment - 1):", "    if alignment < 1:")
    with spelling():
        edit(
            "    if alignment < 1 or alignment & (alignment - 1):",
            "    if alignment < 1 or alignment % 8:",
        )
    with spelling():
        edit("    if alignment < 1 or alignment & (alignment - 1):", "    if alignment % 2:")


@caught_by("test_the_alignment_is_a_power_of_two")
def alignment_of_0_accepted():
    """an alignment of 0 accepted, or a division by it"""
    with spelling():
        edit(
            "    if alignment < 1 or alignment & (alignment - 1):",
            "    if alignment & (alignment - 1):",
        )
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata.get("general.alignment") or 32')
    with spelling():
        edit(
            "    if alignment < 1 or alignment & (alignment - 1):",
            "    if alignment & (alignment - 1):",
        )
        edit("    entries = []\n", "    entries, alignment = [], alignment or 1\n")


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def small_alignments_refused():
    """an alignment below 8 refused, as the text of the specification asks"""
    edit("    if alignment < 1 or", "    if alignment < 8 or")


@caught_by("test_a_bad_place_is_refused_with_the_tensors_name")
def offset_not_compared():
    """an offset accepted that the alignment does not divide"""
    edit("        if offset % alignment:", "        if False:")


@caught_by("test_a_file_larger_than_memory_is_read")
def whole_file_read():
    """the whole file read into memory"""
    with spelling():
        edit(
            "        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)",
            "        data = file.read()",
        )
    with spelling():
        edit(
            "mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)",
            "mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:]",
        )


@caught_by("test_a_file_larger_than_memory_is_read")
def number_of_elements_not_compared():
    """an array's elements read up to the end of the file, however many are said to be there"""
    edit(
        "        if inner not in smallest or count * smallest[inner] > len(data) - at:",
        "        if inner not in smallest:",
    )


@caught_by("test_a_file_larger_than_memory_is_read")
def only_the_first_megabytes_read():
    """the lengths compared with the part of the file that was read, not with the file"""

    def read_header(path):
        with Path(path).open("rb") as file:
            data = file.read(1 << 24)
        if data[:4] != b"GGUF":
            raise ValueError("no GGUF")
        version, at = read_value(data, 4, 4)  # noqa: F821
        if version != 3:
            raise ValueError("version")
        count, at = read_value(data, at, 10)  # noqa: F821
        pairs, at = read_value(data, at, 10)  # noqa: F821
        metadata = {}
        for _ in range(pairs):
            key, at = read_value(data, at, 8)  # noqa: F821
            if key in metadata:
                raise ValueError("twice")
            kind, at = read_value(data, at, 4)  # noqa: F821
            metadata[key], at = read_value(data, at, kind)  # noqa: F821
        alignment = metadata.get("general.alignment", 32)
        if alignment < 1 or alignment & (alignment - 1):
            raise ValueError("alignment")
        entries = []
        for _ in range(count):
            entry, at = read_entry(data, at)  # noqa: F821
            entries.append(entry)
        start, tensors = at + -at % alignment, {}
        for name, shape, called, offset, size in entries:
            if name in tensors:
                raise ValueError("twice")
            if offset % alignment or start + offset + size > len(data):
                raise ValueError(name)
            tensors[name] = (shape, called, start + offset, size)
        return metadata, tensors


@caught_by("test_a_bool_is_a_byte_of_0_or_1")
def bools_of_arrays_not_looked_at():
    """a byte other than 0 and 1 accepted as a bool in an array"""
    edit(
        "            element, at = read_value(data, at, inner)",
        "            if inner == 7:\n"
        "                elements.append(data[at] != 0)\n"
        "                at += 1\n"
        "                continue\n"
        "            element, at = read_value(data, at, inner)",
    )


@caught_by("test_an_unknown_type_raises_value_error")
def type_of_an_empty_array_not_looked_at():
    """an unknown type accepted for the elements of an empty array"""
    edit(
        "        if inner not in smallest or count * smallest[inner] > len(data) - at:",
        "        if count and (inner not in smallest or count * smallest[inner] > len(data) - at):",
    )


@caught_by("test_all_metadata_are_returned")
def alignment_taken_out():
    """the alignment taken out of the metadata"""
    edit('metadata.get("general.alignment", 32)', 'metadata.pop("general.alignment", 32)')


@caught_by("test_other_files_are_refused")
def first_bytes_in_other_letters():
    """first bytes in small letters, or in another order, accepted"""
    with spelling():
        edit('    if data[:4] != b"GGUF":', '    if data[:4].upper() != b"GGUF":')
    with spelling():
        edit('    if data[:4] != b"GGUF":', '    if sorted(data[:4]) != sorted(b"GGUF"):')


@caught_by("test_the_shape_is_in_pytorchs_order")
def offset_of_32_bits():
    """the offset read as a uint32 instead of a uint64"""
    edit("    offset, at = read_value(data, at, 10)", "    offset, at = read_value(data, at, 4)")


@caught_by("test_an_entry_by_hand")
def types_exchanged():
    """the numbers of Q4_0 and Q4_1 exchanged"""
    edit('2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20)', '3: ("Q4_0", 32, 18), 2: ("Q4_1", 32, 20)')


@caught_by("test_the_number_of_bytes_follows_from_type_and_sizes")
def floats_exchanged():
    """the numbers of F32 and F16 exchanged"""
    edit('0: ("F32", 1, 4), 1: ("F16", 1, 2), 2', '1: ("F32", 1, 4), 0: ("F16", 1, 2), 2')


@caught_by("test_a_bad_place_is_refused_with_the_tensors_name")
def asserts():
    """an assert, which raises AssertionError, in place of ValueError"""
    edit(
        "        if offset % alignment:",
        "        assert offset % alignment == 0\n        if offset % alignment:",
    )
