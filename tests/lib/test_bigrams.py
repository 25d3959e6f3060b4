import os
import random
import sqlite3

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases import empty_postgres_url

from shequtong.lib.bigrams import FTS5_TOKENIZER, bigram_query, bigrams, fold, fts5, tsquery


@pytest.fixture(scope="module")
def index():
    database = sqlite3.connect(":memory:")
    database.execute(f'CREATE VIRTUAL TABLE post USING fts5(tokens, tokenize="{FTS5_TOKENIZER}")')
    return database


def found(index, text: str, query: str) -> bool:
    index.execute("DELETE FROM post")
    index.execute("INSERT INTO post VALUES (?)", (bigrams(text),))
    match = fts5(bigram_query(query))
    return bool(index.execute("SELECT 1 FROM post WHERE post MATCH ?", (match,)).fetchone())


def test_text_becomes_overlapping_pairs_and_whole_words():
    assert bigrams("社区通知: iPhone15在3号楼!") == "社区 区通 通知 知 iphone 15 在 3 号楼 楼"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("电梯又坏了", "电梯"),
        ("电梯又坏了", "梯"),
        ("电梯又坏了", "了"),
        ("电梯又坏了", "电"),
        ("電梯又壞了", "电梯 坏了"),
        ("电梯又坏了", "電梯"),
        ("乾隆年间的衣服晒乾了", "干了"),
        ("乾隆年间", "乾隆"),
        ("3号楼202室", "3号"),
        ("3号楼202室", "3号楼202"),
        ("WiFi密码在楼下", "wifi密码"),
        ("WiFi密码在楼下", "wifi密"),
        ("Wi-Fi", "wi-fi"),
        ("𠮷野家的䶮先生", "𠮷野"),
        ("㐂𬂩𮯠龘", "𬂩𮯠龘"),
        ("宝月尚园居委会", "尚园居委"),
    ],
)
def test_a_reader_finds_what_is_there(index, text, query):
    assert found(index, text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("社区。区通", "社区通"),
        ("社区 小区通知", "社区通"),
        ("13号楼", "3号楼"),
        ("1024", "10"),
        ("电梯又坏了", "楼梯"),
        ("电。梯", "电梯"),
    ],
)
def test_a_reader_does_not_find_what_is_not_there(index, text, query):
    assert not found(index, text, query)


LETTERS = st.text("甲乙丙丁𠮷", min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(text=st.text("甲乙丙丁𠮷a1 。", max_size=30), word=LETTERS)
def test_recall_and_precision_are_complete_for_one_to_four_characters(index, text, word):
    assert found(index, text, word) == (word in text)


def test_postgresql_finds_the_same(pytestconfig):
    if "postgresql" not in pytestconfig.getoption("--databases"):
        return
    chance = random.Random(7)
    with psycopg.connect(empty_postgres_url(os.environ.get("PYTEST_XDIST_WORKER", "alone"))) as connection:
        for _ in range(500):
            text = "".join(chance.choices("甲乙丙丁𠮷𮯠a1 。", k=chance.randint(0, 30)))
            word = "".join(chance.choices("甲乙丙丁𠮷𮯠", k=chance.randint(1, 4)))
            found = connection.execute(
                "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
                (bigrams(text), tsquery(bigram_query(word))),
            )
            assert found.fetchone() == (word in text,), (text, word)


@given(st.text())
def test_no_query_breaks_the_search_syntax(index, query):
    """I3: quotes, stars and operators are words or nothing."""
    phrases = bigram_query(query)
    if phrases:
        found(index, "x", query)
    assert not {*"\"'*&|!():<>^ "} & {*"".join(token for phrase in phrases for token in phrase.tokens)}


def test_width_case_and_traditional_forms_are_one():
    assert fold("ＷｉＦｉ　電梯") == "wifi 电梯"


def test_both_databases_are_asked_the_same():
    phrases = bigram_query("区通知, 3号 电梯")
    assert fts5(phrases) == '"区通 通知" AND "3 号"* AND "电梯"'
    assert tsquery(phrases) == "('区通' <-> '通知') & ('3' <-> '号':*) & ('电梯')"
    assert bigram_query("!?* \"'") == ()
