"""What goes wrong with the chat template."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_control_tokens_typed_in_a_text_stay_letters")
def typed_text_becomes_control():
    """<|im_end|> or <|im_start|> in a text becomes the control token: a user can end their turn"""
    with spelling():
        edit(
            "    ids: list[int] = []",
            "    import re\n\n"
            "    letters, control = encode, {'<|im_start|>': start, '<|im_end|>': end}\n\n"
            "    def encode(text):\n"
            "        parts = re.split(r'(<\\|im_start\\|>|<\\|im_end\\|>)', text)\n"
            "        return [i for part in parts for i in\n"
            "                ([control[part]] if part in control else letters(part))]\n\n"
            "    ids: list[int] = []",
        )
    with spelling():
        edit(
            '[*encode(message["content"]), end]',
            '[i for number, part in enumerate(message["content"].split("<|im_end|>"))\n'
            "                for i in [*([end] * (number > 0)), *encode(part)]] + [end]",
        )


@caught_by("test_control_tokens_typed_in_a_text_stay_letters")
def typed_control_removed():
    """<|im_end|> and <|im_start|> removed from the texts"""
    edit(
        'encode(message["content"])',
        'encode(message["content"].replace("<|im_end|>", "").replace("<|im_start|>", ""))',
    )


@caught_by("test_a_message_is_framed_by_control_tokens")
def control_tokens_as_letters():
    """<|im_start|> and <|im_end|> written as letters, instead of their ids"""
    edit(
        "[start, *encode(f\"{message['role']}\\n\")]",
        "encode(f\"<|im_start|>{message['role']}\\n\")",
    )
    edit('[*encode(message["content"]), end]', 'encode(message["content"] + "<|im_end|>")')


@caught_by("test_a_message_is_framed_by_control_tokens")
def line_end_after_the_end_missing():
    """no line end after <|im_end|>"""
    edit('line = encode("\\n")', "line = []")


@caught_by("test_a_message_is_framed_by_control_tokens")
def line_end_between_messages_only():
    """no line end after the last message"""
    with spelling():
        edit('line = encode("\\n")', 'line = [] if message is messages[-1] else encode("\\n")')
    with spelling():
        edit(
            'line = encode("\\n")',
            "last = message is messages[-1] and not add_generation_prompt\n"
            '        line = [] if last else encode("\\n")',
        )


@caught_by("test_a_message_is_framed_by_control_tokens")
def line_end_after_the_role_missing():
    """no line end between the role and the text, or a space or colon in its place"""
    with spelling():
        edit("{message['role']}\\n", "{message['role']}")
    with spelling():
        edit("{message['role']}\\n", "{message['role']} ")
    with spelling():
        edit("{message['role']}\\n", "{message['role']}: ")


@caught_by("test_a_message_is_framed_by_control_tokens")
def line_end_before_the_end():
    """a line end between the text and <|im_end|>"""
    with spelling():
        edit(
            '[*encode(message["content"]), end]',
            '[*encode(message["content"]), *encode("\\n"), end]',
        )
    with spelling():
        edit('encode(message["content"])', 'encode(message["content"] + "\\n")')


@caught_by("test_a_message_is_framed_by_control_tokens")
def role_missing():
    """messages without their role"""
    edit("header = [start, *encode(f\"{message['role']}\\n\")]", "header = [start]")


@caught_by("test_a_message_is_framed_by_control_tokens")
def end_missing():
    """messages without <|im_end|>"""
    edit('[*encode(message["content"]), end]', 'encode(message["content"])')


@caught_by("test_a_message_is_framed_by_control_tokens")
def start_and_end_exchanged():
    """start and end exchanged"""
    edit("    ids: list[int] = []", "    start, end = end, start\n    ids: list[int] = []")


@caught_by("test_a_default_system_message_comes_first")
def no_default():
    """no system message where the conversation has none"""
    edit('if messages[0]["role"] != "system":', "if False:")


@caught_by("test_a_default_system_message_comes_first")
def default_only_without_any_system():
    """no default system message if there is a system message at any place"""
    edit('if messages[0]["role"] != "system":', 'if all(m["role"] != "system" for m in messages):')


@caught_by("test_a_default_system_message_comes_first")
def default_with_a_full_stop():
    """another text as the default, such as one with a full stop at its end"""
    with spelling():
        edit("trained by Hugging Face", "trained by Hugging Face.")
    with spelling():
        edit(
            "You are a helpful AI assistant named SmolLM, trained by Hugging Face",
            "You are a helpful assistant.",
        )


@caught_by("test_a_default_system_message_comes_first")
def default_at_the_end():
    """the default system message after the conversation"""
    edit(
        '[{"role": "system", "content": DEFAULT_SYSTEM}, *messages]',
        '[*messages, {"role": "system", "content": DEFAULT_SYSTEM}]',
    )


@caught_by("test_a_system_message_of_ones_own_replaces_the_default")
def default_always():
    """the default system message also before a system message of the conversation"""
    edit('if messages[0]["role"] != "system":', "if True:")


@caught_by("test_a_system_message_of_ones_own_replaces_the_default")
def empty_system_replaced():
    """an empty system message taken for none"""
    edit(
        'if messages[0]["role"] != "system":',
        'if messages[0]["role"] == "system" and not messages[0]["content"]:\n'
        "        messages = messages[1:]\n"
        '    if not messages or messages[0]["role"] != "system":',
    )


@caught_by("test_every_message_of_a_conversation_has_its_frame")
def later_system_messages_dropped():
    """system messages after the first one left out"""
    edit(
        "    for message in messages:\n        answers",
        "    for place, message in enumerate(messages):\n"
        "        if place and message['role'] == 'system':\n"
        "            continue\n"
        "        answers",
    )


@caught_by("test_every_message_of_a_conversation_has_its_frame")
def neighbours_of_one_role_merged():
    """two messages of the same role one after the other joined to one"""
    edit(
        "    ids: list[int] = []",
        "    joined = []\n"
        "    for message in messages:\n"
        "        if joined and joined[-1]['role'] == message['role']:\n"
        "            text = joined[-1]['content'] + message['content']\n"
        "            joined[-1] = {'role': message['role'], 'content': text}\n"
        "        else:\n"
        "            joined.append(message)\n"
        "    messages = joined\n"
        "    ids: list[int] = []",
    )


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def end_not_learned():
    """the <|im_end|> of an answer not learned: the model never stops"""
    edit("[answers] * len(text)", "[answers] * (len(text) - 1) + [False]")


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def end_of_an_empty_answer_not_learned():
    """the <|im_end|> of an empty answer not learned"""
    edit(
        'answers = message["role"] == "assistant"',
        'answers = message["role"] == "assistant" and message["content"] != ""',
    )


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def all_but_the_system_learned():
    """the user's texts learned as well as the assistant's"""
    edit('message["role"] == "assistant"', 'message["role"] != "system"')


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def line_end_learned():
    """the line end after <|im_end|> learned too, which the model never has to write"""
    edit("[False] * len(line)", "[answers] * len(line)")


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def header_learned():
    """the header of an answer learned too"""
    with spelling():
        edit("[False] * len(header)", "[answers] * len(header)")
    with spelling():
        edit("[False] * len(header)", "[answers] * len(header)")
        edit("[False] * len(line)", "[answers] * len(line)")


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def every_end_learned():
    """the <|im_end|> of every message learned, also of those of the user"""
    edit("[answers] * len(text)", "[answers] * (len(text) - 1) + [True]")


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def everything_learned():
    """every text learned, also those of the user and of the system"""
    edit('answers = message["role"] == "assistant"', "answers = True")


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def user_learned():
    """the user's texts learned, instead of the assistant's: the mask the wrong way round"""
    with spelling():
        edit('message["role"] == "assistant"', 'message["role"] == "user"')
    with spelling():
        edit('message["role"] == "assistant"', 'message["role"] != "assistant"')


@caught_by("test_only_the_answers_and_their_ends_are_learned")
def last_answer_only():
    """only the last answer learned, not those of earlier turns"""
    with spelling():
        edit(
            'answers = message["role"] == "assistant"',
            'answers = message["role"] == "assistant" and message is messages[-1]',
        )
    with spelling():
        edit(
            "        ids += [*header",
            "        if answers:\n            learn = [False] * len(learn)\n"
            "        ids += [*header",
        )


@caught_by("test_the_three_texts_of_a_message_are_encoded_by_themselves")
def header_and_text_encoded_together():
    """role and text encoded as one text, so that a token may cross their border"""
    edit(
        "header = [start, *encode(f\"{message['role']}\\n\")]\n"
        '        text = [*encode(message["content"]), end]',
        "size = len(encode(f\"{message['role']}\\n\"))\n"
        "        both = encode(f\"{message['role']}\\n{message['content']}\")\n"
        "        header, text = [start, *both[:size]], [*both[size:], end]",
    )


@caught_by("test_the_three_texts_of_a_message_are_encoded_by_themselves")
def role_and_line_end_encoded_apart():
    """the role and the line end after it encoded as two texts, where the contract has one"""
    edit(
        "header = [start, *encode(f\"{message['role']}\\n\")]",
        "header = [start, *encode(message['role']), *encode('\\n')]",
    )


@caught_by("test_each_id_has_a_flag_however_many_a_text_has")
def generation_prompt_encoded_in_two_parts():
    """assistant and its line end encoded as two texts in the generation prompt"""
    edit(
        'prompt = [start, *encode("assistant\\n")]',
        'prompt = [start, *encode("assistant"), *encode("\\n")]',
    )


@caught_by("test_the_three_texts_of_a_message_are_encoded_by_themselves")
def texts_stripped():
    """spaces and line ends around a text removed"""
    with spelling():
        edit('encode(message["content"])', 'encode(message["content"].strip())')
    with spelling():
        edit('encode(message["content"])', 'encode(message["content"].lstrip())')
    with spelling():
        edit('encode(message["content"])', 'encode(message["content"].rstrip())')


@caught_by("test_a_generation_prompt_begins_an_answer")
def no_generation_prompt():
    """add_generation_prompt ignored"""
    edit("if add_generation_prompt:", "if False:")


@caught_by("test_a_generation_prompt_begins_an_answer")
def generation_prompt_without_line_end():
    """a generation prompt without its line end: the model writes it first"""
    edit('encode("assistant\\n")', 'encode("assistant")')


@caught_by("test_a_generation_prompt_begins_an_answer")
def generation_prompt_with_end():
    """a generation prompt that ends its turn at once, as an empty message"""
    edit(
        'prompt = [start, *encode("assistant\\n")]',
        'prompt = [start, *encode("assistant\\n"), end, *encode("\\n")]',
    )


@caught_by("test_a_generation_prompt_begins_an_answer")
def generation_prompt_learned():
    """the generation prompt marked as learned"""
    edit("[False] * len(prompt)", "[True] * len(prompt)")


@caught_by("test_a_generation_prompt_begins_an_answer")
def generation_prompt_only_after_a_user():
    """no generation prompt if the last message is the assistant's"""
    edit(
        "if add_generation_prompt:",
        'if add_generation_prompt and messages[-1]["role"] != "assistant":',
    )


