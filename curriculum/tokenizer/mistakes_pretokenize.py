"""Mistakes in GPT-2's pre-tokenization."""

import re

import regex

from grader.checks import caught_by, edit, spelling


@caught_by("test_white_space_at_the_end_is_one_piece")
def spaces_thrown_away():
    """words split at white space, which is lost"""
    with spelling():
        edit('regex.findall("|".join(kinds), text)', "text.split()")
    with spelling():
        edit(
            'regex.findall("|".join(kinds), text)',
            '[p for word in text.split() for p in regex.findall("|".join(kinds), word)]',
        )
    with spelling():
        edit('r"\\s+(?!\\S)",', "")
        edit('r"\\s+",', "")
    with spelling():
        edit('r" ?\\p{L}+",', 'r"\\p{L}+",')
        edit('r" ?\\p{N}+",', 'r"\\p{N}+",')
        edit('r" ?[^', 'r"[^')
        edit('r"\\s+(?!\\S)",', "")
        edit('r"\\s+",', "")


@caught_by("test_only_a_plain_space_goes_with_a_word")
def sixth_rule_missing():
    """the last rule missing, so that a line end before a word is lost"""
    with spelling():
        edit('r"\\s+",', "")


@caught_by("test_the_pieces_are_a_list_of_strings")
def empty_text_one_piece():
    """one empty piece for an empty text, not an empty list"""
    edit('regex.findall("|".join(kinds), text)', 'regex.findall("|".join(kinds), text) or [text]')


@caught_by("test_the_pieces_are_a_list_of_strings")
def groups_found():
    """a group in the pattern, of which findall returns the groups, not the pieces"""
    with spelling():
        edit('"|".join(kinds)', '"|".join(f"({kind})" for kind in kinds)')


@caught_by("test_the_pieces_are_a_list_of_strings")
def tuple_of_pieces():
    """a tuple of pieces, not a list"""
    edit('regex.findall("|".join(kinds), text)', 'tuple(regex.findall("|".join(kinds), text))')


@caught_by("test_the_pieces_are_a_list_of_strings")
def bytes_of_pieces():
    """pieces as bytes, not as str"""
    edit(
        'regex.findall("|".join(kinds), text)',
        '[piece.encode("utf-8") for piece in regex.findall("|".join(kinds), text)]',
    )


@caught_by("test_the_pieces_are_a_list_of_strings")
def empty_pieces():
    """a pattern with * instead of +, which also matches empty pieces"""
    edit('r"\\s+",', 'r"\\s*",')


@caught_by("test_a_sentence_worked_by_hand")
def spaces_after_words():
    """words with the space after them, not with the one before"""
    with spelling():
        edit('r" ?\\p{L}+",', 'r"\\p{L}+ ?",')
        edit('r" ?\\p{N}+",', 'r"\\p{N}+ ?",')
        edit('r" ?[^\\s\\p{L}\\p{N}]+",', 'r"[^\\s\\p{L}\\p{N}]+ ?",')
    with spelling():
        edit('r" ?\\p{L}+",', 'r"\\p{L}+ ?",')
        edit('r" ?\\p{N}+",', 'r"\\p{N}+ ?",')
        edit('r" ?[^\\s\\p{L}\\p{N}]+",', 'r"[^\\s\\p{L}\\p{N}]+ ?",')
        edit('r"\\s+(?!\\S)",', "")


@caught_by("test_a_sentence_worked_by_hand")
def spaces_alone():
    """spaces as pieces of their own, not joined to the word after them"""

    def pretokenize(text):
        return regex.findall(r"'(?:[sdmt]|ll|ve|re)|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+|\s+", text)


@caught_by("test_a_sentence_worked_by_hand")
def no_space_before_numbers():
    """numbers without the space before them, which is a piece of its own"""
    edit('r" ?\\p{N}+",', 'r"\\p{N}+",')


@caught_by("test_a_sentence_worked_by_hand")
def no_space_before_others():
    """punctuation without the space before it, which is a piece of its own"""
    edit('r" ?[^', 'r"[^')


@caught_by("test_a_sentence_worked_by_hand")
def space_before_words_only():
    """only words with the space before them, not numbers and punctuation"""
    edit('r" ?\\p{N}+",', 'r"\\p{N}+",')
    edit('r" ?[^', 'r"[^')


