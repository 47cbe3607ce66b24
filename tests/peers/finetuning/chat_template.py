"""Transformers' apply_chat_template with the template of SmolLM2-135M-Instruct."""

import re

from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

# As it is in the model's tokenizer_config.json, except for the control tokens: these two
# characters of the private use area stand for them, which no text in the checks has.
OPEN, CLOSE = "\ue000", "\ue001"
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
    "<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
    "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' }}{% endif %}"
)
TOKENIZER = PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(BPE()),
    chat_template=TEMPLATE.replace("<|im_start|>", OPEN).replace("<|im_end|>", CLOSE),
)


def encode_chat(messages, encode, start, end, add_generation_prompt=False):
    """Their text, cut at the control tokens and after the role."""
    roles = {message["role"] for message in messages}
    if not messages or roles - {"system", "user", "assistant"}:
        raise ValueError("the template takes any role, and no message")
    text = TOKENIZER.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=add_generation_prompt
    )
    ids, learn = [], []
    for turn in text.split(OPEN)[1:]:
        role, said, ended, line = re.fullmatch(
            f"(.*?)\n([^{CLOSE}]*)({CLOSE}?)(.*)", turn, re.DOTALL
        ).groups()
        header, body = [start, *encode(f"{role}\n")], encode(said) + [end] * bool(ended)
        ids += [*header, *body, *encode(line)]
        own = role == "assistant"
        learn += [False] * len(header) + [own] * len(body) + [False] * len(encode(line))
    return ids, learn
