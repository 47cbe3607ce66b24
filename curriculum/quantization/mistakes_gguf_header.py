"""Wrong versions of read_value, read_entry and read_header."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_string_by_hand")
def high_byte_first():
    """numbers read with the high byte first (big-endian)"""
    edit("forms[kind], data, at)", 'forms[kind].replace("<", ">"), data, at)')


@caught_by("test_a_string_by_hand")
def length_of_32_bits():
    """lengths of strings and arrays read as uint32, as in version 1, instead of uint64"""
    edit("length, at = read_value(data, at, 10)", "length, at = read_value(data, at, 4)")
    edit(
        "        count, at = read_value(data, at, 10)\n",
        "        count, at = read_value(data, at, 4)\n",
    )


@caught_by("test_a_string_by_hand")
def bytes_instead_of_the_end():
    """the number of bytes of a string returned instead of the position after it"""
    edit('.decode("utf-8"), at + length', '.decode("utf-8"), 8 + length')


@caught_by("test_each_type_of_number_is_read")
def sign_lost():
    """signed numbers read as unsigned ones"""
    with spelling():
        edit('1: "<b"', '1: "<B"')
        edit('3: "<h"', '3: "<H"')
        edit('5: "<i"', '5: "<I"')
        edit('11: "<q"', '11: "<Q"')
    with spelling():
        edit('11: "<q"', '11: "<Q"')


@caught_by("test_arrays_hold_values_of_every_type")
def values_padded():
    """the type and the number of an array's elements read with struct's padding, without its <"""
    edit(
        "        inner, at = read_value(data, at, 4)\n        count, at = read_value(data, at, 10)",
        "        if len(data) - at < 16:\n"
        '            raise ValueError("cut off")\n'
        '        inner, count = struct.unpack_from("IQ", data, at)\n'
        "        at += 16",
    )


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


@caught_by("test_a_string_is_utf_8")
def string_of_letters():
    """a string's length taken for a number of characters, or its bytes for Latin-1"""
    with spelling():
        edit('.decode("utf-8")', '.decode("latin-1")')
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
    """bytes that are not valid UTF-8 replaced instead of refused"""
    edit('.decode("utf-8")', '.decode("utf-8", "replace")')


@caught_by("test_a_string_by_hand")
def bytes_returned():
    """the bytes of a string, not decoded"""
    edit('data[at : at + length].decode("utf-8")', "bytes(data[at : at + length])")


@caught_by("test_a_string_is_utf_8")
def string_stripped():
    """zero bytes at the end of a string stripped off"""
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
def arrays_skipped():
    """None for an array, whose elements are skipped"""
    edit("        return elements, at", "        return None, at")


@caught_by("test_arrays_hold_values_of_every_type")
def array_of_pairs():
    """pairs of value and position in a list, because read_value returns both"""
    edit("            elements.append(element)", "            elements.append((element, at))")


@caught_by("test_arrays_hold_values_of_every_type")
def tuple_for_a_list():
    """a tuple for an array of numbers instead of a list, as struct.unpack returns it"""
    edit("return elements, at", "return tuple(elements) if inner in forms else elements, at")


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


@caught_by("test_a_string_by_hand")
def last_byte_refused():
    """a string refused that ends with the last byte of the file"""
    edit("        if length > len(data) - at:", "        if length >= len(data) - at:")


@caught_by("test_an_unknown_type_raises_value_error")
def unknown_type_raises_key_error():
    """an unknown type raises KeyError instead of ValueError"""
    edit(
        "    if kind not in smallest:\n"
        '        raise ValueError(f"{kind}, at byte {at}, is not the number of '
        'a type")\n',
        "",
    )


@caught_by("test_a_length_is_refused_before_memory_is_allocated")
def array_allocated_first():
    """memory allocated for an array before its number of elements is compared with the file's"""
    edit(
        "        if inner not in smallest or count * smallest[inner] > len(data) - at:",
        "        if inner not in smallest:",
    )
    edit(
        "        elements = []\n        for _ in range(count):\n",
        "        elements = [None] * count\n        for i in range(count):\n",
    )
    edit("            elements.append(element)", "            elements[i] = element")


@caught_by("test_an_entry_by_hand")
def sizes_in_the_files_order():
    """the shape in the order of the file, with the length of a row first"""
    edit("tuple(sizes[::-1])", "tuple(sizes)")


@caught_by("test_an_entry_by_hand")
def shape_is_a_list():
    """a list for the shape instead of a tuple"""
    edit("tuple(sizes[::-1])", "sizes[::-1]")


@caught_by("test_an_entry_by_hand")
def elements_for_bytes():
    """the number of a tensor's elements returned instead of its number of bytes"""
    edit("math.prod(sizes) // elements * size)", "math.prod(sizes))")


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


@caught_by("test_a_bad_entry_is_refused_with_its_name")
def number_of_dimensions_trusted():
    """another number of dimensions than 1 to 4 accepted"""
    with spelling():
        edit("    if not 1 <= dimensions <= 4:", "    if dimensions > 4:")
        edit("    if sizes[0] % elements:", "    if sizes and sizes[0] % elements:")
    with spelling():
        edit("    if not 1 <= dimensions <= 4:", "    if dimensions < 1:")


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
        edit(
            "math.prod(sizes) // elements * size)",
            "-(-sizes[0] // elements) * math.prod(sizes[1:]) * size)",
        )


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
def message_without_the_name():
    """a message about an unknown type that does not name the tensor"""
    edit('f"{name} has the type {kind}, which is not in the table"', 'f"unknown type {kind}"')


