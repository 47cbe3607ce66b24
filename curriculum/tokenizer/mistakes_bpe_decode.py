"""Mistakes in decoding tokens."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_character_may_be_spelled_by_several_tokens")
def each_token_by_itself():
    """each token decoded by itself, so that a character of two tokens is lost"""
    edit(
        'b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")',
        '"".join(pieces[i].decode("utf-8", errors="replace") for i in ids)',
    )


@caught_by("test_broken_characters_become_replacement_characters")
def broken_raises():
    """strict decoding, which raises an error for invalid UTF-8"""
    edit(', errors="replace"', "")


@caught_by("test_broken_characters_become_replacement_characters")
def broken_left_out():
    """invalid bytes left out (errors="ignore"), not replaced by U+FFFD"""
    edit('"utf-8", errors="replace"', '"utf-8", errors="ignore"')


@caught_by("test_broken_characters_become_replacement_characters")
def unfinished_end_left_out():
    """an unfinished character at the end left out, not replaced by U+FFFD"""
    with spelling():
        edit(
            'return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")',
            "import codecs\n\n"
            '    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")\n'
            '    return "".join(decoder.decode(pieces[i]) for i in ids)',
        )
    with spelling():
        edit(
            'ids).decode("utf-8", errors="replace")',
            'ids).decode(errors="replace").rstrip("\\ufffd")',
        )


@caught_by("test_broken_characters_become_replacement_characters")
def one_mark_for_each_byte():
    """one U+FFFD for each invalid byte, although a character that is cut off becomes only one"""
    edit(
        'return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")',
        'text = b"".join(pieces[i] for i in ids).decode("utf-8", errors="surrogateescape")\n'
        '    return "".join("\\ufffd" if "\\udc80" <= c <= "\\udcff" else c for c in text)',
    )


@caught_by("test_broken_characters_become_replacement_characters")
def all_or_nothing():
    """one U+FFFD for the whole text if any of it is invalid, so that the valid part is lost"""
    edit(
        'return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")',
        'try:\n        return b"".join(pieces[i] for i in ids).decode("utf-8")\n'
        '    except UnicodeDecodeError:\n        return "\\ufffd"',
    )


@caught_by("test_every_character_is_decoded_and_none_is_changed")
def byte_order_mark_dropped():
    """U+FEFF at the beginning of the text dropped (the codec utf-8-sig)"""
    edit('"utf-8", errors="replace"', '"utf-8-sig", errors="replace"')


@caught_by("test_single_bytes_need_no_merges")
def code_points():
    """ids from 128 to 255 as code points, not as bytes, so that é is decoded to two characters"""
    edit("bytes([byte])", 'chr(byte).encode("utf-8")')


@caught_by("test_single_bytes_need_no_merges")
def one_character_a_byte():
    """one character for each byte (Latin-1), so that é is decoded to two"""
    edit('"utf-8", errors="replace"', '"latin-1"')


@caught_by("test_the_result_is_a_text")
def bytes_not_text():
    """the joined bytes, not decoded to a str"""
    edit('.decode("utf-8", errors="replace")', "")


@caught_by("test_ids_worked_by_hand")
def merges_numbered_from_257():
    """ids of merges that begin at 257, an off-by-one error"""
    edit("enumerate(merges)", "enumerate(merges, start=1)")


@caught_by("test_ids_worked_by_hand")
def merges_numbered_from_255():
    """ids of merges that begin at 255, an off-by-one error"""
    edit("{256 + i:", "{255 + i:")


@caught_by("test_ids_worked_by_hand")
def last_merge_refused():
    """the id of the last merge refused, an off-by-one error"""
    edit("enumerate(merges)", "enumerate(merges[:-1])")


@caught_by("test_ids_worked_by_hand")
def left_part_only():
    """only the left part of a merge, a and not a + b"""
    edit("a + b for", "a for")


@caught_by("test_ids_worked_by_hand")
def halves_swapped():
    """merges joined in the wrong order, b + a"""
    edit("a + b for", "b + a for")


@caught_by("test_ids_worked_by_hand")
def spaces_between():
    """tokens joined with spaces between them"""
    edit('b"".join', 'b" ".join')


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_skipped():
    """special tokens left out of the text"""
    edit('text.encode("utf-8") for', 'b"" for')


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_unknown():
    """special tokens refused: the argument special is not used"""
    edit("(special or {}).items()", "{}.items()")


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_renumbered():
    """special tokens numbered one after the other after the merges, not by their own ids"""
    with spelling():
        edit(
            "for text, i in (special or {}).items()",
            "for i, text in enumerate(special or {}, len(pieces))",
        )
    with spelling():
        edit(
            "for text, i in (special or {}).items()",
            "for i, text in enumerate(sorted(special or {}, key=(special or {}).get), len(pieces))",
        )


@caught_by("test_the_result_is_a_text")
def none_breaks():
    """an error without special tokens: special is None, and None has no items"""
    edit("(special or {})", "special")


@caught_by("test_special_tokens_have_their_own_text")
def ends_at_special():
    """decoding that ends after the first special token"""
    edit(
        "for i in ids:\n",
        "found = [n for n, i in enumerate(ids, 1) if i in (special or {}).values()]\n"
        "    ids = ids[: found[0]] if found else ids\n    for i in ids:\n",
    )


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_in_ascii():
    """special tokens encoded in ASCII or Latin-1, not in UTF-8"""
    with spelling():
        edit('text.encode("utf-8")', 'text.encode("ascii", "replace")')
    with spelling():
        edit('text.encode("utf-8")', 'text.encode("latin-1", "replace")')


@caught_by("test_a_special_token_repairs_no_broken_character")
def special_tokens_last():
    """special tokens moved to the end of the text"""
    edit('text.encode("utf-8") for', 'b"" for')
    edit(
        'ids).decode("utf-8", errors="replace")',
        'ids).decode("utf-8", errors="replace") + "".join(\n'
        "        text for i in ids for text, n in (special or {}).items() if n == i\n    )",
    )


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def key_error():
    """KeyError or IndexError for an unknown id, not ValueError"""
    with spelling():
        edit("if i not in pieces:", "if False:")
    with spelling():
        edit(
            "if i not in pieces:",
            "if i > max(pieces):\n            [][i]\n        if i not in pieces:",
        )


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def unknown_replaced():
    """U+FFFD for an unknown id, without an error"""
    edit("if i not in pieces:", "if False:")
    edit("pieces[i] for i in ids", 'pieces.get(i, b"\\xff") for i in ids')


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def unknown_left_out():
    """unknown ids left out, without an error"""
    edit("if i not in pieces:", "if False:")
    edit("pieces[i] for i in ids", 'pieces.get(i, b"") for i in ids')


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def negative_ids_count_back():
    """negative ids that index the list from its end"""
    with spelling():
        edit("if i not in pieces:", "if i >= 0 and i not in pieces:")
        edit(
            "pieces[i] for i in ids", "pieces[i if i >= 0 else 256 + len(merges) + i] for i in ids"
        )
    with spelling():
        edit("if i not in pieces:", "if i >= 0 and i not in pieces:")
        edit("pieces[i] for i in ids", "pieces[i if i >= 0 else max(pieces) + 1 + i] for i in ids")


@caught_by("test_random_bytes_follow_python")
def one_mark_for_all():
    """one U+FFFD for a whole run of invalid bytes"""
    edit('return b"".join', 'text = b"".join')
    edit(
        'ids).decode("utf-8", errors="replace")',
        'ids).decode("utf-8", errors="replace")\n    while "\\ufffd\\ufffd" in text:\n'
        '        text = text.replace("\\ufffd\\ufffd", "\\ufffd")\n    return text',
    )


@caught_by("test_every_text_comes_back")
def white_space_stripped():
    """white space stripped from the ends of the text"""
    edit('ids).decode("utf-8", errors="replace")', 'ids).decode("utf-8", errors="replace").strip()')


@caught_by("test_the_arguments_stay_as_they_were")
def ids_used_up():
    """decoding that empties the caller's list of ids"""
    edit("if i not", "i = ids.pop(0)\n        if i not")
    edit("for i in ids:", 'joined = b""\n    while ids:')
    edit(
        '    return b"".join(pieces[i] for i in ids)',
        "        joined += pieces[i]\n    return joined",
    )


@caught_by("test_the_arguments_stay_as_they_were")
def merges_extended():
    """decoding that adds the special tokens to the caller's list of merges"""
    edit(
        "for i in ids:",
        'merges += [(text.encode("utf-8"), b"") for text in special or {}]\n    for i in ids:',
    )
