"""The milestone "On nothing but my code": an open model from the bytes of its file to a chat.

Header, blocks, tokenizer, chat template, model, cache and sampler are all exercises.
"""

import mmap
import time

import torch

from exercises.finetuning.chat_template import encode_chat
from exercises.kv_cache.cache import Cache
from exercises.kv_cache.cached_generate import extend
from exercises.model.load_llama import load_llama
from exercises.quantization.gguf_blocks import dequantize
from exercises.quantization.gguf_header import read_header
from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k
from exercises.tokenizer.smollm import SmolLMTokenizer

TOKENS = 40
"""As many tokens of each answer are compared."""
T, K = 0.2, 50
"""The temperature and the number of tokens from which a chat is drawn; 0.2 is what the model's
authors recommend."""
ANSWERS = {
    "Why is the sky blue?": (
        "The answer to this question lies in the intricate dance of light and color. The sky "
        "appears blue because of a phenomenon known as Rayleigh scattering. This occurs when light "
        "encounters molecules of air, which scatter"
    ),
    "How do I make a cup of tea?": (
        "To make a cup of tea, you'll need a few ingredients: a kettle, a pot, and a mug. First, "
        "you'll need a kettle, which you'll need to brew your"
    ),
    "Explain what a language model is.": (
        "A language model is a computer program that uses natural language processing (NLP) to "
        "generate and produce text based on patterns and structures. It's a type of AI that can "
        "analyze and generate text based"
    ),
}
"""What Transformers 5.24 answers with the same file, greedily. The logits of the two most probable
tokens are nowhere closer than 0.02."""


def run(stage):
    """Load the model, ask it, and compare its answers with those of Transformers."""
    path = stage.find_open_model()
    if path is None:
        stage.reach(False, "SmolLM2 is not downloaded yet: grade fetch smollm2")
        return
    model = OpenModel(path)
    stage.name_parts()
    equal, written, seconds = 0, 0, 0.0
    for question, due in ANSWERS.items():
        stage.say(question)
        chat = Chat(model, context=256)
        began = time.monotonic()
        answer = ""
        for piece in chat.answer(question, TOKENS, t=0):
            stage.write(piece)
            answer += piece
        stage.write("\n")
        seconds += time.monotonic() - began
        written += chat.written
        equal += answer == due
        if answer != due:
            stage.say(f"Transformers answers: {due}")
    stage.measure("answers that are those of Transformers, word for word", equal)
    stage.measure("tokens per second", written / seconds)
    says = f"{equal} of {len(ANSWERS)} answers are those of Transformers"
    stage.reach(equal == len(ANSWERS), f"{says}, at {written / seconds:.1f} tokens per second.")


def write(stage):
    """Answer a question, or talk until the learner ends it."""
    path = stage.find_open_model()
    if path is None:
        stage.refuse("SmolLM2 is not downloaded yet: grade fetch smollm2")
    chat = Chat(OpenModel(path), stage.settings.seed)
    stage.name_parts()
    text = stage.settings.text or stage.ask()
    while text:
        for piece in chat.answer(text, stage.settings.tokens, T):
            stage.write(piece)
        stage.write("\n")
        if chat.is_full:
            stage.write("The conversation is as long as the model can read. Begin a new one.\n")
            return
        text = "" if stage.settings.text else stage.ask()


class OpenModel:
    """What a GGUF file contains: the model, its tokenizer, and the numbers of its header."""

    def __init__(self, path):
        """Read the file."""
        self.metadata, table = read_header(str(path))
        with path.open("rb") as file:
            # Private, so that PyTorch has memory that may be written to; the file stays as it is.
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        tensors = {name: read_tensor(data, *entry) for name, entry in table.items()}
        self.heads = self.find("attention.head_count")
        self.kv_heads = self.find("attention.head_count_kv")
        self.base = self.find("rope.freq_base")
        eps = self.find("attention.layer_norm_rms_epsilon")
        self.llama = load_llama(tensors, self.heads, self.kv_heads, self.base, eps)
        tokens = self.metadata["tokenizer.ggml.tokens"]
        self.tokenizer = SmolLMTokenizer(tokens, self.metadata["tokenizer.ggml.merges"])
        self.start, self.end = tokens.index("<|im_start|>"), tokens.index("<|im_end|>")

    def find(self, name):
        """Return a number of the header that is about the model's architecture."""
        return self.metadata[f"llama.{name}"]

    def make_cache(self, context):
        """Return an empty cache with room for so many tokens of one conversation."""
        layers = self.find("block_count")
        head = self.find("embedding_length") // self.heads
        return Cache(layers, 1, self.kv_heads, context, head)


def read_tensor(data, shape, kind, at, size):
    """Return a tensor of the file in float32."""
    stored = torch.frombuffer(data, dtype=torch.uint8, count=size, offset=at)
    if kind in ("F32", "F16"):
        dtype = torch.float32 if kind == "F32" else torch.float16
        return stored.clone().view(dtype).float().reshape(shape)  # the clone lies at an even byte
    # A row of weights is a whole number of blocks.
    return dequantize(stored.reshape(*shape[:-1], -1), kind)


class Chat:
    """A conversation, and the keys and values of its tokens."""

    def __init__(self, model, seed=0, context=None):
        """Begin a conversation with room for so many tokens; None for all that the model reads."""
        self.model, self.messages = model, []
        self.context = context or model.find("context_length")
        self.cache, self.ids = model.make_cache(self.context), []
        self.random = torch.Generator().manual_seed(seed)
        self.written = 0
        """The number of tokens of the last answer."""
        self.is_full = False

    def answer(self, text, tokens, t):
        """Yield the answer to a message, piece by piece."""
        self.messages.append({"role": "user", "content": text})
        ids = self.encode()
        shown, answer = "", []
        while len(answer) < tokens:
            logits = self.read([*ids, *answer])
            token = self.model.end if logits is None else self.draw(logits, t)
            if token == self.model.end:
                break
            answer.append(token)
            whole = self.model.tokenizer.decode(answer)
            # The bytes of a character may be spread over several tokens. It is held back while
            # the end is one that cannot be decoded.
            if not whole.endswith("\ufffd"):
                yield whole[len(shown) :]
                shown = whole
        self.written = len(answer)
        whole = self.model.tokenizer.decode(answer)
        if whole != shown:
            yield whole[len(shown) :]
        self.messages.append({"role": "assistant", "content": whole})

    def encode(self):
        """Return the ids of the conversation so far, and of the beginning of the next answer."""
        model = self.model
        return encode_chat(self.messages, model.tokenizer.encode, model.start, model.end, True)[0]

    def read(self, ids):
        """Return the logits of the next token after ``ids``, or None where there is no room.

        Only what the cache lacks is computed. Where it holds other tokens, as after an answer that
        the tokenizer would cut in another way, all of it is.
        """
        if len(ids) > self.context:
            self.is_full = True
            return None
        if ids[: len(self.ids)] != self.ids or len(ids) == len(self.ids):
            self.cache.clear()
            self.ids = []
        new = torch.tensor([ids[len(self.ids) :]])
        # Without what PyTorch keeps for gradients, each of the many small operations is cheaper.
        with torch.inference_mode():
            logits = extend(self.model.llama, new, self.cache, base=self.model.base)
        self.ids = list(ids)
        return logits[0, -1]

    def draw(self, logits, t):
        """Return a token: the most probable one at a temperature of 0."""
        if t == 0:
            # One token has the probability 1; a draw from all of them takes as long as a layer.
            return int(temperature(logits, t).argmax())
        chances = temperature(top_k(logits, K), t)
        return int(torch.multinomial(chances, 1, generator=self.random))