@caught_by("test_a_bad_position_is_refused_with_the_tensors_name")
def message_without_the_name_of_the_data():
    """a message about data beyond the end of the file that does not name the tensor"""
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
    """an alignment of 32, whatever the metadata say"""
    with spelling():
        edit('alignment = metadata.get("general.alignment", 32)', "alignment = 32")
    with spelling():
        edit("    start = at + -at % alignment", "    start = at + -at % 32")


@caught_by("test_a_file_by_hand")
def alignment_without_a_default():
    """a file refused whose metadata have no alignment"""
    edit('metadata.get("general.alignment", 32)', 'metadata["general.alignment"]')


@caught_by("test_a_file_by_hand")
def offsets_from_the_beginning():
    """offsets counted from the beginning of the file instead of the data part"""
    edit(
        "        tensors[name] = (shape, called, start + offset, size)",
        "        tensors[name] = (shape, called, offset, size)",
    )


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def offsets_ignored():
    """tensors taken to follow one another in the order of the table, without their offsets"""
    edit(
        "        tensors[name] = (shape, called, start + offset, size)",
        "        tensors[name] = (shape, called, start, size)\n"
        "        start += size + -size % alignment",
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


@caught_by("test_all_metadata_are_returned")
def counts_exchanged():
    """the number of pairs read before the number of tensors"""
    edit(
        "    count, at = read_value(data, at, 10)\n    pairs, at = read_value(data, at, 10)\n",
        "    pairs, at = read_value(data, at, 10)\n    count, at = read_value(data, at, 10)\n",
    )


@caught_by("test_a_file_that_is_cut_off_raises_value_error")
def end_of_the_data_not_compared():
    """data accepted that end after the file"""
    with spelling():
        edit("start + offset + size > len(data):", "False:")
    with spelling():
        edit("start + offset + size > len(data):", "start + offset > len(data):")
    with spelling():
        edit("start + offset + size > len(data):", "offset + size > len(data):")


@caught_by("test_a_file_by_hand")
def data_up_to_the_end_refused():
    """data refused that end with the last byte of the file"""
    edit("start + offset + size > len(data):", "start + offset + size >= len(data):")


@caught_by("test_each_tensor_has_its_position")
def other_bytes_after_the_last_refused():
    """bytes after the last tensor refused"""
    edit(
        "    return metadata, tensors",
        "    ends = [one[2] + one[3] for one in tensors.values()]\n"
        "    if ends and max(ends) != len(data):\n"
        "        raise ValueError('bytes after the last')\n"
        "    return metadata, tensors",
    )


@caught_by("test_the_data_begin_at_a_multiple_of_the_alignment")
def gaps_refused():
    """data refused that do not follow one another in the order of the table, as in gguf.cpp"""
    edit("    for name, shape, called", "    due = 0\n    for name, shape, called")
    edit(
        "        tensors[name] =",
        "        if offset != due:\n"
        "            raise ValueError(name)\n"
        "        due += size + -size % alignment\n"
        "        tensors[name] =",
    )


@caught_by("test_a_name_that_is_there_twice_raises_value_error")
def key_twice_accepted():
    """a key that is there twice accepted, and the last value kept"""
    edit("        if key in metadata:", "        if False:")


@caught_by("test_a_name_that_is_there_twice_raises_value_error")
def tensor_twice_accepted():
    """a tensor's name that is there twice accepted"""
    edit("        if name in tensors:", "        if False:")


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


@caught_by("test_the_alignment_is_a_power_of_two")
def alignment_of_0_accepted():
    """an alignment of 0 not refused, but taken for 32, or divided by"""
    with spelling():
        edit(
            "    if alignment < 1 or alignment & (alignment - 1):",
            "    if alignment & (alignment - 1):",
        )
    with spelling():
        edit('metadata.get("general.alignment", 32)', 'metadata.get("general.alignment") or 32')


@caught_by("test_a_bad_position_is_refused_with_the_tensors_name")
def offset_not_compared():
    """an offset accepted that the alignment does not divide"""
    edit("        if offset % alignment:", "        if False:")


@caught_by("test_a_file_larger_than_memory_is_read")
def whole_file_read():
    """the whole file read into memory, or copied from its memory map"""
    with spelling():
        edit("mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)", "file.read()")
    with spelling():
        edit("access=mmap.ACCESS_READ)", "access=mmap.ACCESS_READ)[:]")


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
    edit("mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)", "file.read(1 << 24)")


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


@caught_by("test_the_shape_is_in_pytorchs_order")
def offset_of_32_bits():
    """the offset read as a uint32 instead of a uint64"""
    edit("    offset, at = read_value(data, at, 10)", "    offset, at = read_value(data, at, 4)")


@caught_by("test_an_entry_by_hand")
def types_exchanged():
    """the numbers of Q4_0 and Q4_1 exchanged"""
    edit('2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20)', '3: ("Q4_0", 32, 18), 2: ("Q4_1", 32, 20)')


@caught_by("test_a_bad_position_is_refused_with_the_tensors_name")
def asserts():
    """an assert, which raises AssertionError, in place of ValueError"""
    edit(
        "        if offset % alignment:",
        "        assert offset % alignment == 0\n        if offset % alignment:",
    )


@caught_by("test_all_metadata_are_returned")
def padding_without_tensors():
    """a file without tensors refused that ends directly after the table"""
    edit(
        "    start = at + -at % alignment",
        "    start = at + -at % alignment\n"
        "    if start > len(data):\n"
        '        raise ValueError("no padding")',
    )
