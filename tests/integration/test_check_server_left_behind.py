"""What a run spends, leaves behind and writes down where the server lies about it, loses it, or says it aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from tests.broken_servers.edits import broken, hang_up, header, ok, put, says, succeeds
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.selection import Selection
from screenplay_contracts.server.account import data_of
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.media import VIDEO_SECONDS, tiny_mp4
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.phases import SCRIPT, Options, Phase, Played
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.run import Ran, run
from screenplay_contracts.server.session import Session
from screenplay_contracts.server.target import Target
from screenplay_mock.testing.admin import Admin

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.testing import RunningServer

DOLLAR = 1_000_000
VIDEO = tiny_mp4(VIDEO_SECONDS)
#: Bodies cannot be read: an HTML page from before the API.
PAGE = (header("Content-Type", "text/html"), lambda _, answer, __: setattr(answer, "body", b"<html>"))


def ran(
    server: RunningServer,
    fault: Fault,
    play: Callable[[Session], None] | None = None,
    *,
    key: str,
    **given: Any,
) -> tuple[Ran, Target]:
    """
    What came of *play*, or of the script, against the fake as if it were somebody else's that is broken so.

    *given* may have the budget in `dollars`, and a `dialect`.
    """

    def played(session: Session, _: Options) -> Played:
        assert play is not None
        play(session)
        return Played()

    with Proxy(server.origin, fault) as proxy:
        budget = Budget(given.get("dollars", 12) * DOLLAR)
        target = Target(proxy.url + BASE_PATH, key, foreign=True, budget=budget, paced=0, patience=1)
        phases = [SCRIPT if play is None else Phase("played", played)]
        return run(target, DIALECTS[given.get("dialect", "documented")], Options(Selection()), phases=phases), target


def key_of(test: str) -> str:
    return f"sk-mai-{crc32(test.encode()):08x}"  # no words in it, since some are magic


def submit(session: Session) -> None:
    account = session.account()
    asset_id = account.uploaded(VIDEO, "a.mp4")
    assert asset_id is not None
    account.knows_length(asset_id, VIDEO_SECONDS)
    account.submit(asset_id)


def upload(session: Session) -> None:
    session.account().upload(VIDEO, "a.mp4")


@pytest.mark.parametrize("total", [0, -600.0, 1, float("inf"), None, "60"])
def test_a_budget_is_kept_although_the_server_says_that_nothing_costs(
    screenplay_server: RunningServer, total: object
) -> None:
    key = key_of(f"cheap {total}")
    fault = broken(ok("submitTask"), put("data.total_duration_seconds", total))
    come, target = ran(screenplay_server, fault, key=key, dollars=2)
    charges = Admin(screenplay_server, key=key).call("GET", "/account")["charges"]
    assert 0 < sum(one["micro_dollars"] for one in charges) <= target.budget.spent <= 2 * DOLLAR
    assert any(f"spent ${target.budget.spent / DOLLAR:.6f} of $2.00" in note for note in come.notes)


def test_a_video_that_is_said_to_be_longer_is_counted_as_that(screenplay_server: RunningServer) -> None:
    fault = broken(ok("submitTask"), put("data.total_duration_seconds", 600))
    _, target = ran(screenplay_server, fault, submit, key=key_of("dear"))
    assert 10 * DOLLAR < target.budget.spent < 11 * DOLLAR


def test_of_two_lengths_of_an_asset_the_longer_one_is_held(screenplay_server: RunningServer) -> None:
    def play(session: Session) -> None:
        account = session.account()
        for seconds in (61, 42):  # by a server that gives the same id to two videos
            account.knows_length("re_abc001", seconds)
        account.submit("re_abc001")

    _, target = ran(screenplay_server, Fault(), play, key=key_of("two lengths"))
    assert target.budget.spent >= 2 * DOLLAR


@pytest.mark.parametrize("edits", [[hang_up], [says(504, "x"), *PAGE], [succeeds({})], [says(403, "x"), *PAGE]])
def test_a_submission_without_a_usable_answer_is_counted_and_told(
    screenplay_server: RunningServer, edits: list[Callable[[Ask, Answer, Memory], None]]
) -> None:
    come, target = ran(screenplay_server, broken(ok("submitTask"), *edits), submit, key=key_of("lost"))
    assert target.budget.spent >= DOLLAR
    assert "1 submission may have been accepted though its answer was lost" in come.notes


def test_an_upload_without_an_answer_is_told(screenplay_server: RunningServer) -> None:
    def twice(session: Session) -> None:
        upload(session)
        upload(session)

    come, _ = ran(screenplay_server, broken(ok("uploadAsset"), hang_up), twice, key=key_of("lost uploads"))
    assert "2 uploads may have been stored though their answers were lost" in come.notes


def test_a_submission_that_was_interrupted_is_counted_and_told(screenplay_server: RunningServer) -> None:
    def interrupted(session: Session) -> None:
        def interrupt(_: object) -> None:
            raise KeyboardInterrupt

        recorder, account = Recorder(on_exchange=interrupt), session.account()
        account.client = type(account.client)(
            session.target.base_url, session.target.key, recorder, account=account.label
        )
        try:
            account.submit("re_abc001")
        finally:
            account.client.close()

    come, target = ran(screenplay_server, Fault(), interrupted, key=key_of("interrupted"))
    assert not come.complete
    assert target.budget.spent == 5 * DOLLAR


def test_a_refused_submission_is_not_told(screenplay_server: RunningServer) -> None:
    come, target = ran(
        screenplay_server, broken(ok("submitTask"), says(402, "no money")), submit, key=key_of("refused")
    )
    assert target.budget.spent < DOLLAR
    assert not [note for note in come.notes if "may have been" in note]


@pytest.mark.parametrize("status", [403, 401, 409, 429, 500, 302])
def test_an_asset_whose_deletion_was_not_confirmed_is_told(screenplay_server: RunningServer, status: int) -> None:
    fault = broken(lambda ask, _: ask.operation == "deleteAsset", says(status, "Forbidden"))
    if status == 429:
        fault = broken(lambda ask, _: ask.operation == "deleteAsset", says(400, "Request has exceeded the limit."))
    come, _ = ran(screenplay_server, fault, upload, key=key_of(f"kept {status}"), dialect="live")
    assert len([note for note in come.notes if "could not be deleted" in note]) == 1


def test_an_asset_that_the_server_does_not_have_any_more_is_not_told(screenplay_server: RunningServer) -> None:
    fault = broken(lambda ask, _: ask.operation == "deleteAsset", says(400, "Asset not found"))
    come, _ = ran(screenplay_server, fault, upload, key=key_of("gone"))
    assert not [note for note in come.notes if "could not be deleted" in note]


@pytest.mark.parametrize("lost", [False, True])
def test_what_was_stored_by_a_signed_url_is_deleted_although_its_answer_has_no_id(
    screenplay_server: RunningServer, *, lost: bool
) -> None:
    def play(session: Session) -> None:
        account = session.account()
        signed = data_of(account.send("POST", "/upload/signed-url", {"original_filename": "a.mp4"}))
        url = signed["signed_url"]
        account.upload(VIDEO, "a.mp4", path=url, headers={"Authorization": None})

    key = key_of(f"signed {lost}")
    ran(screenplay_server, broken(ok("storeAsset"), hang_up if lost else succeeds({})), play, key=key)
    assert Admin(screenplay_server, key=key).call("GET", "/assets")["assets"] == []


def _says_the_key(ask: Ask, answer: Answer, _: Memory) -> None:
    if ask.key and isinstance(answer.json, dict):
        put("msg", lambda msg: f"{msg} ({ask.key})")(ask, answer, _)
        put("data.echo", ask.key)(ask, answer, _)
        answer.headers |= {"X-Echo": ask.key, f"X-{ask.key.replace(chr(32), chr(45))}": "1"}


def _asked_by_all(session: Session) -> None:
    other = session.other()
    assert other is not None
    for account in (session.account(), other, session.visitor("invalid")):
        account.status("nobodys")
        account.upload(VIDEO, "a.mp4")


@pytest.mark.parametrize("admin", [False, True])
def test_keys_that_a_server_says_aloud_are_in_nothing_that_is_written_down(
    screenplay_server: RunningServer, *, admin: bool
) -> None:
    def play(session: Session, _: Options) -> Played:
        _asked_by_all(session)
        return Played()

    with Proxy(screenplay_server.origin, Fault(answer=_says_the_key)) as proxy:
        target = Target(
            proxy.url + BASE_PATH,
            "sk-mai-canary-in-a-coal-mine",
            other_key="sk-mai-another-coal-mine",
            admin_url=proxy.url + ADMIN if admin else None,
        )
        come = run(
            target,
            DIALECTS["documented"],
            Options(Selection(), chapters=frozenset({"door", "shapes", "life", "uploads"})),
            phases=[SCRIPT] if admin else [Phase("played", play)],
        )
    told = "coal" in repr(come)  # too long a text to be shown by an assertion
    assert not told
    assert any(b"[redacted]" in (one.response_body or b"") for one in come.exchanges)


def test_ids_and_urls_that_have_the_key_in_them_still_lead_where_they_led(screenplay_server: RunningServer) -> None:
    key = key_of("in ids")

    def request(ask: Ask, _: Memory) -> None:
        ask.target = ask.target.replace(f"{key}.", "")
        ask.body = ask.body.replace(f"{key}.".encode(), b"")

    def answer(ask: Ask, given: Answer, _: Memory) -> None:
        for name in ("task_id", "asset_id"):
            put(f"data.{name}", lambda one: one and f"{key}.{one}")(ask, given, _)

    seen: list[object] = []

    def play(session: Session) -> None:
        account = session.account()
        asset_id = account.uploaded(VIDEO, "a.mp4")
        assert asset_id is not None
        account.knows_length(asset_id, VIDEO_SECONDS)
        seen.extend([asset_id, account.status(account.submitted(asset_id))])

    come, _ = ran(screenplay_server, Fault(request, answer), play, key=key)
    assert seen[1] in {"pending", "running"}
    assert str(seen[0]).startswith("[redacted]*****.re_")
    told = key in repr(come)
    assert not told


def test_a_sandbox_that_could_not_be_deleted_is_told(screenplay_server: RunningServer) -> None:
    fault = broken(lambda ask, _: ask.target == f"{ADMIN}/sandbox", says(500, "x"))
    recorder = Recorder()
    with Proxy(screenplay_server.origin, fault) as proxy, Receiver(recorder) as receiver:
        target = Target(proxy.url + BASE_PATH, key_of("sandboxes"), admin_url=proxy.url + ADMIN)
        session = Session(target, DIALECTS["documented"], recorder, receiver)
        session.account()
        session.visitor("invalid")
        assert session.clean() == ["2 sandboxes of the run could not be deleted"]
