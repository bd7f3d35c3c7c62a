"""The script against the fake: nothing is wrong with it, nothing is left open, nothing of anybody else's is touched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.selection import Selection
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.connecting import CannotConnect, connected
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.phases import SCRIPT, Options, Phase, Played
from screenplay_contracts.server.run import Ran, run
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import Verdict, exit_code
from screenplay_mock.core.dialect import DIALECTS as SPOKEN
from screenplay_mock.core.dialect import SWITCHES, with_switches
from screenplay_mock.sandbox import LOCAL_KEY, Defaults, shortened
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.testing.admin import Admin, RunningServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenplay_contracts.server.session import Session

KEY = "sk-mai-integration"
OTHERS = with_switches(SPOKEN["documented"], {switch: values[-1] for switch, values in SWITCHES.items()})


@pytest.fixture(scope="module")
def fakes() -> Iterator[Callable[..., RunningServer]]:
    """Fakes with other defaults than usual; each is started once."""
    from contextlib import ExitStack

    with ExitStack() as opened:
        known: dict[Defaults, RunningServer] = {}

        def fake(**defaults: object) -> RunningServer:
            wanted = Defaults(**defaults)  # type: ignore[arg-type]
            if wanted not in known:
                thread = opened.enter_context(ServerThread(Settings(port=0, defaults=wanted)))
                known[wanted] = RunningServer(thread.server.origin)
            return known[wanted]

        yield fake


def played(target: Target, *, dialect: str | None = None, **given: object) -> Ran:
    there, spoken = connected(target, dialect=dialect, **given)  # type: ignore[arg-type]
    return run(there, spoken, Options(Selection()), phases=[SCRIPT])


def verdicts(ran: Ran) -> dict[str, list[str]]:
    """The checks that did not pass, by verdict."""
    found: dict[str, list[str]] = {}
    for one in ran.results:
        if one.verdict is not Verdict.PASSED:
            found.setdefault(one.verdict.value, []).append(one.check.name)
    return found


@pytest.mark.parametrize("spoken", [*SPOKEN.values(), OTHERS], ids=[*SPOKEN, "all other switches"])
def test_the_fake_keeps_every_promise_in_every_dialect(fakes: Callable[..., RunningServer], spoken: object) -> None:
    ran = played(Target(fakes(dialect=spoken).base_url, KEY))
    assert verdicts(ran) == {}
    assert ran.notes == ()


def test_two_runs_with_one_seed_send_the_same_and_say_the_same(fakes: Callable[..., RunningServer]) -> None:
    first, second, other = (played(Target(fakes().base_url, KEY, seed=seed)) for seed in (7, 7, 8))

    def sent(ran: Ran) -> list[tuple[str, str, bytes | None]]:
        return [
            (one.method, one.url, one.request_body)
            for one in ran.exchanges
            if b"webhook_url" not in (one.request_body or b"")
        ]

    assert sent(first) == sent(second)
    assert sent(first) != sent(other)
    assert [(one.check, one.verdict, one.met) for one in first.results] == [
        (one.check, one.verdict, one.met) for one in second.results
    ]


def test_without_the_admin_api_time_passes_by_polling_and_no_must_is_left_open(
    fakes: Callable[..., RunningServer],
) -> None:
    server = fakes(clock="poll:30s")
    ran = played(Target(server.base_url, f"{KEY}-plain", other_key=f"{KEY}-plain-2", paced=0), admin=False)
    assert verdicts(ran).keys() == {"skipped"}
    assert exit_code(ran.results, strict=True) == 0
    assert [one for one in ran.exchanges if "/__admin" in one.url] == []
    assert Admin(server, key=f"{KEY}-plain").call("GET", "/assets")["assets"] == []


def test_without_another_key_isolation_is_skipped(fakes: Callable[..., RunningServer]) -> None:
    ran = played(Target(fakes(clock="poll:30s").base_url, f"{KEY}-alone", paced=0), admin=False)
    reasons = {one.check.name: one.reason for one in ran.results if one.verdict is Verdict.SKIPPED}
    assert "--other-key" in reasons["auth/other-key-sees-nothing"]


def test_the_keys_own_sandbox_is_not_touched_and_those_of_the_run_are_deleted(
    fakes: Callable[..., RunningServer],
) -> None:
    server = fakes(seed=3)  # a fake that nobody else has used
    own = Admin(server, key=KEY)
    own.call("PATCH", "/account", {"balance_micro_dollars": 7})
    before = own.call("GET", "/sandboxes")
    assert exit_code(played(Target(server.base_url, KEY)).results) == 0
    after = {one["key"] for one in own.call("GET", "/sandboxes")["sandboxes"]}
    assert after == {one["key"] for one in before["sandboxes"]} | {
        shortened(LOCAL_KEY)
    }  # that of requests without a key
    assert own.call("GET", "/requests") == {"requests": []}
    assert own.call("GET", "/account")["balance_micro_dollars"] == 7


def foreign(server: RunningServer, name: str, budget: int) -> Target:
    """The fake on another loopback name, as if it were somebody else's server."""
    base_url = server.base_url.replace("127.0.0.1", "localhost")
    return Target(base_url, f"{KEY}-{name}", foreign=True, budget=Budget(budget), paced=0, patience=20)


