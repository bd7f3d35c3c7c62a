"""Mutants that do not get along with odd answers."""

from __future__ import annotations

from tests.mutants.row import UNCAUGHT, mutant

_LOADS = "        value = json.loads(body)\n"
_BEGUN = """\
    def begin(self) -> None:
        super().begin()
"""

HTTP = (
    mutant(
        "knows no success but 200",
        "RSP-01",
        "http/status-299",
        ("if not 200 <= self.status < 300:", "if self.status != 200:"),
    ),
    mutant(
        "crashes at half an answer",
        "RSP-06",
        "http/short-json",
        (
            "            except OSError as error:\n                raise Lost(error) from error\n        return",
            "            finally:\n                pass\n        return",
        ),
        UNCAUGHT,
        beside="HYG-04",
    ),
    mutant(
        "offers to take gzip, and does not unpack it",
        "RSP-14",
        "http/gzip",
        ("chunks or response.iter_content(CHUNK):", "chunks or response.raw.stream(CHUNK, decode_content=False):"),
    ),
    mutant(
        "takes an interim answer for the final one",
        "RSP-15",
        "http/early-hints",
        ("while 101 < self.status < 200:", "while False:"),
    ),
    mutant(
        "crashes at long headers",
        "RSP-16 NET-11",
        "http/odd-framing t/net/slow-headers",
        (
            _BEGUN,
            _BEGUN
            + '        {len(value) > 5000: "" for value in self.headers.values()}.get(True) == "" and {}["long"]\n',
        ),
        UNCAUGHT,
    ),
    mutant(
        "reads an answer of any size into memory",
        "RSP-17",
        "http/huge-json",
        ("MOST_RESULT = 10 * 2**20,", "MOST_RESULT = 2**40,"),
    ),
    mutant(
        "takes HTTP/1.0 for no answer",
        "NET-15",
        "http/http10",
        (_BEGUN, _BEGUN + '        if self.version < 11:\n            raise http.client.BadStatusLine("HTTP/1.0")\n'),
    ),
)

JSON = (
    mutant(
        "crashes at what is no JSON",
        "RSP-03 RSP-05 RSP-07 HYG-04 WHK-13",
        "proxy/html-502 http/204 http/cut-json proxy/html-200 webhook/garbage",
        ("except (ValueError, RecursionError):", "except RecursionError:"),
        UNCAUGHT,
        beside="DLD-16 DLD-19 RSP-14",
    ),
    mutant(
        "takes any page for a success",
        "RSP-04",
        "proxy/html-200",
        (
            "RecursionError):\n        return {}\n",
            'RecursionError):\n        return {"data": {"status": "completed"}} if body[:1] == b"<" else {}\n',
        ),
    ),
    mutant("does not skip a byte order mark", "RSP-08", "json/bom", (_LOADS, _LOADS.replace("body", "body.decode()"))),
    mutant(
        "believes the charset of JSON",
        "RSP-09",
        "json/charset-latin1",
        (
            "headers, parsed(bytes(body)))",
            'headers, parsed(body.decode(response.encoding or "utf-8", "replace").encode()))',
        ),
    ),
    mutant(
        "has integers of six bytes",
        "RSP-10",
        "json/big-numbers",
        (
            _LOADS,
            _LOADS.replace(
                "body", 'body, parse_int=lambda digits: int.from_bytes(int(digits).to_bytes(6, "big"), "big")'
            ),
        ),
    ),
    mutant(
        "crashes where data is no object",
        "RSP-12",
        "envelope/shapes",
        (
            "        return data if isinstance(data, dict) else {}\n\n    @property\n    def is_limited",
            '        return data if "data" in self.body else {}\n\n    @property\n    def is_limited',
        ),
        UNCAUGHT,
        beside="HYG-04",
    ),
    mutant(
        "refuses members that come twice",
        "RSP-13",
        "json/duplicate-keys",
        (
            _LOADS,
            _LOADS.replace(
                "body", "body, object_pairs_hook=lambda rows: dict(rows) if len(dict(rows)) == len(rows) else {}"
            ),
        ),
    ),
    mutant(
        "reads one form of timestamps",
        "RSP-18",
        "json/timestamps",
        (
            'say(f"submitted as {task_id!r}")',
            'say(f"{task_id!r}, " + str(datetime.strptime(answer.data["created_at"], "%Y-%m-%dT%H:%M:%SZ")))',
        ),
    ),
)

ROWS = (*HTTP, *JSON)
