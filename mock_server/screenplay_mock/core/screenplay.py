"""
The made-up result of a task: one script for each episode. Transcript, storyboard, name list and sheet are
views of it, so that they agree.

A script depends on the words, the seed of the result and its own episode alone: each is made when it is asked
for, and a thousand never sit in memory together. A script's times are whole milliseconds, its views' seconds.

docs silent: every member of the result's files; the words of the vendor's diarization results are taken over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Stands in the banks for somebody: for who is spoken to in a line, for who is seen in the picture of a shot.
PLACEHOLDER = "{name}"

CAST_SIZE = 8  # people of a series; a short drama has few
SCENE_LENGTHS = (15_000, 45_000)  # milliseconds
SHOT_LENGTHS = (3_000, 9_000)
FRAME = 40  # milliseconds: cuts fall on the frames of 25 a second
LINES_OF_A_SHOT = (0, 1, 1, 2, 2, 3)  # one of these is drawn: every sixth shot is silent
PAUSES = (120, 900)  # milliseconds before a line
TRIES = 4  # lines that are tried for the rest of a shot before it falls silent

COLUMNS = ("Episode", "Scene", "Shot", "Start", "End", "Location", "Characters", "Description", "Dialogue")


@dataclass(frozen=True, slots=True)
class EpisodeCut:
    """What a script must fit: the episode's *number* (decimal digits) and its *duration* in milliseconds."""

    number: str
    duration: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast: the full name, which marks the lines, and the alias, by which others call."""

    name: str
    alias: str


@dataclass(frozen=True, slots=True)
class Words:
    """
    All that a script is put together from, in one language.

    `people` are at least two, no name and no alias twice. The banks, none of them empty, are `dialogue`
    (PLACEHOLDER is who is spoken to), `close_ups` (shots of PLACEHOLDER), `views` (shots of nobody) and
    `scenes` (what a scene is about). `pace` is how many characters are said in a second.
    """

    language: str
    pace: int
    people: tuple[Person, ...]
    places: tuple[str, ...]
    dialogue: tuple[str, ...]
    close_ups: tuple[str, ...]
    views: tuple[str, ...]
    scenes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    speaker: Person
    text: str


@dataclass(frozen=True, slots=True)
class Shot:
    start: int
    end: int
    description: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    start: int
    end: int
    location: str
    description: str
    shots: tuple[Shot, ...]

    @property
    def lines(self) -> Iterator[Line]:
        return (line for shot in self.shots for line in shot.lines)

    @property
    def characters(self) -> tuple[str, ...]:
        """The names of who speaks, in the order of their first lines. The pictures show nobody else."""
        return tuple(dict.fromkeys(line.speaker.name for line in self.lines))


@dataclass(frozen=True, slots=True)
class Script:
    """One episode. Its scenes and their shots follow one another without a gap from 0 to *duration*."""

    episode: str
    language: str
    duration: int
    scenes: tuple[Scene, ...]

    @property
    def lines(self) -> Iterator[Line]:
        return (line for scene in self.scenes for line in scene.lines)


def cast(words: Words, seed: int) -> tuple[Person, ...]:
    """The people of a series, the same for all its episodes."""
    return tuple(_random(seed, "cast").sample(words.people, min(CAST_SIZE, len(words.people))))


def script(words: Words, cut: EpisodeCut, seed: int) -> Script:
    """The script of one episode, from *words*, *seed* and *cut* alone. Without length it has no scenes."""
    random = _random(seed, cut.number)
    people = cast(words, seed)
    decks = _Decks(*(_deck(random, bank) for bank in (words.dialogue, words.close_ups, words.views)))
    summaries, places = _deck(random, words.scenes), _deck(random, words.places)
    scenes = []
    for start, end in _spans(random, 0, cut.duration, SCENE_LENGTHS):
        turns = _turns(random, random.sample(people, min(len(people), random.randint(2, 3))))
        shots = tuple(
            _shot(random, span, decks, turns, words.pace) for span in _spans(random, start, end, SHOT_LENGTHS)
        )
        scenes.append(Scene(start, end, next(places), next(summaries), shots))
    return Script(cut.number, words.language, cut.duration, tuple(scenes))


def scripts(words: Words, cuts: Iterable[EpisodeCut], seed: int) -> Iterator[Script]:
    """The scripts of *cuts* in the order of their numbers, each made when it is its turn."""
    return (script(words, cut, seed) for cut in sorted(cuts, key=lambda cut: int(cut.number)))


def transcript(script: Script) -> dict[str, Any]:
    """`{episode, language, duration, lines: [{start, end, speaker, text}]}`, in seconds."""
    return {
        "episode": script.episode,
        "language": script.language,
        "duration": _seconds(script.duration),
        "lines": [
            {
                "start": _seconds(line.start),
                "end": _seconds(line.end),
                "speaker": line.speaker.name,
                "text": line.text,
            }
            for line in script.lines
        ],
    }


def storyboard(script: Script) -> dict[str, Any]:
    """`{episode, scenes: [{scene, start, end, location, characters, description, shots}]}`, in seconds."""
    return {
        "episode": script.episode,
        "scenes": [
            {
                "scene": number,
                "start": _seconds(scene.start),
                "end": _seconds(scene.end),
                "location": scene.location,
                "characters": list(scene.characters),
                "description": scene.description,
                "shots": [_storyboard_shot(*numbered) for numbered in enumerate(scene.shots, 1)],
            }
            for number, scene in enumerate(script.scenes, 1)
        ],
    }


def namelist(scripts: Iterable[Script]) -> dict[str, Any]:
    """`{names: [{name, aliases, episodes}]}`: who speaks, in the order of their first lines in *scripts*."""
    episodes: dict[Person, list[str]] = {}
    for script in scripts:
        for speaker in dict.fromkeys(line.speaker for line in script.lines):
            episodes.setdefault(speaker, []).append(script.episode)
    return {
        "names": [
            {"name": person.name, "aliases": [person.alias], "episodes": sorted(numbers, key=int)}
            for person, numbers in episodes.items()
        ]
    }


def sheet_rows(scripts: Iterable[Script]) -> Iterator[tuple[str | int | float, ...]]:
    """
    The rows of a sheet: first COLUMNS, then one for each shot of *scripts*.

    Episode, scene and shot are whole numbers, start and end seconds; characters are those of the scene, one
    `speaker: text` a line is the dialogue.
    """
    yield COLUMNS
    for script in scripts:
        for scene_number, scene in enumerate(script.scenes, 1):
            characters = ", ".join(scene.characters)
            for shot_number, shot in enumerate(scene.shots, 1):
                yield (
                    int(script.episode),
                    scene_number,
                    shot_number,
                    _seconds(shot.start),
                    _seconds(shot.end),
                    scene.location,
                    characters,
                    shot.description,
                    "\n".join(f"{line.speaker.name}: {line.text}" for line in shot.lines),
                )


@dataclass(frozen=True, slots=True)
class _Decks:
    """Endless texts of one episode; none comes again before the whole bank has come."""

    dialogue: Iterator[str]
    close_ups: Iterator[str]
    views: Iterator[str]


def _random(seed: int, purpose: str) -> Random:
    return Random(f"{seed}/{purpose}")  # noqa: S311 - reproducible on purpose; of a string it is so everywhere


def _seconds(milliseconds: int) -> float:
    return milliseconds / 1000


def _deck(random: Random, bank: Sequence[str]) -> Iterator[str]:
    while True:
        yield from random.sample(bank, len(bank))


def _spans(random: Random, start: int, end: int, lengths: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """*start* to *end* cut into pieces of such *lengths*: the last may be longer, an only one shorter."""
    shortest, longest = lengths
    while start < end:
        cut = start + random.randrange(shortest, longest + 1, FRAME)
        stop = cut if end - cut >= shortest else end
        yield start, stop
        start = stop


def _turns(random: Random, people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Who speaks, and to whom: an answer goes to the one who spoke before."""
    speaker, listener = random.sample(people, 2)
    while True:
        yield speaker, listener
        speaker, listener = random.choice([person for person in people if person is not speaker]), speaker


