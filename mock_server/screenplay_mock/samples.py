"""Seed to names, places and lines. The only importer of Faker, for names and towns; the lines are our own."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.screenplay import Person, Words

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["LANGUAGES", "language_of", "words"]

#: The languages that there are words for, by primary tag.
LANGUAGES = {"zh": "zh-CN", "en": "en", "ko": "ko", "ja": "ja"}
FALLBACK = "en"  # docs silent: accepted codes, and what becomes of others; English is read most widely

PEOPLE = 16  # twice a cast, so that series with other seeds differ in more than the order
SHORTEST_ALIAS = 2  # characters: a shorter one would be found inside other names

_drawing = Lock()  # a generator of Faker is shared: whoever seeds it draws all before another seeds it anew


def language_of(code: str) -> str:
    """Which of the four languages *code* asks for: by its primary tag, in any case; otherwise `en`."""
    return LANGUAGES.get(re.split("[-_]", code.strip(), maxsplit=1)[0].lower(), FALLBACK)


def words(language: str, seed: int) -> Words:
    """The words for a result in *language* (any code, see `language_of`): for one seed always the same."""
    language = language_of(language)
    bank = _bank(language)
    with _drawing:
        faker = _faker(bank["locale"])
        faker.seed_instance(seed)
        people = _people(faker, bank["name"], bank["alias"])
        places = tuple(setting.format(city=faker.city()) for setting in bank["settings"])
    return Words(
        language=language,
        pace=bank["pace"],
        people=people,
        places=places,
        dialogue=tuple(bank["dialogue"]),
        close_ups=tuple(bank["close_ups"]),
        views=tuple(bank["views"]),
        scenes=tuple(bank["scenes"]),
    )


def _people(faker: Faker, name: str, alias: str) -> tuple[Person, ...]:
    """PEOPLE people whose names and aliases, made after the patterns, all differ."""
    people: list[Person] = []
    taken: set[str] = set()
    while len(people) < PEOPLE:
        parts = {"first": faker.first_name(), "last": faker.last_name()}
        person = Person(name.format(**parts), alias.format(**parts))
        if len(person.alias) >= SHORTEST_ALIAS and taken.isdisjoint((person.name, person.alias)):
            people.append(person)
            taken |= {person.name, person.alias}
    return tuple(people)


@cache
def _bank(language: str) -> dict[str, Any]:
    file = files("screenplay_mock") / "samples_data" / f"{language}.json"
    bank: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return bank


@cache
def _faker(locale: str) -> Faker:
    from faker import Faker

    return Faker(locale)
