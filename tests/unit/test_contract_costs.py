"""What a request is counted to cost: by what was sent and what came, whatever the server says of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.exchange import Exchange
from screenplay_contracts.server import money
from screenplay_contracts.server.operations import OPERATIONS

if TYPE_CHECKING:
    from screenplay_contracts.server.operations import Operation

DOLLAR = 1_000_000


def operation(name: str) -> Operation:
    return next(one for one in OPERATIONS if one.id == name)


def answered(status: int | None, body: bytes, error: str | None = None) -> Exchange:
    return Exchange(1, "a", "POST", "http://127.0.0.1:1/a", status, response_body=body, error=error)


def accepted(total: str) -> Exchange:
    return answered(200, f'{{"data": {{"task_id": "t", "total_duration_seconds": {total}}}}}'.encode())


def zipped(size: int, *, claims: int | None = None) -> bytes:
    """A zip with one file of *size* zeros, which says in its directory that there are as many as it *claims*."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", bytes(size))
        if claims is not None:
            archive.filelist[0].file_size = claims
    return packed.getvalue()


@pytest.mark.parametrize("total", ["0", "-600.0", "-0.0", "1e999", "-1e999", "NaN", '"60"', "null", "[]", "true", "1"])
def test_no_length_that_a_server_says_makes_a_submission_cheaper(total: str) -> None:
    assert money.cost(operation("submitTask"), 2 * DOLLAR, accepted(total)) == 2 * DOLLAR


@pytest.mark.parametrize(("total", "minutes"), [("121", 3), ("600.0", 10), ("1e300", 5_000), (f"1{'0' * 400}", 5_000)])
def test_a_greater_length_is_believed_up_to_the_longest_series(total: str, minutes: int) -> None:
    assert money.cost(operation("submitTask"), 2 * DOLLAR, accepted(total)) == minutes * DOLLAR


@pytest.mark.parametrize(
    "exchange",
    [
        None,
        answered(None, b"", "RemoteDisconnected"),
        answered(504, b"<html>"),
        answered(500, b"{}"),
        answered(408, b"{}"),
        answered(307, b""),
        answered(403, b"<html>"),
        answered(200, b'{"data": {"task_id": "t"', "the body was cut"),
        answered(400, b"{}", "the body was cut"),
    ],
)
def test_what_is_not_refused_by_the_api_may_have_cost_the_most(exchange: Exchange | None) -> None:
    assert money.cost(operation("submitTask"), 5 * DOLLAR, exchange) == 5 * DOLLAR


@pytest.mark.parametrize("exchange", [answered(400, b"{}"), answered(402, b"{}"), answered(429, b"<html>")])
def test_what_is_refused_costs_nothing(exchange: Exchange) -> None:
    assert money.cost(operation("submitTask"), 5 * DOLLAR, exchange) == 0


def test_what_is_free_costs_nothing_whatever_is_said() -> None:
    assert money.cost(operation("getTask"), 0, accepted("600")) == 0
    assert money.cost(None, 0, accepted("600")) == 0


def test_a_result_costs_what_it_unpacks_to_and_not_what_it_says() -> None:
    def cost(body: bytes) -> int:
        return money.cost(operation("downloadTask"), 120_000, answered(200, body))

    honest = cost(zipped(10**6))
    assert honest == money.price_of_download(10**6) == 120
    assert cost(zipped(10**6, claims=1)) >= honest
    assert cost(zipped(10**6, claims=0)) >= honest
    assert cost(zipped(10**6, claims=2**31)) >= honest
    assert cost(zipped(0) + bytes(10**7)) >= money.price_of_download(10**7)


@pytest.mark.parametrize(
    "body",
    [b"", b"no zip", b"{}", zipped(10**6)[:-40], zipped(money.MOST_UNPACKED + 1)],
    ids=["nothing", "text", "JSON", "cut", "huge"],
)
def test_a_result_that_cannot_be_measured_costs_the_most(body: bytes) -> None:
    most = money.price_of_download(money.LARGEST_RESULT)
    assert money.cost(operation("downloadTask"), most, answered(200, body)) == most


def test_an_asset_costs_what_was_uploaded_and_more_if_more_came() -> None:
    def cost(held: int, size: int) -> int:
        return money.cost(operation("downloadAsset"), held, answered(200, bytes(size)))

    assert cost(500, 0) == 500
    assert cost(0, 10**7) == money.price_of_download(10**7) == 1_200


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e306, 10**400])
def test_no_length_breaks_a_price(seconds: Any) -> None:
    assert money.price_of_episodes([seconds]) == 5_000 * DOLLAR


def test_json_is_what_the_tests_say() -> None:
    assert json.loads("1e999") == float("inf")
