"""The first contact, and its loss: who is judged at all, who is told instead, how a run ends without its server."""

from __future__ import annotations

from contextlib import ExitStack
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.broken_servers.catalogue import ROWS
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.selection import Selection
from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.claim import LABEL
from screenplay_contracts.server.connecting import connected
from screenplay_contracts.server.contact import CannotConnect, check_there
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.magic import NOBODYS_TASK
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.phases import MODEL, SCHEMATHESIS, SCRIPT, Options, Phase, Played
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.run import Ran, run
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import Finding, Verdict, judged
from screenplay_mock.core.dialect import DIALECTS as SPOKEN
from screenplay_mock.core.dialect import with_switches
from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.testing.admin import Admin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.broken_servers.row import Broken

    from screenplay_contracts.server.session import Session
    from screenplay_mock.testing import RunningServer

KEY = "sk-mai-contact"


# An admin API that is wanted and not there


@pytest.mark.parametrize(
    "given", [{"admin_url": "http://127.0.0.1:9/__admin"}, {"admin_token": "wrong"}], ids=["another place", "a token"]
)
def test_an_admin_api_that_was_named_and_is_not_to_be_had_is_told(given: dict[str, str]) -> None:
    with ServerThread(Settings(port=0, admin_token="hush")) as thread:
        target = Target(thread.server.base_url, KEY, **given)  # type: ignore[arg-type]
        with pytest.raises(CannotConnect, match=r"no admin API .*(refused|X-Admin-Token).*--admin-url.*--no-admin"):
            connected(target)
        assert connected(target, admin=False)[0].admin_url is None


def test_a_run_says_whether_it_has_an_admin_api_and_why_not(screenplay_server: RunningServer) -> None:
    target = Target(screenplay_server.base_url, KEY)
    assert connected(target)[0].ways == f"admin API {screenplay_server.origin}{ADMIN}"
    assert connected(target, admin=False)[0].ways == "no admin API (--no-admin): polling in real time, magic assets"
    with ServerThread(Settings(port=0, admin_token="hush")) as thread:
        ways = connected(Target(thread.server.base_url, KEY))[0].ways
    assert ways.startswith("no admin API (HTTP 401: ")
    foreign = Target(screenplay_server.base_url, KEY, foreign=True, admin_token="for serve")
    assert connected(foreign)[0].ways.endswith("not on this machine): polling in real time")


@pytest.mark.parametrize("key", ["sk-invalid", "sk-xDISABLED", "sk-broke"])
def test_a_magic_key_is_told_as_such(screenplay_server: RunningServer, key: str) -> None:
    with pytest.raises(CannotConnect, match=r"the key has '\w+' in it.*another --key"):
        connected(Target(screenplay_server.base_url, key))


