"""The parts of a result agree with one another, whatever the episodes."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any
from typing import cast as cast_type

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock import samples
from screenplay_mock.core.screenplay import (
    CAST_SIZE,
    COLUMNS,
    PLACEHOLDER,
    EpisodeCut,
    Words,
    cast,
    namelist,
    script,
    scripts,
    sheet_rows,
    storyboard,
    transcript,
)
from screenplay_schemas import validator

LONGEST = 300_000  # milliseconds

words = st.builds(samples.words, st.sampled_from(sorted(samples.LANGUAGES.values())), st.integers(0, 3))
seeds = st.integers(0, 2**64 - 1)
durations = st.one_of(st.integers(0, 12_000), st.integers(0, LONGEST))
numbers = st.integers(1, 9_999).map(str)
cuts = st.builds(EpisodeCut, numbers, durations)
series = st.lists(cuts, max_size=30, unique_by=lambda cut: cut.number)

one_episode = settings(max_examples=60, deadline=None)
many_episodes = settings(max_examples=15, deadline=None)


def is_milliseconds(seconds: float) -> bool:
    return isinstance(seconds, float) and round(seconds, 3) == seconds


def spans(parts: list[Any]) -> list[tuple[float, float]]:
    return [(part["start"], part["end"]) for part in parts]


def shots_of(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [shot for scene in board["scenes"] for shot in scene["shots"]]


def assert_follow_gaplessly(parts: list[Any], start: float, end: float) -> None:
    """The *parts* fill the time from *start* to *end*, one after the other."""
    if not parts:
        assert start == end
        return
    assert parts[0]["start"] == start
    assert parts[-1]["end"] == end
    assert all(left["end"] == right["start"] for left, right in pairwise(parts))
    assert all(begin < stop for begin, stop in spans(parts))


@one_episode
@given(words, cuts, seeds)
def test_lines_are_in_order_inside_the_episode_and_never_overlap(words: Words, cut: EpisodeCut, seed: int) -> None:
    result = transcript(script(words, cut, seed))
    assert (result["episode"], result["language"]) == (cut.number, words.language)
    assert result["duration"] == cut.duration / 1000
    assert all(0 <= start < end <= result["duration"] for start, end in spans(result["lines"]))
    assert all(left["end"] <= right["start"] for left, right in pairwise(result["lines"]))
    assert all(is_milliseconds(time) for span in spans(result["lines"]) for time in span)


@one_episode
@given(words, cuts, seeds)
def test_scenes_fill_the_episode_and_shots_their_scene(words: Words, cut: EpisodeCut, seed: int) -> None:
    board = storyboard(script(words, cut, seed))
    assert board["episode"] == cut.number
    assert_follow_gaplessly(board["scenes"], 0, cut.duration / 1000)
    assert [scene["scene"] for scene in board["scenes"]] == list(range(1, len(board["scenes"]) + 1))
    for scene in board["scenes"]:
        assert_follow_gaplessly(scene["shots"], scene["start"], scene["end"])
        assert [shot["shot"] for shot in scene["shots"]] == list(range(1, len(scene["shots"]) + 1))


@one_episode
@given(words, cuts, seeds)
def test_transcript_and_storyboard_say_the_same_at_the_same_time(words: Words, cut: EpisodeCut, seed: int) -> None:
    made = script(words, cut, seed)
    lines = iter(transcript(made)["lines"])
    for shot in shots_of(storyboard(made)):
        heard = list(islice(lines, len(shot["dialogue"])))
        assert [{"speaker": line["speaker"], "text": line["text"]} for line in heard] == shot["dialogue"]
        assert all(shot["start"] <= start and end <= shot["end"] for start, end in spans(heard))
    assert list(lines) == []


@one_episode
@given(words, cuts, seeds)
def test_the_characters_of_a_scene_are_those_who_speak_in_it(words: Words, cut: EpisodeCut, seed: int) -> None:
    for scene in storyboard(script(words, cut, seed))["scenes"]:
        speakers = [line["speaker"] for shot in scene["shots"] for line in shot["dialogue"]]
        assert scene["characters"] == list(dict.fromkeys(speakers))


@one_episode
@given(words, cuts, seeds)
def test_a_picture_shows_one_who_speaks_in_it_or_nobody(words: Words, cut: EpisodeCut, seed: int) -> None:
    for shot in shots_of(storyboard(script(words, cut, seed))):
        shown = {person.name for person in words.people if person.name in shot["description"]}
        speakers = {line["speaker"] for line in shot["dialogue"]}
        assert shown <= speakers
        assert len(shown) == bool(speakers)


@one_episode
@given(words, cuts, seeds)
def test_nobody_answers_himself_within_a_scene(words: Words, cut: EpisodeCut, seed: int) -> None:
    for scene in script(words, cut, seed).scenes:
        assert all(left.speaker != right.speaker for left, right in pairwise(scene.lines))


@one_episode
@given(words, cuts, seeds)
def test_no_placeholder_is_left(words: Words, cut: EpisodeCut, seed: int) -> None:
    made = script(words, cut, seed)
    assert "{" not in str([line.text for line in made.lines])
    assert "{" not in str([(scene.location, scene.description) for scene in made.scenes])
    assert "{" not in str([shot.description for scene in made.scenes for shot in scene.shots])


@many_episodes
@given(words, series, seeds)
def test_the_namelist_names_exactly_the_speakers_of_each_episode(
    words: Words, cuts: list[EpisodeCut], seed: int
) -> None:
    made = list(scripts(words, cuts, seed))
    spoken = {
        script.episode: {line["speaker"] for line in transcript(script)["lines"]}
        for script in made
    }  # fmt: skip
    names = namelist(iter(made))["names"]
    listed = {episode: {entry["name"] for entry in names if episode in entry["episodes"]} for episode in spoken}
    assert listed == spoken
    assert all(entry["episodes"] == sorted(set(entry["episodes"]), key=int) for entry in names)
    assert all(entry["episodes"] for entry in names)
    assert len({entry["name"] for entry in names}) == len(names) <= CAST_SIZE


@many_episodes
@given(words, series, seeds)
def test_scripts_come_in_the_order_of_their_numbers(words: Words, cuts: list[EpisodeCut], seed: int) -> None:
    order = [(script.episode, script.duration) for script in scripts(words, cuts, seed)]
    assert order == sorted(((cut.number, cut.duration) for cut in cuts), key=lambda pair: int(pair[0]))


@many_episodes
@given(words, series, seeds)
def test_an_episode_does_not_depend_on_the_others(words: Words, cuts: list[EpisodeCut], seed: int) -> None:
    together = {script.episode: script for script in scripts(words, cuts, seed)}
    assert together == {cut.number: script(words, cut, seed) for cut in reversed(cuts)}


@many_episodes
@given(words, series, seeds)
def test_the_sheet_has_the_storyboard_row_by_row(words: Words, cuts: list[EpisodeCut], seed: int) -> None:
    made = list(scripts(words, cuts, seed))
    expected = [
        (
            int(board["episode"]),
            scene["scene"],
            shot["shot"],
            shot["start"],
            shot["end"],
            scene["location"],
            ", ".join(scene["characters"]),
            shot["description"],
            "\n".join(f"{line['speaker']}: {line['text']}" for line in shot["dialogue"]),
        )
        for board in map(storyboard, made)
        for scene in board["scenes"]
        for shot in scene["shots"]
    ]
    assert list(sheet_rows(made)) == [COLUMNS, *expected]


@many_episodes
@given(words, cuts, seeds)
def test_the_views_fit_their_schemas(words: Words, cut: EpisodeCut, seed: int) -> None:
    made = script(words, cut, seed)
    validator("transcript").validate(transcript(made))
    validator("storyboard").validate(storyboard(made))
    validator("namelist").validate(namelist([made]))


@pytest.mark.parametrize("language", sorted(samples.LANGUAGES.values()))
@pytest.mark.parametrize("duration", [0, 1, 40, 500, 2_999, 3_000, 60_000, LONGEST - 1, LONGEST])
def test_every_length_has_a_script_that_fits_it(language: str, duration: int) -> None:
    made = script(samples.words(language, 1), EpisodeCut("1", duration), 1)
    assert [scene.end for scene in made.scenes[-1:]] == [duration][: bool(duration)]
    lines = len(list(made.lines))
    assert lines == 0 if duration <= 500 else lines <= duration / 500
    assert lines >= duration // 60_000


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_another_seed_tells_another_story(seed: int) -> None:
    words, cut = samples.words("en", 0), EpisodeCut("1", 120_000)
    assert script(words, cut, seed) == script(words, cut, seed)
    assert script(words, cut, seed) != script(words, cut, seed + 1)


def test_other_episodes_tell_other_parts_with_the_same_cast() -> None:
    words = samples.words("en", 0)
    first, second = (script(words, EpisodeCut(number, 120_000), 7) for number in ("1", "2"))
    assert list(first.lines) != list(second.lines)
    assert {line.speaker for line in (*first.lines, *second.lines)} <= set(cast(words, 7))


def test_a_minute_is_mostly_talk_with_silent_shots_between() -> None:
    words = samples.words("zh-CN", 0)
    made = [script(words, EpisodeCut(str(number), 60_000), 7) for number in range(1, 51)]
    shots = [shot for script in made for scene in script.scenes for shot in scene.shots]
    silent = sum(not shot.lines for shot in shots)
    assert 0 < silent < len(shots) / 3


def words_of_one_line(text: str) -> Words:
    people = samples.words("en", 0).people
    return Words("en", 15, people, ("here",), (text,), (PLACEHOLDER,), ("nothing",), ("talk",))


def test_lines_call_people_by_their_alias() -> None:
    for scene in script(words_of_one_line(f"{PLACEHOLDER}!"), EpisodeCut("1", 60_000), 7).scenes:
        assert all(right.text == f"{left.speaker.alias}!" for left, right in pairwise(scene.lines))


def test_the_shortest_line_takes_half_a_second() -> None:
    lines = list(script(words_of_one_line("No."), EpisodeCut("1", 60_000), 7).lines)
    assert {line.end - line.start for line in lines} == {500}


def test_scripts_are_made_when_they_are_asked_for() -> None:
    impossible = EpisodeCut("2", cast_type("int", None))
    made = scripts(samples.words("en", 0), [EpisodeCut("1", 1_000), impossible], 7)
    assert next(made).episode == "1"
    with pytest.raises(TypeError):
        next(made)


def test_the_namelist_has_episodes_in_the_order_of_their_numbers_however_they_come() -> None:
    cuts = [EpisodeCut(str(number), 120_000) for number in range(1, 13)]
    made = list(scripts(samples.words("en", 0), cuts, 7))
    lists = [entry["episodes"] for entry in namelist(reversed(made))["names"]]
    assert lists == [sorted(numbers, key=int) for numbers in lists]
    assert any(numbers != sorted(numbers) for numbers in lists)
