"""Mutants that pay for downloads, or take them, as they should not."""

from __future__ import annotations

from tests.mutants.row import mutant

#: So that the beginning of a small archive is in the file before its transfer breaks.
_BIT_BY_BIT = ("CHUNK = 2**16", "CHUNK = 2**7")

ROWS = (
    mutant(
        "downloads before it has asked",
        "DLD-01",
        "download/ok",
        (
            "            status = self._followed(status)\n            if",
            """\
            if not attempt:
                self._api.download(f"{self._path}/download", self._out / "early.zip")
            status = self._followed(status)
            if""",
        ),
        beside="DLD-* REQ-03 CAN-04 CAN-06 WHK-*",
    ),
    mutant(
        "downloads twice, to be sure",
        "DLD-02",
        "download/ok",
        (
            "            if not self._downloaded(file):",
            "            if not (self._downloaded(file) and self._downloaded(file)):",
        ),
        beside="DLD-* POL-14 WHK-*",
    ),
    mutant(
        "saves a JSON error as the zip",
        "DLD-03",
        "download/json-error-200",
        ('if not begin.startswith((b"PK\\3\\4", b"PK\\5\\6")):', "if not response.ok:"),
    ),
    mutant(
        "takes half an archive for the result",
        "DLD-04 DLD-05 DLD-06 DLD-07 DLD-13 DLD-19 HYG-03",
        "download/short download/cut-chunked download/cut-close-delimited download/bad-crc t/download/stall "
        "download/empty-zip",
        _BIT_BY_BIT,
        ("            raise Lost(error, cut=True) from error\n", "            say(str(error))\n"),
        (
            'raise Ended("error", f"the result was refused, see refused.zip: {error}") from error',
            "say(str(error))",
        ),
        beside="DLD-*",
    ),
    mutant(
        "goes on with a part, of whatever archive",
        "DLD-14",
        "download/range download/range-200 download/range-416",
        _BIT_BY_BIT,
        (
            "abroad=True, headers=ZIP)",
            'abroad=True, headers={**ZIP, "Range": f"bytes={file.stat().st_size}-"} if file.exists() else ZIP)',
        ),
    ),
    mutant(
        "follows every redirect with the key",
        "DLD-15 SUB-16 NET-08 HYG-02",
        "download/redirect-signed-url submit/redirect-307-cross tls/redirect-to-http",
        (
            'if (there != self._home and not abroad) or (urlsplit(url).scheme == "https" and there[0] == "http"):',
            "if False:",
        ),
        ("url, key = target, key if origin(target) == self._home else {}", "url = target"),
        beside="DLD-16",
    ),
    mutant(
        "gives up when a signed URL has expired",
        "DLD-16",
        "download/signed-url-expired",
        ("is_old = abroad and 400 <= answer.code < 500 and not expired", "is_old = False"),
    ),
    mutant(
        "downloads again and again until it is ready",
        "DLD-20",
        "download/not-ready",
        (
            '            self._api.deadline.wait(growing(self._api.gap, attempt))\n            status = Status("")\n',
            '            status = Status("completed")\n',
        ),
        beside="WHK-*",
    ),
    mutant(
        "downloads again when the money is gone",
        "DLD-21",
        "download/402",
        ("(answer.code in {USABLE, UNUSABLE} or not answer.may_pass)", "answer.code in {USABLE, UNUSABLE}"),
    ),
)
