"""Mutants in what requests look like, in the key, in what is left behind, and in uploads."""

from __future__ import annotations

from tests.mutants.row import mutant

_UPLOAD = 'self._api.post("/upload", lambda: Body(*parts), f"multipart/form-data; boundary={boundary}")'
_SEND = """\
        if self.sock is not None and select.select([self.sock], [], [], 0)[0]:
            raise BrokenPipeError
"""

FORM = (
    mutant(
        "puts Bearer before the key of a GET",
        "REQ-01",
        "auth/valid",
        (
            'url, key = self._base + path, {"Authorization": KEY}',
            'url, key = self._base + path, {"Authorization": f"Bearer {KEY}"}',
        ),
        ruins=True,
    ),
    mutant(
        "puts the key into the URL, too",
        "REQ-02",
        "poll/ok",
        ("url, key = self._base + path, {", 'url, key = f"{self._base}{path}?key={KEY}", {'),
        beside="HYG-01",
    ),
    mutant(
        "asks again when its key is refused",
        "REQ-03",
        "auth/revoked-midway",
        ("{UNUSABLE, 304, 408, 425}", "{UNUSABLE, 304, 401, 403, 408, 425}"),
    ),
    mutant(
        "says that its JSON is latin1",
        "REQ-04",
        "submit/ok",
        ("lambda: Body(content), JSON)", 'lambda: Body(content), JSON + "; charset=iso-8859-1")'),
    ),
    mutant(
        "leaves out what was asked for",
        "REQ-05",
        "submit/ok",
        (
            '{**self._job["submit"], "episodes": episodes}',
            '{**self._job["submit"], "episodes": episodes, "config": {}}',
        ),
    ),
    mutant(
        "adds a member that nobody asked for",
        "REQ-06",
        "submit/minimal",
        ('"episodes": episodes}).encode()', '"episodes": episodes, "client": None}).encode()'),
        beside="REQ-05",
    ),
    mutant(
        "sends a body with a GET",
        "REQ-07",
        "poll/ok",
        (
            '"GET", url, {**(headers or {}), **key})',
            '"GET", url, {**(headers or {}), **key, "Connection": "close"}, Body(b"{}"))',
        ),
    ),
    mutant(
        "accepts only HTML",
        "REQ-08",
        "download/ok",
        ('"Accept": JSON, "Accept-Enc', '"Accept": "text/html", "Accept-Enc'),
    ),
    mutant("does not say which version it is", "REQ-09", "auth/valid", ('"careful/1.0"', '"careful"')),
    mutant(
        "puts a task id into a path as it is",
        "REQ-10",
        "submit/odd-task-id",
        ('quote(text, safe="", errors', 'quote(text, safe="/?#%", errors'),
    ),
    mutant(
        "loses the prefix of its base URL",
        "REQ-11",
        "request/prefix",
        (
            'os.environ["SCREENPLAY_BASE_URL"].rstrip("/")',
            'urljoin(os.environ["SCREENPLAY_BASE_URL"], "/serve/api/v2")',
        ),
    ),
    mutant(
        "gives up without 100 Continue",
        "REQ-12",
        "upload/no-100-continue",
        (
            _SEND,
            """\
        if self.sock is not None and len(data) > 1000 and not hasattr(self, "told"):
            if not select.select([self.sock], [], [], 2)[0]:
                raise TimeoutError("no 100 Continue")
            self.told = self.sock.recv(1000)
""",
        ),
        (
            '"Connection": "close"}',
            '"Connection": "close", **({"Expect": "100-continue"} if "multipart" in kind else {})}',
        ),
        beside="NET-14 AST-03",
    ),
    mutant(
        "shares the task id with the jobs beside it",
        "REQ-13",
        "submit/parallel-8",
        (
            "            self._state.keep(submitting=False, task_id=task_id)\n",
            """\
            self._state.keep(submitting=False, task_id=task_id)
            (self._out.parents[3] / "task-id").write_text(task_id)
""",
        ),
        (
            "/{segment(self.task_id or '')}\"",
            "/{segment((self._out.parents[3] / 'task-id').read_text())}\"",
        ),
        beside="HYG-03 REQ-14 SUB-17 RTY-06 RSP-18",
    ),
)

HYGIENE = (
    mutant(
        "logs the key",
        "HYG-01",
        "poll/ok",
        ('            say(f"submitted as {task_id!r}")', "            print(KEY, file=sys.stderr)"),
        beside="SUB-18",
    ),
    mutant(
        "logs the key in base64, as part of a header",
        "HYG-01",
        "poll/ok",
        (
            '            say(f"submitted as {task_id!r}")',
            '            print(requests.auth._basic_auth_str("me", KEY), file=sys.stderr)',
        ),
        beside="SUB-18",
    ),
    mutant(
        "masks the last characters of the key alone",
        "HYG-01",
        "poll/ok",
        ('            say(f"submitted as {task_id!r}")', '            say(f"submitted with {KEY[:-4]}****")'),
        beside="SUB-18",
    ),
    mutant(
        "leaves a temporary file behind",
        "HYG-05",
        "poll/ok",
        ("    print(json.dumps(line))", '    Path(os.environ["TMPDIR"], "log").touch()\n    print(json.dumps(line))'),
    ),
)

UPLOADS = (
    mutant(
        "calls the part of an upload video",
        "AST-01",
        "upload/ok",
        ('form-data; name="file"', 'form-data; name="video"'),
        beside="AST-02 AST-04 AST-05 REQ-12 NET-14",
    ),
    mutant(
        "sends the key to a signed URL",
        "AST-02",
        "upload/signed-url",
        (
            f"            answer = {_UPLOAD}\n",
            """\
            wish = json.dumps({"original_filename": path.name}).encode()
            signed = self._api.post("/upload/signed-url", lambda: Body(wish), JSON)
            token = str(signed.data["signed_url"]).rpartition("/")[2]
            answer = self._api.post(
                f"/storage/{token}", lambda: Body(*parts), f"multipart/form-data; boundary={boundary}"
            )
            answer.data.setdefault("asset_id", signed.data["asset_id"])
""",
        ),
    ),
    mutant(
        "submits whatever has become of its uploads",
        "AST-03 AST-04",
        "upload/reset upload/slow-processing",
        (
            '            raise Ended("error", f"{path.name} was not uploaded: {error}") from error',
            '            return "re_1"',
        ),
        ("        for asset_id in assets.values():", "        for asset_id in ():"),
    ),
    mutant(
        "uploads again before each attempt to submit",
        "AST-05",
        "upload/429-then-ok",
        (
            "lambda: Body(content), JSON)",
            "lambda: [self._upload(Path(path)) for path in self._uploads.values()] and None or Body(content), JSON)",
        ),
    ),
    mutant(
        "sorts episodes as text",
        "AST-06",
        "submit/twelve-episodes",
        ("key=lambda one: (int(one[0]) if one[0].isdecimal() else sys.maxsize, one[0])", "key=lambda one: one[0]"),
    ),
)

ROWS = (*FORM, *HYGIENE, *UPLOADS)
