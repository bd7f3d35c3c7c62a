"""The assets of sandboxes: one method for each thing a client can do with an asset."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from screenplay_mock.core.assets import SIGNED_URL_SECONDS, Asset, derived_duration
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.identity import asset_id, upload_token
from screenplay_mock.core.plan import drawn
from screenplay_mock.engine import find_asset

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from screenplay_mock.media import Media
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes

MOST_ASSETS = 100_000  # a sandbox


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived: *file* rewound, its *size* in bytes, *digest* of its content, what it seems to be."""

    file: BinaryIO
    size: int
    digest: str
    filename: str
    media: Media

    @property
    def duration(self) -> int:
        """Milliseconds: from its header, or derived from its content."""
        return derived_duration(self.digest) if self.media.duration is None else self.media.duration


class Library:
    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes

    async def upload(self, key: str, upload: Upload) -> Asset:
        """Keep *upload* as a new asset."""
        async with self._kept(upload) as content, self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            waiting = _blank(sandbox, upload.filename, now)
            asset = _filled(waiting, upload, content, sandbox, now)
            await space.put_asset(asset)
            await space.put_sandbox(replace(sandbox, uploads=sandbox.uploads + 1))
        return asset

    async def add(self, key: str, asset: Asset) -> Asset:
        """Put *asset* into the sandbox under a new id, as if it had been uploaded."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            blank = _blank(sandbox, asset.filename, now)
            added = replace(asset, id=blank.id, created_at=now, stored_at=now)
            await space.put_asset(added)
            await space.put_sandbox(replace(sandbox, uploads=sandbox.uploads + 1))
        return added

    async def promise(self, key: str, filename: str) -> Asset:
        """A new asset that waits for its content at a signed URL."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            asset = replace(
                _blank(sandbox, filename, now),
                token=upload_token(sandbox.seed, sandbox.key, sandbox.uploads + 1),
                expires_at=now + SIGNED_URL_SECONDS * 1000,
            )
            await space.put_asset(asset)
            await space.put_sandbox(replace(sandbox, uploads=sandbox.uploads + 1))
        return asset

    async def store(self, key: str, asset_id: str, upload: Upload) -> Asset:
        """The content of a promised asset has arrived at its signed URL."""
        await self.check_open(key, asset_id)
        async with self._kept(upload) as content, self._sandboxes.change(key) as space:
            sandbox, asset = await space.sandbox(), await space.asset(asset_id)
            now = self._sandboxes.now(sandbox)
            asset = _filled(_still_open(asset, now), upload, content, sandbox, now)
            await space.put_asset(asset)
        return asset

    async def check_open(self, key: str, asset_id: str) -> None:
        """Raise ApiError when the signed URL of this asset takes no content (any more)."""
        sandbox, space = await self._sandboxes.read(key)
        _still_open(await space.asset(asset_id), self._sandboxes.now(sandbox))

    async def asset(self, key: str, asset_id: str) -> tuple[Asset, int]:
        """An asset and the time. Raises ApiError when there is none with that id."""
        sandbox, space = await self._sandboxes.read(key)
        asset = await find_asset(space, sandbox, asset_id)
        if asset is None or asset.deleted:
            raise ApiError(ErrorKind.ASSET_NOT_FOUND)
        return asset, self._sandboxes.now(sandbox)

    async def delete(self, key: str, asset_id: str) -> None:
        """Delete the asset for ever. Tasks that were accepted with it go on (docs silent)."""
        async with self._sandboxes.change(key) as space:
            asset = await find_asset(space, await space.sandbox(), asset_id)
            if asset is None or asset.deleted:
                raise ApiError(ErrorKind.ASSET_NOT_FOUND)
            if asset.content is not None:
                await self._sandboxes.store.forget_content(asset.content, asset.size)
            await space.put_asset(replace(asset, deleted=True, content=None))

    @asynccontextmanager
    async def _kept(self, upload: Upload) -> AsyncIterator[str]:
        """The name of the stored content, which is forgotten again if what it is for fails."""
        content = await self._sandboxes.store.keep_content(upload.file, upload.size)
        if content is None:
            raise ApiError(ErrorKind.TOO_LARGE)
        try:
            yield content
        except ApiError:
            await self._sandboxes.store.forget_content(content, upload.size)
            raise


def _blank(sandbox: Sandbox, filename: str, now: int) -> Asset:
    if sandbox.uploads >= MOST_ASSETS:
        raise ApiError(ErrorKind.TOO_LARGE)
    return Asset(
        id=asset_id(sandbox.seed, sandbox.key, sandbox.uploads + 1),
        kind="other",
        mime="application/octet-stream",
        filename=filename,
        extension=filename.rpartition(".")[2].lower() if "." in filename else "",
        size=0,
        duration=0,
        created_at=now,
    )


def _filled(asset: Asset, upload: Upload, content: str, sandbox: Sandbox, now: int) -> Asset:
    wait = drawn(sandbox.scenario.uploads_ready_after, sandbox.seed + sandbox.uploads)
    return replace(
        asset,
        kind=upload.media.kind,
        mime=upload.media.mime,
        extension=upload.media.extension,
        size=upload.size,
        duration=upload.duration,
        content=content,
        stored_at=now,
        ready_at=now + wait,
    )


def _still_open(asset: Asset | None, now: int) -> Asset:
    if asset is None or asset.deleted or asset.expires_at is None:
        raise ApiError(ErrorKind.URL_NOT_FOUND)
    if asset.expires_at <= now:
        raise ApiError(ErrorKind.URL_EXPIRED)
    if asset.stored_at is not None:
        raise ApiError(ErrorKind.ASSET_STORED)
    return asset
