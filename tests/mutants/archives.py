"""Mutants that unpack what they should not."""

from __future__ import annotations

from tests.mutants.row import UNCAUGHT, mutant

_OPENS = '            with archive.open(entry) as source, (folder / name).open("xb") as target:'
_REFUSED = (
    '                file.replace(self._out / "refused.zip")  # it is paid for: people may make something of it\n'
)
_MADE = '            (unfinished / "result").mkdir(parents=True)\n'

ROWS = (
    mutant(
        "writes where the name of an entry leads",
        "DLD-08",
        "download/zip-slip",
        ('        raise ValueError(f"the name {name!r} leads out of the result")\n', "        pass\n"),
        (_OPENS, _OPENS.replace("folder / name", "folder.parents[1] / 'result' / name").replace("xb", "wb")),
        (
            "            (folder / name).parent.mkdir(parents=True, exist_ok=True)\n",
            "            (folder.parents[1] / 'result' / name).parent.mkdir(parents=True, exist_ok=True)\n",
        ),
        ('            (unfinished / "result").rename(self._out / "result")\n', ""),
        beside="DLD-*",
    ),
    mutant(
        "unpacks whatever size",
        "DLD-09 HYG-03",
        "download/zip-bomb",
        ("size > MOST_RESULT or size > 10 * 2**20 + packed * MOST_RATIO", "size < 0"),
    ),
    mutant(
        "writes one file over another",
        "DLD-10",
        "download/duplicate-names",
        (
            '        if len({unicodedata.normalize("NFC", name).casefold() for name in names}) < len(names):',
            "        if False:",
        ),
        (_OPENS, _OPENS.replace("xb", "wb")),
    ),
    mutant(
        "crashes at a file that it does not know",
        "DLD-11",
        "download/extra-entry",
        (_OPENS, '            {".json": 1, ".xlsx": 2}[Path(name).suffix]\n' + _OPENS),
        UNCAUGHT,
        beside="DLD-*",
    ),
    mutant(
        "holds a download in memory",
        "DLD-12",
        "download/large",
        ("                for chunk in chunks:\n", '                for chunk in (b"".join(chunks),):\n'),
    ),
    mutant(
        "saves under the name that the server says",
        "DLD-17",
        "download/evil-filename",
        (
            '            with response, file.open("wb") as target:\n',
            """\
            if named := re.search('filename="([^"]+)"', response.headers.get("Content-Disposition", "")):
                (file.parent / named[1]).write_bytes(begin)
            with response, file.open("wb") as target:
""",
        ),
    ),
    mutant(
        "fills the folder result while it downloads",
        "DLD-18",
        "lifecycle/kill-mid-download",
        (_MADE, _MADE + '            (self._out / "result").mkdir(exist_ok=True)\n'),
        beside="DLD-* RSP-* WHK-*",
    ),
    mutant(
        "unpacks in place, and removes what it could not finish",
        "DLD-18",
        "download/large",
        ('unpack(file, unfinished / "result")', 'unpack(file, self._out / "result")'),
        ('            (unfinished / "result").rename(self._out / "result")\n', ""),
        (_REFUSED, '                shutil.rmtree(self._out / "result", ignore_errors=True)\n' + _REFUSED),
    ),
    mutant(
        "does not look for the files that it asked for",
        "DLD-11",
        "download/missing-entry",
        ("                if lacking := missing(", "                if False and (lacking := missing("),
        ('self._job["submit"].get("config") or {}):', 'self._job["submit"].get("config") or {})):'),
    ),
)
