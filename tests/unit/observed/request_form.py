"""What requests look like, and several clients of one account."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    BODY,
    CONTENT,
    KEY,
    OTHER_TASK,
    PATH,
    TASK,
    archive,
    bad_poll,
    drop,
    fetch,
    line,
    nothing,
    poll,
    post,
    process,
    refused,
    request,
    run,
    said,
)

from screenplay_contracts.client.observation import Files

if TYPE_CHECKING:
    from tests.unit.observed import Table

ODD = "ros-a/b?c#d e%2F"
IN_CONFIG: dict[str, Any] = BODY["config"]
OTHERS = {"namelist.json": b'{"names": ["another"]}'}


def authorized(value: str | None) -> Any:
    return run(post(headers={"Authorization": value}))


def body(**members: Any) -> Any:
    return run(post(body=BODY | members))


def user_agent(value: str | None) -> Any:
    return run(post(headers={"User-Agent": value}))


def accepting(what: Any, value: str | None) -> Any:
    return run(what(headers={"Accept": value}))


def odd(target: str) -> Any:
    return run(post(task=ODD), poll("pending", 0.2, target=f"{PATH}/screenplay/tasks/{target}"), tasks={ODD: "pending"})


def two(*results: Any, **how: Any) -> Any:
    """Two clients with these results, of two tasks."""
    posts = post(0.1), post(0.1, task=OTHER_TASK)
    fetched = fetch(1.1), fetch(1.2, task=OTHER_TASK, answer=archive(OTHERS))
    return run(
        *posts,
        *fetched,
        case={"together": 2},
        processes=how.pop("ends", (process(), process())),
        files=tuple(Files(each, {}) for each in results),
        tasks={TASK: "completed", OTHER_TASK: "completed"},
        **how,
    )


def limited(*times: float, together: int = 1) -> Any:
    polls = [bad_poll(at, 429, "status 429", took=0.0) for at in times]
    return run(post(), *polls, case={"together": together, "poll_seconds": 1})


def uploading(**how: Any) -> Any:
    sent = request("POST", f"{PATH}/upload", 0.1, operation="uploadAsset", size=1_500_000, **how)
    return run(sent, case={"submit": BODY, "uploads": {"1": "a.mp4"}})


KEEPS: Table = {
    "REQ-01": (run(), run(case={"key_suffix": "\n"}), nothing(case=run(case={"key_suffix": "\n"}).case)),
    "REQ-02": (run(), authorized("Basic ###")),
    "REQ-03": (run(post(answer=refused(401, "Unauthorized"), status=401), code=1),),
    "REQ-04": (run(), run(post(headers={"Content-Type": "application/json; charset=UTF-8"}))),
    "REQ-05": (run(), body(config={**IN_CONFIG, "require_xlsx": True})),
    "REQ-06": (run(),),
    "REQ-07": (run(), run(post(), poll("running", 0.2), drop())),
    "REQ-08": (
        run(),
        accepting(fetch, "application/zip"),
        accepting(fetch, None),
        accepting(post, "application/*;q=0.5"),
    ),
    "REQ-09": (run(), user_agent("curl/8.5.0"), user_agent("Java-http-client/21.0.1")),
    "REQ-10": (odd("ros-a%2Fb%3Fc%23d%20e%252F"),),
    "REQ-11": (
        run(),
        run(post(target="/team/x/serve/api/v2/screenplay/tasks"), base_url="http://h/team/x/serve/api/v2"),
    ),
    "REQ-12": (uploading(headers={"Expect": "100-continue"}), uploading()),
    "REQ-13": (
        two(CONTENT, OTHERS),
        two(CONTENT, OTHERS, reports=(said("completed"), None)),
        two(CONTENT, OTHERS, ends=(process(), process(1))),
        two(CONTENT | {"manifest.json": b"{}"}, OTHERS),
    ),
    "REQ-14": (limited(1.0, 2.0, 3.0), limited(1.0, 1.1, 2.0, 2.1, together=2)),
    "NET-12": (run(), run(connections=tuple(line(n, n / 10, n / 10 + 0.05) for n in range(30)))),
}
BREAKS: Table = {
    "REQ-01": (
        authorized(f"Bearer {KEY}"),
        authorized(f'"{KEY}"'),
        authorized(None),
        authorized("another"),
        run(request("", "", 0.2, status=400), case={"key_suffix": "\n"}),
    ),
    "REQ-02": (
        run(post(target=f"{PATH}/screenplay/tasks?key={KEY}")),
        run(post(target=f"{PATH}/screenplay/tasks?key={KEY.replace('-', '%2D')}")),
        authorized(f"Basic {b64encode(f'user:{KEY}'.encode()).decode()}"),
    ),
    "REQ-03": (run(post(status=401), post(0.3, status=401)), run(post(), bad_poll(0.2, 403), bad_poll(0.4, 403))),
    "REQ-04": (
        run(post(headers={"Content-Type": "text/plain"})),
        run(post(headers={"Content-Type": None})),
        run(post(headers={"Content-Type": "application/json; charset=latin1"})),
        run(post(body=b"\xef\xbb\xbf{}")),
        run(post(body='{"mode": "é"}'.encode("latin-1"))),
    ),
    "REQ-05": (
        body(config={"language": "en", "require_json": "true"}),
        body(config={"language": "fr"}),
        body(config={"language": "en", "concurrency": 1.5}),
        body(episodes={"1": 7}),
        body(episodes={"1": "re_000001"}),
        body(config={}),
    ),
    "REQ-06": (body(config={"language": "en", "use_subtitle": None}), body(callback=""), body(config={"x": 1})),
    "REQ-07": (run(poll("pending", 0.2, body=b"{}")), run(drop(headers={"Transfer-Encoding": "chunked"}))),
    "REQ-08": (
        run(fetch(headers={"Accept": "application/json"})),
        run(poll("pending", 0.2, headers={"Accept": "text/xml"})),
    ),
    "REQ-09": (user_agent(None), user_agent("node"), user_agent("")),
    "REQ-10": (odd("ros-a/b?c#d%20e%2F"), odd("ros-a%2Fb%3Fc%23d+e%252F"), odd("ros-a%2Fb?c")),
    "REQ-11": (
        run(post(target=f"{PATH}//screenplay/tasks")),
        run(post(), base_url="http://127.0.0.1:1/team/seven/serve/api/v2"),
    ),
    "REQ-12": (uploading(complete=False, status=None),),
    "REQ-13": (
        two(CONTENT, CONTENT),
        two({"a": b"1"}, OTHERS),
        two(CONTENT | {"b": OTHERS["namelist.json"]}, OTHERS),
        two(CONTENT, OTHERS, reports=(said("completed", task_id=OTHER_TASK), None)),
    ),
    "REQ-14": (limited(1.0, 1.5), limited(1.0, 1.1, 1.2, together=2)),
    "NET-12": (run(connections=tuple(line(n, n / 10, None) for n in range(30))),),
}
MISSES: Table = {
    "REQ-01": (nothing(),),
    "REQ-02": (nothing(),),
    "REQ-04": (nothing(), run(post(complete=False))),
    "REQ-05": (nothing(), run(post(complete=False))),
    "REQ-06": (nothing(), run(post(body=b"no JSON"))),
    "REQ-07": (run(post()),),
    "REQ-08": (nothing(),),
    "REQ-09": (nothing(),),
    "REQ-10": (run(),),
    "REQ-11": (nothing(),),
    "REQ-13": (run(), two(CONTENT, None)),
    "REQ-14": (run(),),
    "NET-12": (nothing(),),
}
SKIPS: Table = {}