@pytest.mark.parametrize("dollars", [0, 0.5, 2, 12])
def test_a_budget_is_kept_with_the_accounts_charges_as_witness(
    fakes: Callable[..., RunningServer], dollars: float
) -> None:
    server = fakes(clock="poll:30s")
    target = foreign(server, f"budget-{dollars}", int(dollars * 1_000_000))
    ran = played(target)
    witness = Admin(server, key=target.key)
    charges = Counter({one["kind"]: one["micro_dollars"] for one in witness.call("GET", "/account")["charges"]})
    spent = sum(one["micro_dollars"] for one in witness.call("GET", "/account")["charges"])
    assert spent <= target.budget.spent <= dollars * 1_000_000
    assert bool(charges["submit"]) is (dollars >= 1)
    assert bool(charges["asset_download"]) is (dollars > 0)
    assert verdicts(ran).keys() == {"skipped"}
    assert any(f"of ${dollars:.2f}" in note for note in ran.notes)


def test_without_a_budget_nothing_is_sent_that_could_cost(fakes: Callable[..., RunningServer]) -> None:
    server = fakes(clock="poll:30s")
    target = foreign(server, "nothing", 0)
    played(target)
    operations = Counter(
        one["operation"]
        for one in Admin(server, key=target.key).call("GET", "/requests")["requests"]
        if one["response"]["status"] == 200
    )
    assert operations.keys() <= {"createSignedUrl", "getAssetMetadata", "deleteAsset"}


def test_what_was_started_is_cancelled_and_what_was_uploaded_is_deleted(fakes: Callable[..., RunningServer]) -> None:
    server = fakes(clock="poll:30s")
    target = foreign(server, "tidy", 12_000_000)

    def interrupted(session: Session, _: Options) -> Played:
        account = session.account()
        account.uploaded(b"a film", "film.mp4")
        account.submitted("re_abc001")
        raise KeyboardInterrupt

    ran = run(target, DIALECTS["documented"], Options(Selection()), phases=[Phase("interrupted", interrupted)])
    witness = Admin(server, key=target.key)
    assert [one["status"] for one in witness.call("GET", "/tasks")["tasks"]] == ["cancelled"]
    assert witness.call("GET", "/assets")["assets"] == []
    assert not ran.complete
    assert {one.verdict for one in ran.results} <= {Verdict.PASSED, Verdict.SKIPPED}


def test_what_could_not_be_cancelled_is_told(fakes: Callable[..., RunningServer]) -> None:
    server = fakes(clock="poll:1ms")
    target = replace(foreign(server, "stubborn", 12_000_000), patience=0.001)
    Admin(server, key=target.key).call("POST", "/faults", {"on": "cancelTask", "status": 503, "times": 10})

    def started(session: Session, _: Options) -> Played:
        session.account().submitted("re_abc001")
        return Played()

    ran = run(target, DIALECTS["documented"], Options(Selection()), phases=[Phase("started", started)])
    assert any("could not be cancelled" in note for note in ran.notes)


def test_a_phase_is_played_only_for_checks_that_were_asked_for(fakes: Callable[..., RunningServer]) -> None:
    target, spoken = connected(Target(fakes().base_url, KEY))
    ran = run(target, spoken, Options(Selection(run=("status/*",))), phases=[SCRIPT])
    assert {one.check.name.partition("/")[0] for one in ran.results} == {"status"}
    none = run(target, spoken, Options(Selection(run=("model/*",))), phases=[SCRIPT])
    assert (none.results, none.exchanges) == ((), ())


def test_nobody_there_is_told() -> None:
    with pytest.raises(CannotConnect, match="no server answers at http://127"):
        connected(Target("http://127.0.0.1:9/serve/api/v2", KEY))


def test_another_dialect_than_was_asked_for_is_told_with_both_names(fakes: Callable[..., RunningServer]) -> None:
    target = Target(fakes(dialect=SPOKEN["legacy"]).base_url, KEY)
    with pytest.raises(CannotConnect, match=r"'documented'.*'legacy'"):
        connected(target, dialect="documented")
    assert connected(target, dialect="legacy")[1] == DIALECTS["legacy"]
    assert connected(target)[1] == DIALECTS["legacy"]


def test_a_server_that_must_be_a_fake_and_is_none_is_told(fakes: Callable[..., RunningServer]) -> None:
    target = Target(fakes().base_url, KEY, admin_url="http://127.0.0.1:9/__admin")
    with pytest.raises(CannotConnect, match="no admin API"):
        connected(target, fake=True)
    assert connected(target, admin=False)[0].admin_url is None


def test_a_fake_that_takes_only_some_keys_is_told() -> None:
    with ServerThread(Settings(port=0, keys=frozenset({KEY}))) as thread:
        target = Target(thread.server.base_url, KEY)
        with pytest.raises(CannotConnect, match="--keys any"):
            connected(target)
        assert connected(target, admin=False)[0].admin_url is None
        with pytest.raises(CannotConnect, match="refuses the key"):
            connected(replace(target, key="sk-mai-stranger"), admin=False)


def test_an_admin_token_is_sent_to_the_admin_api_alone() -> None:
    with ServerThread(Settings(port=0, admin_token="hush")) as thread:
        ran = played(Target(thread.server.base_url, KEY, admin_token="hush"), fake=True)
        assert exit_code(ran.results) == 0
        tokens = {("/__admin" in one.url, one.sent_header("X-Admin-Token")) for one in ran.exchanges}
        assert tokens == {(True, "[redacted]"), (False, None)}
        with pytest.raises(CannotConnect, match="X-Admin-Token"):
            connected(Target(thread.server.base_url, KEY), fake=True)


def test_a_foreign_server_is_not_asked_for_an_admin_api(fakes: Callable[..., RunningServer]) -> None:
    assert connected(foreign(fakes(), "asks", 0))[0].admin_url is None


def test_no_key_is_in_what_was_recorded(fakes: Callable[..., RunningServer]) -> None:
    ran = played(Target(fakes().base_url, "sk-mai-canary-in-a-coal-mine"))
    assert "coal" not in repr((ran.exchanges, ran.received))
