"""What should not be published is found and never told in full; ordinary text is left alone."""

import base64
import hashlib
import random
import string

import pytest

from grader.base.leaks import find_leaks

DRAW = random.Random(7)


def drawn(length: int, letters: str = string.ascii_letters + string.digits) -> str:
    """A word by chance, with a small letter, a large one and a digit."""
    return "aZ9" + "".join(DRAW.choice(letters) for _ in range(length - 3))


SECRETS = {
    "classic": "ghp_" + drawn(36),
    "fine": "github_pat_" + drawn(60),
    "gitlab": "glpat-" + drawn(20),
    "hub": "hf_" + drawn(34),
    "key": "sk-" + drawn(48),
    "project key": "sk-proj-" + drawn(60),
    "amazon": "AKIA" + "A7B" + "".join(DRAW.choice(string.ascii_uppercase) for _ in range(13)),
    "google": "AIza" + drawn(35),
    "slack": "xoxb-123456789012-" + drawn(24),
    "npm": "npm_" + drawn(36),
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + drawn(43),
    "assigned": "token=" + drawn(40),
    "quoted": 'HF_TOKEN: "' + drawn(40) + '"',
    "python": "password = '" + drawn(24) + "'",
    "hexadecimal": "WANDB_API_KEY=" + hashlib.sha1(b"w").hexdigest(),
    "header": '{"api_key": "' + drawn(32) + '"}',
    "address": "https://ada:s3cret-word@example.org/repo.git",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_found_and_not_told(secret: str) -> None:
    """It is named once, with its line, and what is told of it holds a quarter at most."""
    found = find_leaks(f"first line\nsome words {secret} and more")
    assert [leak.line for leak in found] == [2]
    told = str(found[0])
    value = max(secret.replace('"', " ").replace("'", " ").replace("=", " ").split(), key=len)
    assert value not in told
    assert len(found[0].shown) <= 9


def test_a_private_key_is_found() -> None:
    """The first line of a key in PEM is enough."""
    kinds = ("PRIVATE", "RSA PRIVATE", "OPENSSH PRIVATE", "EC PRIVATE")
    for kind in kinds:
        (found,) = find_leaks(f"-----BEGIN {kind} KEY-----\nMIIEvQ\n-----END {kind} KEY-----")
        assert found.what == "a private key"
    assert find_leaks("-----BEGIN PUBLIC KEY-----") == []
    assert find_leaks("-----BEGIN CERTIFICATE-----") == []


@pytest.mark.parametrize(
    "path",
    [
        "/home/ada/llm/data.txt",
        "/Users/ada.l/llm",
        'File "/home/ada/x.py", line 3',
        "C:\\Users\\Ada\\x",
        "'C:\\\\Users\\\\Ada\\\\x'",
        "file:///home/ada/x",
        "(/Users/ada)",
    ],
)
def test_a_home_path_is_found(path: str) -> None:
    """Linux, macOS and Windows, in tracebacks, strings and addresses of files."""
    assert [leak.what for leak in find_leaks(path)] == ["a home path"]


PICTURE = base64.b64encode(DRAW.randbytes(60_000)).decode()
ORDINARY = [
    "commit e1e95e3cbb7f0cf1a6a8b1d1a6b1d3c5e7f90123 and 486f193",
    f"sha256 {hashlib.sha256(b'x').hexdigest()}",
    "tensor([[0.1234, -1.5e-05], [3.0000, 7.25]], dtype=torch.float64)",
    f"![x](data:image/png;base64,{PICTURE})",
    "https://example.org/home/ada and https://example.org/Users/list",
    "the /home page; ~/home; /homeward/bound; $HOME/llm; /Users/Shared/data; /home/",
    "token = tokenizer.encode(text)[0]; eos_token: 50256; token_ids = list(range(100))",
    "special_token='<|endoftext|>'; next_token=sample_from_the_distribution(logits)",
    "password = os.environ['PASSWORD']; api_key = getpass()",
    "the secret of attention is scaling; secret: division_by_the_square_root_of_d_k",
    "sk-learn-compatible-estimators-and-pipelines; hf_hub_download(repo_id='x'); sk-1",
    "ghp_ is how they begin; AKIA too; xoxb-your-token-goes-here; hf_your_token",
    "import torch.nn.functional as F  # (B, T, C) -> (B, T, 3 * C)",
    "token: TransformerDecoderLayerWithCrossAttention",
    "https://arxiv.org/abs/1706.03762v7 http://localhost:8888/lab user:pass",
    "/content/drive/MyDrive/model.pt and /mnt/data/home/x",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Hashes, tensors, pictures, addresses, placeholders and code draw no warning."""
    assert find_leaks(text) == []


def test_a_thing_said_again_is_told_once() -> None:
    """A traceback full of one home path is one warning, with its first line and how often."""
    (found,) = find_leaks("\n" + "/home/ada/a.py /home/ada/b.py\n" * 5_000)
    assert (found.line, str(found)) == (2, "a home path (/h…, 10000 times)")


def test_each_is_found_on_its_line() -> None:
    """Several in one text come in the order of lines, each once."""
    text = f"\n/home/ada/x\n\ntoken={SECRETS['hub']}\n/Users/eve"
    assert [(leak.line, leak.what) for leak in find_leaks(text)] == [
        (2, "a home path"),
        (4, "a Hugging Face token"),
        (5, "a home path"),
    ]