# Servers that are none


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def files() -> Iterator[str]:
    """The address of a server of files, such as `python -m http.server`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        thread = Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["", "/serve/api/v1"])
def test_a_path_that_is_not_that_of_the_api_is_told(screenplay_server: RunningServer, path: str) -> None:
    with pytest.raises(CannotConnect, match=r"HTTP 404, application/json\): is the path /serve/api/v2 missing"):
        connected(Target(screenplay_server.origin + path, KEY))


def test_another_server_is_told(files: str) -> None:
    with pytest.raises(CannotConnect, match=r"looks like the API \(HTTP 404, text/html\): is another server there"):
        connected(Target(files + BASE_PATH, KEY))


def test_no_key_is_sent_where_there_is_plainly_nothing() -> None:
    keys = []

    class Notes(_Files):
        def do_GET(self) -> None:
            keys.append(self.headers.get("Authorization"))
            super().do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), Notes) as server:
        thread = Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        with pytest.raises(CannotConnect):
            connected(Target(f"http://127.0.0.1:{server.server_address[1]}{BASE_PATH}", KEY))
        server.shutdown()
        thread.join()
    assert keys == [None]


def _page(answer: Answer) -> None:
    answer.status, answer.body, answer.headers["Content-Type"] = 404, b"<html>", "text/html"


def _page_for_unknown(_: Ask, answer: Answer, __: Memory) -> None:
    """Whatever is wrong is a page that was not found, but who comes without a key is told so."""
    if answer.status in {400, 404}:
        _page(answer)


def _no_key_crashes(ask: Ask, answer: Answer, _: Memory) -> None:
    if not ask.key:
        answer.status, answer.body, answer.headers["Content-Type"] = 500, b"<html>", "text/html"


def _no_key_is_hidden(ask: Ask, answer: Answer, _: Memory) -> None:
    if not ask.key:
        answer.become(404, {"code": 404, "msg": "Not found"})


def _no_key_is_dropped(ask: Ask, answer: Answer, _: Memory) -> None:
    if not ask.key:
        answer.status = None


def _no_json(_: Ask, answer: Answer, __: Memory) -> None:
    answer.body = b"<html>"


@pytest.mark.parametrize(
    "broken", [_page_for_unknown, _no_key_crashes, _no_key_is_hidden, _no_key_is_dropped, _no_json]
)
def test_a_server_of_the_api_that_is_broken_at_first_sight_is_judged(
    broken: Callable[[Ask, Answer, Memory], None],
) -> None:
    hides = with_switches(SPOKEN["documented"], {"not_found_status": 404})
    with (
        ServerThread(Settings(port=0, defaults=Defaults(dialect=hides))) as thread,
        Proxy(thread.server.origin, Fault(answer=broken)) as proxy,
    ):
        check_there(Target(proxy.url + BASE_PATH, KEY))


@pytest.mark.parametrize("broken", ROWS, ids=lambda each: each.what)
def test_no_broken_server_is_held_to_be_another_one(screenplay_server: RunningServer, broken: Broken) -> None:
    with Proxy(screenplay_server.origin, broken.fault) as proxy:
        check_there(Target(proxy.url + BASE_PATH, KEY))


# Two runs


def _run(target: Target, *phases: Phase) -> Ran:
    return run(target, DIALECTS["documented"], Options(Selection()), phases=phases)


def test_a_second_run_with_the_same_key_is_told_and_one_with_another_is_not(screenplay_server: RunningServer) -> None:
    target = Target(screenplay_server.base_url, KEY)
    refused = []

    def meanwhile(session: Session, _: Options) -> Played:
        for start in (lambda: connected(target), lambda: _run(session.target)):
            with pytest.raises(CannotConnect, match="another run with this key"):
                start()
            refused.append(start)
        assert connected(Target(screenplay_server.base_url, f"{KEY}-2"))[0].admin_url is not None
        return Played()

    assert _run(connected(target)[0], Phase("meanwhile", meanwhile)).complete
    assert len(refused) == 2
    assert connected(target)[0].admin_url is not None


def test_what_a_run_that_was_killed_has_left_holds_nobody_up(screenplay_server: RunningServer) -> None:
    with Receiver(Recorder()) as receiver:
        url = receiver.url(LABEL)  # where nobody listens afterwards
    Admin(screenplay_server, key=f"{KEY}-{LABEL}").call("PATCH", "/account", {"webhook_url": url})
    target = connected(Target(screenplay_server.base_url, KEY))[0]
    assert _run(target, Phase("nothing", lambda *_: Played())).complete


# A server that goes away


def _dies_after(requests: int) -> Fault:
    def dropped(_: Ask, answer: Answer, memory: Memory) -> None:
        if memory.count("all") > requests:
            answer.status = None

    return Fault(answer=dropped)


@pytest.mark.parametrize("phase", [SCRIPT, MODEL, SCHEMATHESIS], ids=lambda one: one.name)
def test_a_server_that_ends_ends_the_run_which_says_when(screenplay_server: RunningServer, phase: Phase) -> None:
    with Proxy(screenplay_server.origin, _dies_after(60)) as proxy:
        ran = _run(Target(proxy.url + BASE_PATH, KEY, admin_url=proxy.url + ADMIN), phase)
    assert (ran.gone, ran.complete) == (True, False)
    assert ran.notes[0].startswith("the server stopped answering after ")
    assert "; the first without an answer: " in ran.notes[0]
    assert {one.verdict for one in ran.results} == {Verdict.PASSED, Verdict.SKIPPED}
    assert 50 < len([one for one in ran.exchanges if one.status is not None]) <= 60


def test_a_server_that_ends_with_the_last_requests_is_told_too_and_no_phase_holds_that_against_it() -> None:
    check = next(iter(MODEL.checks))
    with ExitStack() as life:
        origin = life.enter_context(ServerThread(Settings(port=0))).server.origin

        def end(session: Session, _: Options) -> Played:
            account = session.account()
            account.status(NOBODYS_TASK)
            life.close()
            lost = account.send("GET", f"{TASKS}/{NOBODYS_TASK}")
            assert lost is not None
            return Played((judged(check, [Finding("an answer", "none", (lost,))]),))

        phase = Phase("end", end, {check: frozenset()})
        ran = _run(Target(origin + BASE_PATH, KEY, admin_url=origin + ADMIN), phase)
    assert ran.gone
    assert f": GET {BASE_PATH}{TASKS}/{NOBODYS_TASK} (ConnectionRefusedError" in ran.notes[0]
    assert [one.verdict for one in ran.results if one.check is check] == [Verdict.SKIPPED]


def test_a_server_that_drops_connections_is_judged_to_the_end(screenplay_server: RunningServer) -> None:
    def dropped(ask: Ask, answer: Answer, memory: Memory) -> None:
        answers = ask.operation == "getTask" and "00000000" in ask.target
        if ask.operation is not None and not answers and memory.count("all") % 40 < 10:
            answer.status = None

    with Proxy(screenplay_server.origin, Fault(answer=dropped)) as proxy:
        ran = _run(Target(proxy.url + BASE_PATH, KEY, admin_url=proxy.url + ADMIN), SCRIPT)
    assert (ran.gone, ran.complete) == (False, True)
    assert "answer/whole" in {one.check.name for one in ran.results if one.verdict is Verdict.FAILED}
