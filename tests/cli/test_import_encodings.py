"""Texts and file names of other encodings come with the right letters, or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from import_workspace import ImportWorkspace, lay_files

from grader.learner.importer.files.encoding import NotText, decode

TEXTS = {
    "gbk": "# 日记\n\n昨天写了采样的代码,温度为零时就是取最大的。\n",
    "big5": "# 日記\n\n昨天寫了採樣的程式碼。\n",
    "shift_jis": "# 日記\n\n昨日は位置埋め込みを実装した。\n",
    "euc_jp": "# 日記\n\n昨日は位置埋め込みを実装した。\n",
    "euc_kr": "# 일지\n\n어제는 위치 임베딩을 구현했다.\n",
    "cp1251": "# Журнал\n\nВчера писал код для выборки токенов.\n",
    "koi8_r": "# Журнал\n\nВчера писал код для выборки токенов.\n",
    "cp1252": "# Journal\n\nHier, j’ai écrit l’échantillonnage à température nulle.\n",
    "cp1250": "# Dziennik\n\nWczoraj pisałem o próbkowaniu, działa świetnie.\n",
    "cp1254": "# Günlük\n\nDün örnekleme kodunu yazdım, sıcaklık için şimdi bir sınıf var.\n",
    "cp1253": "# Ημερολόγιο\n\nΧθες έγραψα τον κώδικα της δειγματοληψίας.\n",
    "utf-16": "# 日记\n\n昨天写了代码。\n",
    "utf-16-le": "# 日记\n\n昨天写了代码。\n",
    "utf-16-be": "# Journal\n\nÉcrit.\n",
}


@pytest.mark.parametrize("encoding", sorted(TEXTS))
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    """A few words are enough to recognise the character set, and it is named."""
    text, name = decode(TEXTS[encoding].encode(encoding))
    assert text == TEXTS[encoding]
    assert name


def test_what_can_be_two_things_is_refused() -> None:
    """Two letters that are a word in several languages are not guessed."""
    with pytest.raises(NotText, match="--encoding"):
        decode("일지".encode("euc_kr"))


def test_one_stray_byte_does_not_garble_the_rest() -> None:
    """A text in UTF-8 with a byte of another program keeps all its letters."""
    text, name = decode("grün, süß, schön, größer – ".encode() + "café".encode("cp1252"))
    assert text == "grün, süß, schön, größer – café"
    assert "UTF-8" in name


def test_the_command_says_how_a_text_was_read_and_what_to_do(tmp_path: Path) -> None:
    """The report names the encoding; one that cannot be known is refused until it is said."""
    workspace = ImportWorkspace(tmp_path)
    home = lay_files(
        tmp_path / "old",
        {"a.md": TEXTS["gbk"].encode("gbk"), "b.md": "일지".encode("euc_kr")},
    )
    shown = workspace.bring(home)
    assert "a.md: read as GBK" in shown
    assert "b.md: its character set cannot be recognised" in shown
    assert "昨天写了采样的代码" in workspace.read("notes/imported/a.md")
    workspace.bring("--encoding", "euc_kr", home / "b.md")
    assert any("일지".encode() in data for data in workspace.list_files().values())
    assert "no encoding has this name" in workspace.run("--encoding", "elvish", home).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have names of letters only")
@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("日記帳.md".encode("shift_jis"), "日記帳.md"),
        ("学习笔记.md".encode("gbk"), "学习笔记.md"),
        ("Дневник.md".encode("cp1251"), "дневник.md"),
        (b"a\xff\xfe\x81.md", "a-ff-fe-81.md"),
    ],
)
def test_a_file_name_that_is_not_utf_8_gets_a_readable_one(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    """It is decoded like a text, or its bytes are written out; the ledger can be written."""
    workspace = ImportWorkspace(tmp_path)
    home = tmp_path / "names"
    home.mkdir()
    Path(os.fsdecode(os.fsencode(home) + b"/" + raw)).write_text("# Title\n\nsoftmax\n", "utf-8")
    workspace.bring(home)
    assert [path.name for path in workspace.paths.imported.iterdir()] == [name]
    assert "Nothing new to import." in workspace.bring(home)
