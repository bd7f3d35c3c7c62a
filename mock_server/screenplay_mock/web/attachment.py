"""The header that names a download."""

from __future__ import annotations

from urllib.parse import quote

_NO_FOLDERS = str.maketrans("/\\", "__")


def attachment(filename: str) -> str:
    """
    `Content-Disposition` for *filename* (RFC 6266): plain ASCII, and beside it the whole name where that is more.

    The name leads into no folder, whatever it is.
    """
    name = filename.translate(_NO_FOLDERS)
    plain = "".join(char if " " <= char <= "~" and char != '"' else "_" for char in name)
    whole = "" if plain == name else f"; filename*=UTF-8''{quote(name, '', errors='replace')}"
    return f'attachment; filename="{plain}"{whole}'
