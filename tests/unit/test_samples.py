"""Names, places and lines of the four languages."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor

import pytest

from screenplay_mock import samples
from screenplay_mock.core.screenplay import PLACEHOLDER, Words
from screenplay_mock.samples import PEOPLE, language_of, words

LANGUAGES = sorted(samples.LANGUAGES.values())

# letters that text in each language must have, and letters that it must not
HAN = range(0x4E00, 0xA000)
KANA = range(0x3041, 0x3100)
HANGUL = range(0xAC00, 0xD7A4)
SCRIPTS = {
    "zh-CN": ((HAN,), (KANA, HANGUL)),
    "en": ((range(ord("a"), ord("z") + 1),), (HAN, KANA, HANGUL)),
    "ko": ((HANGUL,), (HAN, KANA)),
    "ja": ((KANA, HAN), (HANGUL,)),
}


def banks(words: Words) -> list[str]:
    return [*words.dialogue, *words.close_ups, *words.views, *words.scenes]


def has_letter_of(text: str, ranges: tuple[range, ...]) -> bool:
    return any(ord(letter) in each for letter in text for each in ranges)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("ZH_cn", "zh-CN"),
        ("en", "en"),
        ("en-GB", "en"),
        ("KO", "ko"),
        ("ko_KR", "ko"),
        ("ja-JP", "ja"),
        (" ja ", "ja"),
        ("fr", "en"),
        ("zhx", "en"),
        ("", "en"),
        ("-", "en"),
        ("中文", "en"),
    ],
)
def test_a_code_asks_for_a_language_by_its_primary_tag(code: str, language: str) -> None:
    assert language_of(code) == language


def test_words_say_the_language_that_was_used() -> None:
    assert words("zh-TW", 1).language == "zh-CN"
    assert words("tlh", 1) == words("en", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_gives_the_same_words_and_another_seed_others(language: str) -> None:
    once = words(language, 1)
    other = words(language, 2)
    assert words(language, 1) == once
    assert other.people != once.people
    assert other.places != once.places
    assert banks(other) == banks(once)


def test_threads_that_draw_at_once_do_not_disturb_one_another() -> None:
    wanted = [(language, seed) for seed in range(20) for language in LANGUAGES]
    expected = [words(*each) for each in wanted]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda each: words(*each), wanted * 3)) == expected * 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_people_share_a_name_or_an_alias(language: str) -> None:
    for seed in range(50):
        people = words(language, seed).people
        assert len(people) == PEOPLE
        assert len({person.name for person in people}) == PEOPLE
        assert len({person.alias for person in people}) == PEOPLE
        assert all(person.alias in person.name and person.alias != person.name for person in people)
        assert all(len(person.alias) > 1 for person in people)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banks_are_large_and_without_doubles(language: str) -> None:
    bank = words(language, 1)
    assert len(bank.dialogue) >= 40
    assert len(bank.close_ups) + len(bank.views) >= 12
    assert len(bank.scenes) >= 10
    assert len(bank.places) >= 10
    assert len(set(banks(bank))) == len(banks(bank))


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_stand_where_somebody_fills_them(language: str) -> None:
    bank = words(language, 1)
    assert all(text.count(PLACEHOLDER) == 1 for text in bank.close_ups)
    assert any(PLACEHOLDER in text for text in bank.dialogue)
    assert not any(PLACEHOLDER in text for text in (*bank.views, *bank.scenes, *bank.places))
    fields = {field for text in banks(bank) for _, field, _, _ in string.Formatter().parse(text) if field}
    assert fields == {"name"}
    assert not any("{" in place for place in bank.places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_in_the_letters_of_its_language(language: str) -> None:
    bank = words(language, 1)
    own, foreign = SCRIPTS[language]
    names = [person.name for person in bank.people]
    for text in (*banks(bank), *names, *bank.places):
        assert has_letter_of(text, own), text
        assert not has_letter_of(text, foreign), text
