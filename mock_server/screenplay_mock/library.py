"""The assets of sandboxes: one method for each thing a client can do with an asset."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from screenplay_mock.core.assets import SIGNED_URL_SECONDS, Asset, derived_duration, extension_of
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.identity import asset_id, draw_seed, upload_token
from screenplay_mock.core.plan import drawn
from screenplay_mock.engine import find_asset
from screenplay_mock.sandbox import shortened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from screenplay_mock.media import Media
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes

MOST_ASSETS = 100_000  # a sandbox, those included that nobody uploaded and somebody deleted

log = logging.getLogger(__name__)


class Full(ApiError):
    """There is no room for more; *message* says where, and the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(ErrorKind.TOO_LARGE)
        self.message = message


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
        async with self._kept(upload) as content:
            return await self._given(
                key, upload.filename, lambda sandbox, blank: _filled(blank, upload, content, sandbox, blank.created_at)
            )

    async def add(self, key: str, asset: Asset) -> Asset:
        """Put *asset* into the sandbox under a new id, as if it had been uploaded."""
        return await self._given(
            key,
            asset.filename,
            lambda _, blank: replace(asset, id=blank.id, created_at=blank.created_at, stored_at=blank.created_at),
        )

    async def promise(self, key: str, filename: str) -> Asset:
        """A new asset that waits for its content at a signed URL."""
        return await self._given(
            key,
            filename,
            lambda sandbox, blank: replace(
                blank,
                token=upload_token(sandbox.seed, sandbox.key, sandbox.uploads + 1),
                expires_at=blank.created_at + SIGNED_URL_SECONDS * 1000,
            ),
        )

    async def _given(self, key: str, filename: str, make: Callable[[Sandbox, Asset], Asset]) -> Asset:
        """The asset that *make* makes of a blank one, which has the next id of the sandbox."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            asset = make(sandbox, _blank(sandbox, filename, self._sandboxes.now(sandbox)))
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
            sandbox = await space.sandbox()
            asset = await find_asset(space, sandbox, asset_id)
            if asset is None or asset.deleted:
                raise ApiError(ErrorKind.ASSET_NOT_FOUND)
            if await space.asset(asset_id) is None:  # nobody uploaded it: that it is gone takes the room of an upload
                _check_room(sandbox)
                await space.put_sandbox(replace(sandbox, uploads=sandbox.uploads + 1))
            await space.put_asset(replace(asset, deleted=True, content=None))
            if asset.content is not None:
                await self._sandboxes.store.forget_content(asset.content)

    @asynccontextmanager
    async def _kept(self, upload: Upload) -> AsyncIterator[str]:
        """The name of the stored content, which is forgotten again if what it is for fails."""
        content = await self._sandboxes.store.keep_content(upload.file, upload.size)
        if content is None:
            message = f"the server has no room for {upload.size} more bytes of uploads: delete assets or sandboxes"
            raise Full(message)
        try:
            yield content
        except BaseException:
            await self._sandboxes.store.forget_content(content)
            raise


def _check_room(sandbox: Sandbox) -> None:
    """Raise Full when *sandbox* has as many assets as it may."""
    if sandbox.uploads >= MOST_ASSETS:
        log.warning("sandbox %s takes no more assets: it has had %d", shortened(sandbox.key), MOST_ASSETS)
        raise Full(f"the sandbox has had {MOST_ASSETS} assets, which is the most: reset it (POST /__admin/reset)")


def _blank(sandbox: Sandbox, filename: str, now: int) -> Asset:
    _check_room(sandbox)
    return Asset(
        id=asset_id(sandbox.seed, sandbox.key, sandbox.uploads + 1),
        kind="other",
        mime="application/octet-stream",
        filename=filename,
        extension=extension_of(filename),
        size=0,
        duration=0,
        created_at=now,
    )


def _filled(asset: Asset, upload: Upload, content: str, sandbox: Sandbox, now: int) -> Asset:
    wait = drawn(sandbox.scenario.uploads_ready_after, draw_seed(sandbox.seed, sandbox.key, asset.id))
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