@caught_by("test_a_sentence_worked_by_hand")
def no_space_before_words():
    """words without the space before them, although numbers and punctuation have theirs"""
    edit('r" ?\\p{L}+",', 'r"\\p{L}+",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def any_sign_before_a_word():
    """words with any one character before them, as in GPT-4's pattern, not only a space"""
    with spelling():
        edit('r" ?\\p{L}+",', 'r"[^\\r\\n\\p{L}\\p{N}]?\\p{L}+",')
    with spelling():
        edit('r" ?\\p{L}+",', 'r"[^\\s\\p{L}\\p{N}]?\\p{L}+",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def word_characters():
    r"""letters, numbers and the underscore in one piece (\w+)"""

    def pretokenize(text):
        return regex.findall(r"'(?:[sdmt]|ll|ve|re)| ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+", text)


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def underscore_with_letters():
    """the underscore as a letter"""
    with spelling():
        edit('?\\p{L}+",', '?[\\p{L}_]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{L}\\p{N}_")
    with spelling():
        edit('?\\p{L}+",', '?[\\p{L}_]+",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def letters_with_digits():
    """letters and numbers in one piece"""
    with spelling():
        edit('?\\p{L}+",', '?[\\p{L}\\p{N}]+",')
    with spelling():
        edit('?\\p{L}+",', '?\\p{L}[\\p{L}\\p{N}]*",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def hyphens_in_words():
    """words with hyphens in them as one piece"""
    edit('r" ?\\p{L}+",', 'r" ?\\p{L}+(?:-\\p{L}+)*",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def decimal_points_in_numbers():
    """numbers with a decimal point in them as one piece"""
    with spelling():
        edit('r" ?\\p{N}+",', 'r" ?\\p{N}+(?:[.]\\p{N}+)*",')
    with spelling():
        edit('r" ?\\p{N}+",', 'r" ?\\p{N}+(?:[.,]\\p{N}+)*",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def capitals_begin():
    """words cut before a capital letter"""
    edit('r" ?\\p{L}+",', 'r" ?\\p{Lu}?[^\\P{L}\\p{Lu}]+", r" ?\\p{L}",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def digits_one_by_one():
    """each digit a piece of its own"""
    with spelling():
        edit('r" ?\\p{N}+",', 'r" ?\\p{N}",')
    with spelling():
        edit('r" ?\\p{N}+",', 'r"\\p{N}",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def three_digits_at_most():
    """numbers of at most three digits, as in GPT-4's pattern"""
    edit('r" ?\\p{N}+",', 'r" ?\\p{N}{1,3}",')


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def signs_one_by_one():
    """each punctuation character a piece of its own, instead of one piece for a run"""
    edit('\\p{N}]+",', '\\p{N}]",')


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_unknown():
    """contractions cut after the apostrophe: the rule for them is missing, or comes too late"""
    edit('r"\'(?:[sdmt]|ll|ve|re)",', "")


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def some_contractions_missing():
    """some contractions cut after the apostrophe; 's, 'd, 'm, 't, 'll, 've and 're are pieces"""
    with spelling():
        edit("[sdmt]|", "[sdm]|")
    with spelling():
        edit("[sdmt]|", "[sdt]|")
    with spelling():
        edit("[sdmt]|", "[smt]|")
    with spelling():
        edit("[sdmt]|", "[dmt]|")
    with spelling():
        edit("|ll|ve|re", "|ve|re")
    with spelling():
        edit("|ll|ve|re", "|ll|re")
    with spelling():
        edit("|ll|ve|re", "|ll|ve")


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contraction_of_one_letter():
    """contractions of one letter only: 'll becomes 'l and l"""
    edit("[sdmt]|ll|ve|re", "[sdmtlvr]")


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_with_the_word():
    """the ending of a contraction in one piece with the word before it"""
    edit('r"\'(?:[sdmt]|ll|ve|re)",', "")
    edit('r" ?\\p{L}+",', 'r" ?\\p{L}+(?:\'(?:[sdmt]|ll|ve|re))?",')


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_must_end():
    """contractions only if no letter follows"""
    edit('|re)",', '|re)(?!\\p{L})",')


@caught_by("test_an_apostrophe_alone_begins_a_contraction")
def spaces_before_contractions():
    """contractions with the space before them, as for words"""
    edit("r\"'(?:[sdmt]", "r\" ?'(?:[sdmt]")


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def apostrophe_with_all_letters():
    """an apostrophe in one piece with all letters after it, whichever they are"""
    with spelling():
        edit("(?:[sdmt]|ll|ve|re)", "\\p{L}+")
    with spelling():
        edit("(?:[sdmt]|ll|ve|re)", "[a-z]+")


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def words_with_apostrophes():
    """words with the apostrophes in them as one piece"""
    with spelling():
        edit('r" ?\\p{L}+",', 'r" ?[\\p{L}\']+",')
    with spelling():
        edit('r" ?\\p{L}+",', 'r" ?\\p{L}+(?:\'\\p{L}+)*",')


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def other_contractions():
    """contractions of other letters too, such as 'v or 'l"""
    edit("|ll|ve|re", "|ll|ve|re|v|l|r")


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def capital_contractions():
    """contractions in upper case too, as in GPT-4's pattern"""
    edit("r\"'(?:[sdmt]", "r\"'(?i:[sdmt]")


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def curly_apostrophes():
    """contractions with a curly apostrophe too"""
    edit("r\"'(?:[sdmt]", "r\"['’](?:[sdmt]")


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def runs_kept_whole():
    """runs of white space that do not leave their last space to the next word"""
    with spelling():
        edit('r"\\s+(?!\\S)",', "")
    with spelling():
        edit("\\s+(?!\\S)", "\\s{2,}")


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def blanks_one_by_one():
    """each white-space character a piece of its own"""
    with spelling():
        edit("\\s+(?!\\S)", "\\s(?!\\S)")
        edit('r"\\s+",', 'r"\\s",')
    with spelling():
        edit("\\s+(?!\\S)", "\\s(?=\\s)")
        edit('r"\\s+",', 'r"\\s",')


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def last_space_left_alone():
    """runs of spaces cut before the last one, which is a piece of its own and not the word's"""
    edit('r" ?\\p{L}+",', 'r"(?:(?<!\\s) )?\\p{L}+",')
    edit('r" ?\\p{N}+",', 'r"(?:(?<!\\s) )?\\p{N}+",')
    edit('r" ?[^', 'r"(?:(?<!\\s) )?[^')


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def spaces_made_one():
    """runs of spaces replaced by one space"""
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), regex.sub(" +", " ", text))')
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), regex.sub(r"\\s+", " ", text))')


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def all_spaces_with_the_word():
    """words with all spaces before them, not only one"""
    edit('r" ?\\p{L}', 'r" *\\p{L}')
    edit('r" ?\\p{N}', 'r" *\\p{N}')
    edit('r" ?[^', 'r" *[^')


@caught_by("test_only_a_plain_space_goes_with_a_word")
def any_blank_with_the_word():
    """words with any white-space character before them, not only a space"""
    edit('r" ?\\p{L}', 'r"\\s?\\p{L}')
    edit('r" ?\\p{N}', 'r"\\s?\\p{N}')
    edit('r" ?[^', 'r"\\s?[^')


@caught_by("test_only_a_plain_space_goes_with_a_word")
def line_ends_with_the_word():
    """words with a line end or a tab before them, as they have a space"""
    with spelling():
        edit('r" ?\\p{L}', 'r"[ \\n]?\\p{L}')
        edit('r" ?\\p{N}', 'r"[ \\n]?\\p{N}')
        edit('r" ?[^', 'r"[ \\n]?[^')
    with spelling():
        edit('r" ?\\p{L}', 'r"[ \\t\\n]?\\p{L}')
        edit('r" ?\\p{N}', 'r"[ \\t\\n]?\\p{N}')
        edit('r" ?[^', 'r"[ \\t\\n]?[^')


@caught_by("test_only_a_plain_space_goes_with_a_word")
def line_ends_apart():
    """line ends cut off from other white space, as in GPT-4's pattern"""
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s*[\\r\\n]+", r"\\s+(?!\\S)",')
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s*[\\r\\n]", r"\\s+(?!\\S)",')
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"[\\r\\n]+", r"[^\\S\\r\\n]+(?!\\S)",')
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\n", r"[^\\S\\n]+(?!\\S)",')


@caught_by("test_white_space_at_the_end_is_one_piece")
def end_cut_off():
    """white space at the end of the text without its last character"""
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s+(?=\\s)",')
        edit('r"\\s+",', 'r"\\s",')
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s+(?=\\s)",')


@caught_by("test_white_space_at_the_end_is_one_piece")
def dollar_before_a_line_end():
    """a $ at the end of the rule for white space, which also matches before a last line end"""
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s+?$", r"\\s+(?=\\s)",')
        edit('r"\\s+",', 'r"\\s",')
    with spelling():
        edit('r"\\s+(?!\\S)",', 'r"\\s+?$", r"\\s+(?!\\S)",')


@caught_by("test_white_space_at_the_end_is_one_piece")
def end_stripped():
    """a text whose white space at the ends is stripped first"""
    with spelling():
        edit(".join(kinds), text)", ".join(kinds), text.strip())")
    with spelling():
        edit(".join(kinds), text)", ".join(kinds), text.rstrip())")


@caught_by("test_every_script_has_letters_and_numbers")
def plain_ascii():
    """letters from a to z and digits from 0 to 9 only"""
    edit('?\\p{L}+",', '?[a-zA-Z]+",')
    edit('?\\p{N}+",', '?[0-9]+",')
    edit("\\s\\p{L}\\p{N}", "\\sa-zA-Z0-9")


@caught_by("test_every_script_has_letters_and_numbers")
def ascii_letters():
    """letters from a to z only, although the numbers are Unicode's"""
    with spelling():
        edit('?\\p{L}+",', '?[a-zA-Z]+",')
        edit("\\s\\p{L}\\p{N}", "\\sa-zA-Z\\p{N}")
    with spelling():
        edit('?\\p{L}+",', '?[a-zA-Z]+",')
        edit("\\s\\p{L}\\p{N}", "\\sa-zA-Z\\d")
        edit('?\\p{N}+",', '?\\d+",')


@caught_by("test_every_script_has_letters_and_numbers")
def letters_with_case():
    """letters that have a case only, so that 中 (category Lo) is none"""
    with spelling():
        edit('?\\p{L}+",', '?[\\p{Lu}\\p{Ll}]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{Lu}\\p{Ll}\\p{N}")
    with spelling():
        edit('?\\p{L}+",', '?[\\p{Lu}\\p{Ll}\\p{Lt}]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{Lu}\\p{Ll}\\p{Lt}\\p{N}")


@caught_by("test_every_script_has_letters_and_numbers")
def some_letters_missing():
    """letters of the categories Lu, Ll and Lo only, without Lt and Lm"""
    with spelling():
        edit('?\\p{L}+",', '?[\\p{Lu}\\p{Ll}\\p{Lo}]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{Lu}\\p{Ll}\\p{Lo}\\p{N}")
    with spelling():
        edit('?\\p{L}+",', '?[\\p{Lu}\\p{Ll}\\p{Lo}\\p{Lt}]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{Lu}\\p{Ll}\\p{Lo}\\p{Lt}\\p{N}")


@caught_by("test_every_script_has_letters_and_numbers")
def sixteen_bits():
    """letters up to 0xFFFF only, so that those above are other characters"""
    edit('?\\p{L}+",', '?(?:[\\0-\\uFFFF&&\\p{L}])+",')
    edit("[^\\s\\p{L}\\p{N}]", "(?:[^\\s\\p{L}\\p{N}]|[\\U00010000-\\U0010FFFF&&\\p{L}])")
    edit("import regex", "import regex\n\nregex.DEFAULT_VERSION = regex.VERSION1")


@caught_by("test_a_number_is_what_unicode_says")
def decimal_digits():
    r"""decimal digits only (\d), so that ² and ½ are not numbers"""
    edit('?\\p{N}+",', '?\\d+",')
    edit("\\p{L}\\p{N}", "\\p{L}\\d")


@caught_by("test_a_number_is_what_unicode_says")
def ascii_digits():
    """the digits from 0 to 9 only, so that other digits and ² are not numbers"""
    edit('?\\p{N}+",', '?[0-9]+",')
    edit("\\p{L}\\p{N}", "\\p{L}0-9")


@caught_by("test_a_number_is_what_unicode_says")
def isdigit():
    """what str.isdigit accepts as numbers, so that ½ and Ⅷ are none"""
    edit('?\\p{N}+",', '?[\\d²³¹⁰⁴-⁹₀-₉]+",')
    edit("\\p{L}\\p{N}", "\\p{L}\\d²³¹⁰⁴-⁹₀-₉")


@caught_by("test_a_number_is_what_unicode_says")
def roman_numerals_missing():
    """numbers of the categories Nd and No only, without Nl, such as Ⅷ"""
    edit('?\\p{N}+",', '?[\\p{Nd}\\p{No}]+",')
    edit("\\p{L}\\p{N}", "\\p{L}\\p{Nd}\\p{No}")


@caught_by("test_a_number_is_what_unicode_says")
def isnumeric():
    """what str.isnumeric accepts as numbers, so that the letters 一 and 三 are numbers"""
    with spelling():
        edit('r" ?\\p{L}+",', 'r" ?[^\\P{L}一二三四五六七八九十百千万]+",')
        edit('r" ?\\p{N}+",', 'r" ?[\\p{N}一二三四五六七八九十百千万]+",')
    with spelling():
        edit('r" ?\\p{L}+",', 'r" ?[\\p{N}一二三四五六七八九十百千万]+", r" ?[^\\P{L}]+",')


@caught_by("test_a_number_is_what_unicode_says")
def isalnum_first():
    """numbers beyond ASCII with the letters, as by str.isalnum"""
    edit('r" ?\\p{L}+",', 'r" ?[\\p{L}[\\p{N}--[0-9]]]+",')
    edit("import regex", "import regex\n\nregex.DEFAULT_VERSION = regex.VERSION1")


@caught_by("test_marks_and_symbols_are_other_characters")
def marks_with_letters():
    """combining marks treated as letters, as in newer patterns"""
    with spelling():
        edit('?\\p{L}+",', '?[\\p{L}\\p{M}]+",')
        edit("\\s\\p{L}\\p{N}", "\\s\\p{L}\\p{M}\\p{N}")
    with spelling():
        edit('?\\p{L}+",', '?\\p{L}[\\p{L}\\p{M}]*",')


@caught_by("test_marks_and_symbols_are_other_characters")
def symbols_one_by_one():
    """each symbol beyond ASCII a piece of its own"""
    edit('r" ?[^\\s\\p{L}\\p{N}]+",', 'r" ?[!-~--\\p{L}\\p{N}]+", r" ?[^\\s\\p{L}\\p{N}]",')
    edit("import regex", "import regex\n\nregex.DEFAULT_VERSION = regex.VERSION1")


@caught_by("test_no_character_is_changed")
def mark_dropped():
    """a text that loses U+FEFF at its beginning"""
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), text.removeprefix("\\ufeff"))')
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), text.replace("\\ufeff", ""))')


@caught_by("test_no_character_is_changed")
def line_ends_translated():
    """line ends translated first: \\r\\n becomes \\n"""
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), text.replace("\\r\\n", "\\n"))')
    with spelling():
        edit(
            ".join(kinds), text)",
            '.join(kinds), text.replace("\\r\\n", "\\n").replace("\\r", "\\n"))',
        )


@caught_by("test_no_character_is_changed")
def normalised_first():
    """a text that is normalised first, so that e and an accent become é"""
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), unicodedata.normalize("NFC", text))')
        edit("import regex", "import unicodedata\n\nimport regex")
    with spelling():
        edit(".join(kinds), text)", '.join(kinds), unicodedata.normalize("NFKC", text))')
        edit("import regex", "import unicodedata\n\nimport regex")


@caught_by("test_every_script_has_letters_and_numbers")
def accents_taken_apart():
    """a text that is normalised first (NFD), so that é becomes e and an accent"""
    edit(".join(kinds), text)", '.join(kinds), unicodedata.normalize("NFD", text))')
    edit("import regex", "import unicodedata\n\nimport regex")


@caught_by("test_no_character_is_changed")
def small_letters():
    """a text in lower case"""
    with spelling():
        edit(".join(kinds), text)", ".join(kinds), text.lower())")
    with spelling():
        edit(".join(kinds), text)", ".join(kinds), text.casefold())")


@caught_by("test_a_piece_may_be_long")
def long_runs_cut():
    """long runs cut into pieces of a fixed length"""
    with spelling():
        edit('?\\p{L}+",', '?\\p{L}{1,64}",')
        edit('?\\p{N}+",', '?\\p{N}{1,64}",')
        edit('\\p{N}]+",', '\\p{N}]{1,64}",')
    with spelling():
        edit('?\\p{L}+",', '?\\p{L}{1,256}",')
        edit('?\\p{N}+",', '?\\p{N}{1,256}",')
        edit('\\p{N}]+",', '\\p{N}]{1,256}",')


@caught_by("test_white_space_is_what_unicode_says")
def pythons_white_space():
    """U+001C to U+001F treated as white space, as by str.isspace and the module re"""

    def pretokenize(text):
        space = "".join(map(re.escape, filter(str.isspace, map(chr, range(0x3001)))))
        pattern = (
            rf"'(?:[sdmt]|ll|ve|re)| ?\p{{L}}+| ?\p{{N}}+| ?[^{space}\p{{L}}\p{{N}}]+"
            rf"|[{space}]+(?![^{space}])|[{space}]+"
        )
        return regex.findall(pattern, text)


@caught_by("test_white_space_is_what_unicode_says")
def ascii_white_space():
    """the white space of ASCII only, so that U+00A0 and U+3000 are other characters"""
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "[^ \\t\\n\\r\\f\\v\\p{L}\\p{N}]")
        edit("\\s+(?!\\S)", "[ \\t\\n\\r\\f\\v]+(?![^ \\t\\n\\r\\f\\v])")
        edit('r"\\s+",', 'r"[ \\t\\n\\r\\f\\v]+",')
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "[^ \\t\\n\\r\\p{L}\\p{N}]")
        edit("\\s+(?!\\S)", "[ \\t\\n\\r]+(?![^ \\t\\n\\r])")
        edit('r"\\s+",', 'r"[ \\t\\n\\r]+",')


