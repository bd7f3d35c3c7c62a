"""Small ways to break an answer, to be put together."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from tests.broken_servers.proxy import Answer, Ask, Fault, Memory

if TYPE_CHECKING:
    from collections.abc import Callable

    Which = Callable[[Ask, Answer], bool]
    Edit = Callable[[Ask, Answer, Memory], None]


def ok(*operations: str) -> Which:
    """Successes of *operations*; none given: of all that answer in JSON."""

    def which(ask: Ask, answer: Answer) -> bool:
        named = ask.operation in operations if operations else ask.operation is not None
        return named and answer.ok and (bool(operations) or isinstance(answer.json, dict))

    return which


def err(*operations: str, msg: str = "") -> Which:
    """Errors of *operations* whose msg begins so; none given: of all."""

    def which(ask: Ask, answer: Answer) -> bool:
        body = answer.json
        named = ask.operation in operations if operations else "/__admin" not in ask.target
        return named and not answer.ok and isinstance(body, dict) and str(body.get("msg")).startswith(msg)

    return which


def admin(method: str, path: str) -> Which:
    return lambda ask, answer: ask.method == method and ask.target == f"/__admin{path}" and answer.ok


def where(which: Which, **data: Any) -> Which:
    """*which*, and `data` of the answer has these members."""

    def both(ask: Ask, answer: Answer) -> bool:
        body = answer.json if which(ask, answer) else None
        found = body.get("data") if isinstance(body, dict) else None
        return isinstance(found, dict) and all(found.get(name) == value for name, value in data.items())

    return both


def asked(which: Which, test: Callable[[Ask], bool]) -> Which:
    return lambda ask, answer: which(ask, answer) and test(ask)


def broken(which: Which, *edits: Edit) -> Fault:
    """The fault that makes *edits* to the answers that *which* says."""

    def answer(ask: Ask, given: Answer, memory: Memory) -> None:
        if which(ask, given):
            for edit in edits:
                edit(ask, given, memory)

    return Fault(answer=answer)


def sent_else(test: Callable[[Ask], bool], change: Callable[[Ask], None]) -> Fault:
    """The fault that the fake gets another request than was sent."""

    def request(ask: Ask, _: Memory) -> None:
        if test(ask):
            change(ask)

    return Fault(request=request)


def put(path: str, value: Any) -> Edit:
    """Set what stands at *path* (`data.status`) of a JSON answer; a callable makes it of what stands there."""

    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        body = answer.json
        node, *_rest = _inside(body, path)
        name = path.rpartition(".")[2]
        if isinstance(node, dict):
            node[name] = value(node.get(name)) if callable(value) else value
            answer.json = body

    return edit


def drop(path: str) -> Edit:
    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        body = answer.json
        node, *_rest = _inside(body, path)
        if isinstance(node, dict):
            node.pop(path.rpartition(".")[2], None)
            answer.json = body

    return edit


def _inside(body: Any, path: str) -> list[Any]:
    node = body
    for part in path.split(".")[:-1]:
        node = node[int(part)] if isinstance(node, list) else node.get(part) if isinstance(node, dict) else None
    return [node]


def header(name: str, value: str | None) -> Edit:
    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        answer.headers = {each: given for each, given in answer.headers.items() if each.lower() != name.lower()}
        if value is not None:
            answer.headers[name] = value

    return edit


def status(code: int) -> Edit:
    """Another HTTP status, and the same in `code`."""

    def edit(ask: Ask, answer: Answer, memory: Memory) -> None:
        answer.status = code
        put("code", code)(ask, answer, memory)

    return edit


def says(code: int, msg: str) -> Edit:
    """An error in the vendor's envelope."""

    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        answer.become(code, {"code": code, "msg": msg, "data": None, "failed": True, "success": False})

    return edit


def succeeds(data: Any) -> Edit:
    """A success in the vendor's envelope; a callable makes its data of the request."""

    def edit(ask: Ask, answer: Answer, _: Memory) -> None:
        made = data(ask) if callable(data) else data
        answer.become(200, {"code": 200, "msg": "success", "data": made, "failed": False, "success": True})

    return edit


def hang_up(_: Ask, answer: Answer, __: Memory) -> None:
    answer.status = None


def zipped(change: Callable[[dict[str, bytes]], None], *, comment: bytes = b"") -> Edit:
    """The same zip with other members; those in JSON keep their size as long as they do not grow."""

    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        sizes = {name: len(content) for name, content in members.items()}
        change(members)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = comment
            for name, content in members.items():
                padded = content.ljust(sizes.get(name, 0)) if name.endswith(".json") else content
                archive.writestr(zipfile.ZipInfo(name, (2026, 3, 13, 10, 0, 0)), padded)
        answer.body = made.getvalue()
        answer.headers["Content-Length"] = str(len(answer.body))

    return edit


def in_json(suffix: str, change: Callable[[Any], None]) -> Edit:
    """*change* what is in the JSON members of the zip whose names end in *suffix*."""

    def members(files: dict[str, bytes]) -> None:
        for name, content in files.items():
            if name.endswith(suffix):
                value = json.loads(content)
                change(value)
                files[name] = json.dumps(value, ensure_ascii=False, indent=None, separators=(",", ":")).encode()

    return zipped(members)


def body_of(ask: Ask) -> dict[str, Any]:
    """The JSON object of a request; empty where there is none."""
    return ask.json if isinstance(ask.json, dict) else {}


def assets_of(ask: Ask) -> list[Any]:
    episodes = body_of(ask).get("episodes")
    return list(episodes.values()) if isinstance(episodes, dict) else []