def _shot(
    random: Random, span: tuple[int, int], decks: _Decks, turns: Iterator[tuple[Person, Person]], pace: int
) -> Shot:
    start, end = span
    lines: list[Line] = []
    for _ in range(random.choice(LINES_OF_A_SHOT)):
        begin = (lines[-1].end if lines else start) + random.randint(*PAUSES)
        candidates = ((text, begin + _spoken_for(text, pace)) for text in islice(decks.dialogue, TRIES))
        fitting = next(((text, stop) for text, stop in candidates if stop <= end), None)
        if fitting is None:
            break
        text, stop = fitting
        speaker, listener = next(turns)
        lines.append(Line(begin, stop, speaker, text.replace(PLACEHOLDER, listener.alias)))
    if not lines:
        return Shot(start, end, next(decks.views), ())
    picture = next(decks.close_ups).replace(PLACEHOLDER, random.choice(lines).speaker.name)
    return Shot(start, end, picture, tuple(lines))


def _spoken_for(text: str, pace: int) -> int:
    """How many milliseconds it takes to say *text*, at least half a second."""
    return max(500, len(text) * 1000 // pace)


def _storyboard_shot(number: int, shot: Shot) -> dict[str, Any]:
    return {
        "shot": number,
        "start": _seconds(shot.start),
        "end": _seconds(shot.end),
        "description": shot.description,
        "dialogue": [{"speaker": line.speaker.name, "text": line.text} for line in shot.lines],
    }