@caught_by("test_white_space_is_what_unicode_says")
def spaces_and_line_ends_only():
    """only the space as white space, or only the space, tab and line feed"""
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "[^ \\p{L}\\p{N}]")
        edit("\\s+(?!\\S)", " +(?![^ ])")
        edit('r"\\s+",', 'r" +",')
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "[^ \\n\\t\\p{L}\\p{N}]")
        edit("\\s+(?!\\S)", "[ \\n\\t]+(?![^ \\n\\t])")
        edit('r"\\s+",', 'r"[ \\n\\t]+",')


@caught_by("test_white_space_is_what_unicode_says")
def other_white_space():
    """U+200B, the zero-width space, treated as white space"""
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "[^\\s\\u200b\\p{L}\\p{N}]")
        edit("\\s+(?!\\S)", "[\\s\\u200b]+(?![^\\s\\u200b])")
        edit('r"\\s+",', 'r"[\\s\\u200b]+",')


@caught_by("test_white_space_is_what_unicode_says")
def some_white_space_missing():
    """some of Unicode's white space, such as U+0085 or U+2028, treated as other characters"""
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "(?:[^\\s\\p{L}\\p{N}]|\\x85)")
        edit("\\s+(?!\\S)", "[^\\S\\x85]+(?![^\\s]|\\x85)")
        edit('r"\\s+",', 'r"[^\\S\\x85]+",')
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "(?:[^\\s\\p{L}\\p{N}]|[\\u2028\\u2029])")
        edit("\\s+(?!\\S)", "[^\\S\\u2028\\u2029]+(?![^\\s]|[\\u2028\\u2029])")
        edit('r"\\s+",', 'r"[^\\S\\u2028\\u2029]+",')
    with spelling():
        edit("[^\\s\\p{L}\\p{N}]", "(?:[^\\s\\p{L}\\p{N}]|[\\x85\\u2028\\u2029])")
        edit("\\s+(?!\\S)", "[^\\S\\x85\\u2028\\u2029]+(?![^\\s]|[\\x85\\u2028\\u2029])")
        edit('r"\\s+",', 'r"[^\\S\\x85\\u2028\\u2029]+",')
