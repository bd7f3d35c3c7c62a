"""
The values that people write as text, and their way back: durations, dollars, fractions, sizes, URLs.

Every reader takes plain data of any type, and raises ValueError with a sentence that says what to write.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TypeGuard
from urllib.parse import urlsplit

from screenplay_mock.core.money import DOLLAR
from screenplay_mock.core.plan import LONGEST
from screenplay_mock.core.scenario import HOUR, MINUTE, SECOND
from screenplay_mock.scenarios.errors import shown

UNITS = {"d": 24 * HOUR, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": 1}  # in milliseconds
POINTS = ("nothing", "head", "whole")
RICHEST = 1_000_000_000  # dollars; a float still tells every micro-dollar up to here apart

# read by JSON Schema too, so they say only what ECMA 262 and Python read alike
DURATION_PATTERN = "^(?=[0-9])" + "".join(rf"([0-9]{{1,12}}(?:\.[0-9]{{1,9}})?{unit})?" for unit in UNITS) + "$"
DOLLARS_PATTERN = r"^[0-9]{1,10}(?:\.[0-9]{1,6})?$"
PERCENT_PATTERN = r"^[0-9]{1,3}(?:\.[0-9]{1,9})?%$"
SIZE_PATTERN = r"^[0-9]{1,12}(?:\.[0-9]{1,9})?[kMG]?B$"
LARGEST_SIZE = 4 * 10**9  # bytes
URL_PATTERN = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]"

_DURATION = re.compile(DURATION_PATTERN.removesuffix("$"))
_DOLLARS = re.compile(DOLLARS_PATTERN.removesuffix("$"))
_PERCENT = re.compile(PERCENT_PATTERN.removesuffix("$"))
_SIZE = re.compile(SIZE_PATTERN.removesuffix("$"))
_SIZES = {"GB": 10**9, "MB": 10**6, "kB": 10**3, "B": 1}
_BARE_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
_NOT_IN_A_URL = re.compile(r"[\s\x00-\x1f\x7f]")


def milliseconds(value: object) -> int:
    """`"1m30s"` -> 90000."""
    if _is_number(value) or (isinstance(value, str) and _BARE_NUMBER.fullmatch(value)):
        number = value if isinstance(value, str) else shown(value)
        raise ValueError(f"{shown(value)} has no unit; write '{number}s' for seconds (units: ms, s, m, h, d)")
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            f"{shown(value)} is not a duration; write numbers with units (ms, s, m, h, d),"
            f" such as '500ms', '20s' or '1m30s'"
        )
    parts = zip(found.groups(), UNITS.items(), strict=True)
    exact = sum(Fraction(part.removesuffix(unit)) * length for part, (unit, length) in parts if part)
    if exact.denominator != 1:
        raise ValueError(f"{shown(value)} is not a whole number of milliseconds; round it")
    if exact > LONGEST:
        raise ValueError(f"{shown(value)} is longer than 1000d, the longest duration")
    return int(exact)


def lasting(value: object) -> int | str:
    """Milliseconds, or `"always"`."""
    if value == "always":
        return "always"
    try:
        return milliseconds(value)
    except ValueError as error:
        raise ValueError(f"{error}, or 'always'") from None


def duration_text(whole: int) -> str:
    """90000 milliseconds -> `"1m30s"`, 2500 -> `"2.5s"`, 500 -> `"500ms"`."""
    if whole < SECOND:
        return f"{whole}ms" if whole else "0s"
    text, rest = "", whole
    for unit in ("d", "h", "m"):
        count, rest = divmod(rest, UNITS[unit])
        text += f"{count}{unit}" if count else ""
    return text + (f"{_plain(Decimal(rest) / SECOND)}s" if rest else "")


def micro_dollars(value: object) -> int | None:
    """`2.5` or `"2.50"` dollars -> 2500000; null and `"unlimited"` -> None."""
    if value is None or value == "unlimited":
        return None
    is_amount = _is_number(value) or (isinstance(value, str) and _DOLLARS.fullmatch(value))
    if not is_amount or (isinstance(value, float) and not isfinite(value)):
        raise ValueError(f"{shown(value)} is not an amount; write dollars such as 2.50, or 'unlimited'")
    # a float is what was written, not its binary neighbour: repr gives the shortest that reads the same
    exact = Fraction(value) if isinstance(value, int) else Fraction(Decimal(str(value)))
    if not 0 <= exact <= RICHEST:
        raise ValueError(f"{shown(value)} is not from 0 to {RICHEST} dollars; for no limit write 'unlimited'")
    exact *= DOLLAR
    if exact.denominator != 1:
        raise ValueError(f"{shown(value)} has more than 6 decimals; a micro-dollar is the smallest amount")
    return int(exact)


def dollars_text(micros: int | None) -> str:
    """2500000 micro-dollars -> `"2.50"`, None -> `"unlimited"`."""
    if micros is None:
        return "unlimited"
    whole, rest = divmod(micros, DOLLAR)
    decimals = f"{rest:06}".rstrip("0")
    return f"{whole}.{decimals:0<2}"


def fraction(value: object) -> float:
    """`0.5` or `"50%"` -> 0.5."""
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        number = float(Decimal(value.removesuffix("%")) / 100)
    elif _is_number(value) and isfinite(value):
        number = float(value)
    else:
        raise ValueError(f"{shown(value)} is not a fraction; write 0.5 or '50%'")
    if not 0 <= number <= 1:
        raise ValueError(f"{shown(value)} is not from 0 to 1; half is written 0.5 or '50%'")
    return number


def size(value: object) -> int:
    """`"20MB"` -> 20000000; a whole number is bytes."""
    if isinstance(value, int) and not isinstance(value, bool):
        exact = Fraction(value)
    elif isinstance(value, str) and _SIZE.fullmatch(value):
        number, unit = value.rstrip("kMGB"), value.lstrip("0123456789.")
        exact = Fraction(number) * _SIZES[unit]
    else:
        raise ValueError(f"{shown(value)} is not a size; write bytes such as 1000, '64kB' or '20MB'")
    if exact.denominator != 1 or not 0 <= exact <= LARGEST_SIZE:
        raise ValueError(f"{shown(value)} is not a whole number of bytes from 0 to 4GB")
    return int(exact)


def size_text(whole: int) -> str:
    """20000000 bytes -> `"20MB"`."""
    unit = next((unit for unit, length in _SIZES.items() if whole and whole % length == 0), "B")
    return f"{whole // _SIZES[unit]}{unit}"


def point(value: object) -> str | float:
    """`"nothing"`, `"head"`, `"whole"`, or the share of a body: `"50%"` -> 0.5."""
    if isinstance(value, str) and value in POINTS:
        return value
    try:
        return fraction(value)
    except ValueError:
        raise ValueError(
            f"{shown(value)} is not a point of an answer; write nothing, head, whole, or a share of its body such as"
            " '50%'"
        ) from None


def web_address(value: object) -> str:
    """An absolute http or https URL, as it is."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and not _NOT_IN_A_URL.search(value) else None
        right = parts and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # what urlsplit says of brackets and ports
        right = None
    if not isinstance(value, str) or not right:
        raise ValueError(
            f"{shown(value)} is not an absolute http or https URL; write it whole, such as http://127.0.0.1:9000/hook"
        )
    return value


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
