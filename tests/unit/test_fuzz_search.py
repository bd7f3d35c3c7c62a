"""The search for what breaks a client, and for the smallest of it, with a player that only computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.client.fuzz.invariants import INVARIANTS
from screenplay_contracts.client.fuzz.search import Limits, Search
from screenplay_contracts.client.observation import Charge, Observation, Process, Request
from screenplay_mock.scenarios import ScenarioError, from_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screenplay_contracts.client.fuzz.situation import Situation

    Breaks = Callable[[Situation], bool]

ENDED = Process(0.0, 0.1, 1, b"", b"", 0)
POST = Request(1, 0.01, "api", 1, "POST", "/serve/api/v2/screenplay/tasks", (), b"{}", operation="submitTask")
PAID = Charge("submit", "t", 1_000_000)


class Player:
    """Plays nothing: a client pays twice where *breaks* says so. `played` are the situations, in their order."""

    def __init__(self, breaks: Breaks, *, requests: tuple[Request, ...] = (POST,)) -> None:
        self.played: list[Situation] = []
        self._breaks, self._requests = breaks, requests

    def __call__(self, situations: Sequence[Situation]) -> Iterator[tuple[Situation, Observation | None]]:
        for one in situations:
            self.played.append(one)
            if not is_scenario(one):
                yield one, None
                continue
            charges = (PAID, PAID) if self._breaks(one) else (PAID,)
            yield one, seen(one, charges=charges, requests=self._requests)


def is_scenario(situation: Situation) -> bool:
    try:
        from_data(situation.file)
    except ScenarioError:
        return False
    return True


def seen(situation: Situation, **what: Any) -> Observation:
    rest: dict[str, Any] = {"connections": (), "deliveries": (), "files": (), "tasks": {"t": "failed"}}
    return Observation(situation.case("x.yaml", 2), "sk-key", "http://x", processes=(ENDED,), **rest, **what)


def faults(situation: Situation) -> list[dict[str, Any]]:
    return list(situation.scenario.get("faults", []))


def has_lost_answer(situation: Situation) -> bool:
    """Whether a submission is accepted, and its answer gets lost."""
    return any(one["on"] == "submitTask" and "after" in str(one.get("when")) for one in faults(situation))


def never(_: Situation) -> bool:
    return False


def search(player: Player, **limits: Any) -> Search:
    return Search(player, Limits(**limits))


def test_what_breaks_is_found_and_made_as_small_as_it_can_be() -> None:
    player = Player(has_lost_answer)
    found = search(player).run(())
    assert found is not None
    assert found.invariant.name == "pays-once"
    (one,) = faults(found.situation)
    assert {*one} - {"on", "when"} in ({"status"}, {"close"}, {"reset"}, {"html"}, {"empty"}, {"redirect"}, {"latency"})
    assert one["when"] == {"acceptance": "after"}
    assert found.situation.scenario.keys() == {"faults"}
    assert found.situation.job == {}


def test_two_things_that_break_it_only_together_stay_together() -> None:
    def needs_both(situation: Situation) -> bool:
        return {"getTask", "downloadTask"} <= {one["on"] for one in faults(situation)}

    found = search(Player(needs_both)).run(())
    assert found is not None
    assert sorted(one["on"] for one in faults(found.situation)) == ["downloadTask", "getTask"]


def test_where_nothing_breaks_so_many_different_situations_have_been_played() -> None:
    player = Player(never)
    this = search(player, max_examples=35)
    assert this.run(()) is None
    assert this.played == len(player.played) == len({one.text for one in player.played}) == 35
    assert (player.played[0].scenario["tasks"], player.played[0].job) == (
        {"pending_for": "0ms", "running_for": "50ms"},
        {},
    )


def test_the_same_seed_searches_in_the_same_way() -> None:
    def played(seed: int, breaks: Breaks) -> list[str]:
        player = Player(breaks)
        search(player, seed=seed, max_examples=40).run(())
        return [one.text for one in player.played]

    assert played(1, never) == played(1, never) != played(2, never)
    assert played(3, has_lost_answer) == played(3, has_lost_answer)


def test_several_at_a_time_find_the_same() -> None:
    def found(at_once: int) -> str:
        one = Search(Player(has_lost_answer), Limits(seed=3), at_once).run(())
        assert one is not None
        return one.situation.text

    assert found(1) == found(4)


def test_what_happens_once_is_no_finding() -> None:
    met: set[str] = set()

    def breaks_once(situation: Situation) -> bool:
        is_new = situation.text not in met
        met.add(situation.text)
        return is_new

    player = Player(breaks_once)
    assert search(player, max_examples=12).run(()) is None
    assert len(player.played) == 2 * 12, "each is played again, alone"


def test_what_breaks_in_the_end_no_more_is_not_the_smallest() -> None:
    times: dict[str, int] = {}

    def shrinks_by_chance(situation: Situation) -> bool:
        times[situation.text] = times.get(situation.text, 0) + 1
        return has_lost_answer(situation) and (len(faults(situation)) > 1 or times[situation.text] == 1)

    found = search(Player(shrinks_by_chance), seed=2).run(())
    assert found is not None
    assert len(faults(found.situation)) == 2


def test_a_client_that_breaks_where_nothing_is_unusual_is_not_searched_any_further() -> None:
    this = search(Player(lambda _: True))
    found = this.run(())
    assert found is not None
    assert (found.situation.scenario, found.situation.job) == ({}, {})
    assert this.played == 1


def test_of_a_client_that_sends_nothing_nothing_is_said() -> None:
    player = Player(lambda _: True, requests=())
    assert search(player).run(()) is None
    assert len(player.played) == 2


def test_what_is_not_sought_is_not_found() -> None:
    player = Player(lambda _: True)
    others = tuple(one for one in INVARIANTS if one.name != "pays-once")
    assert Search(player, Limits(max_examples=5), sought=others).run(()) is None


def test_making_it_smaller_ends_when_patience_does() -> None:
    wanted = search(Player(has_lost_answer), seed=5)
    hasty = search(Player(has_lost_answer), seed=5, patience=1)
    assert wanted.run(()) is not None
    assert hasty.run(()) is not None
    assert hasty.replayed < wanted.replayed


def test_no_time_is_no_search() -> None:
    player = Player(never)
    assert search(player, seconds=1e-9).run(()) is None
    assert len(player.played) <= 1


def test_progress_and_findings_are_told() -> None:
    told: list[int] = []
    sizes: list[int] = []
    this = Search(
        Player(has_lost_answer),
        Limits(seed=3),
        on_example=lambda one: told.append(one.played + one.replayed),
        on_found=lambda one: sizes.append(len(one.situation.text)),
    )
    this.run(())
    assert told == sorted(told)
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 1


@pytest.mark.parametrize("problem", [OSError("no disk"), KeyboardInterrupt()])
def test_what_keeps_an_example_from_being_played_ends_the_search(problem: BaseException) -> None:
    def fails(situation: Situation) -> bool:
        if faults(situation):
            raise problem
        return False

    with pytest.raises(type(problem)):
        search(Player(fails)).run(())