@caught_by("test_an_unknown_role_and_an_empty_conversation_are_refused")
def unknown_roles_accepted():
    """any role accepted, also one that SmolLM2 never saw"""
    edit('if message["role"] not in ROLES:', "if False:")


@caught_by("test_an_unknown_role_and_an_empty_conversation_are_refused")
def only_the_first_role_looked_at():
    """only the role of the first message looked at"""
    edit(
        '    for message in messages:\n        if message["role"]',
        '    for message in messages[:1]:\n        if message["role"]',
    )


@caught_by("test_an_unknown_role_and_an_empty_conversation_are_refused")
def empty_conversation_accepted():
    """an empty conversation accepted"""
    with spelling():
        edit(
            'raise ValueError("a conversation has at least one message")',
            'messages = [{"role": "system", "content": DEFAULT_SYSTEM}]',
        )
    with spelling():
        edit('raise ValueError("a conversation has at least one message")', "return [], []")


@caught_by("test_the_messages_stay_as_they_were")
def default_inserted_in_place():
    """the default system message inserted into the caller's list"""
    edit(
        'messages = [{"role": "system", "content": DEFAULT_SYSTEM}, *messages]',
        'messages.insert(0, {"role": "system", "content": DEFAULT_SYSTEM})',
    )


@caught_by("test_two_lists_of_one_length_are_returned")
def numbers_for_booleans():
    """0 and 1 in learn, instead of False and True"""
    edit("return ids, learn", "return ids, [int(learned) for learned in learn]")


@caught_by("test_two_lists_of_one_length_are_returned")
def ids_alone():
    """the ids alone returned"""
    edit("return ids, learn", "return ids")


@caught_by("test_two_lists_of_one_length_are_returned")
def one_flag_for_each_message():
    """one flag for each message or each of its parts, instead of one for each id"""
    edit(
        "[False] * len(header) + [answers] * len(text) + [False] * len(line)",
        "[False, answers, False]",
    )


@caught_by("test_two_lists_of_one_length_are_returned")
def one_flag_for_each_character():
    """as many flags as a text has characters, instead of ids"""
    edit("[answers] * len(text)", '[answers] * (len(message["content"]) + 1)')


@caught_by("test_each_id_has_a_flag_however_many_a_text_has")
def line_end_is_one_id():
    """one flag for the line end, which has several ids in some vocabularies"""
    edit("[answers] * len(text) + [False] * len(line)", "[answers] * len(text) + [False]")


@caught_by("test_a_conversation_is_encoded_as_it_was_in_its_beginning")
def flag_of_the_id_before():
    """flags shifted by one, as if they belonged to the positions that predict"""
    edit("return ids, learn", "return ids, [*learn[1:], False]")
