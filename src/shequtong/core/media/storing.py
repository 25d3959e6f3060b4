"""Keeping pictures: checked when they come, cleaned by a job, answered in the size that is asked for.

The object store holds `<key>/original` until it was cleaned, and then `<key>/<size>.webp`.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_STORED

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from sqlalchemy import select
from sqlmodel import Session
from starlette.responses import Response

from shequtong.core.identity.actor import Actor
from shequtong.core.identity.events import FilesAsked
from shequtong.core.media.models import Photo
from shequtong.lib import clock, jobs
from shequtong.lib.crypto import new_token
from shequtong.lib.errors import NotFound, is_full
from shequtong.lib.events import if_undone
from shequtong.lib.i18n import gettext as _
from shequtong.lib.images import inspect, render

SIZES = {"card": 480, "page": 1440}
"""Longest side in pixels."""
DISCARD = "discard_photos"

_store: Any = None


def open_store(url: str) -> None:
    """Use this object store: `file://folder` or `s3://bucket/prefix`. Called by the composition root."""
    global _store
    parts = urlsplit(url)
    if parts.scheme == "s3":
        _store = S3Store.from_url(url)
    else:
        folder = Path(parts.netloc + parts.path).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        _store = LocalStore(folder)


def try_store(url: str) -> None:
    """Write, read and remove a small object. Raises what the store raises."""
    open_store(url)
    obstore.put(_store, "checkup", b"ok")
    obstore.get(_store, "checkup").bytes()
    obstore.delete(_store, "checkup")


def keep(session: Session, actor: Actor, content: bytes, name: str = "", alt: str = "") -> Photo:
    """Take a picture in; `alt` says what is seen in it.

    Raises `ImageRefused` at once for what is not one, or too large.
    """
    facts = inspect(content)
    photo = Photo(
        account_id=actor.id,
        key=new_token(),
        alt=alt,
        width=facts.width,
        height=facts.height,
        created_at=clock.now(),
    )
    if_undone(session, partial(discard, photo.key))
    _put(f"{photo.key}/original", content)
    session.add(photo)
    session.flush()
    jobs.enqueue(session, "clean_photo", {"photo_id": photo.id})
    return photo


def clean_photo(session: Session, payload: dict[str, Any]) -> None:
    """Job: decode, turn upright, drop EXIF, keep as WebP in each size; what cannot be decoded is marked failed."""
    photo = session.get(Photo, payload["photo_id"])
    if photo is None or photo.state == "ready":
        return
    original = bytes(obstore.get(_store, f"{photo.key}/original").bytes())
    try:
        made = render(original, SIZES)
    except ValueError:
        photo.state = "failed"
        return
    for size, (content, _width, _height) in made.items():
        _put(f"{photo.key}/{size}.webp", content)
    photo.state = "ready"
    obstore.delete(_store, f"{photo.key}/original")


def _put(path: str, content: bytes) -> None:
    """Raises OSError when the store is full (R5)."""
    try:
        obstore.put(_store, path, content)
    except BaseError as error:
        if is_full(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def discard(key: str) -> None:
    """Remove every file of a picture; what is gone already is no mistake."""
    for batch in obstore.list(_store, prefix=key):
        obstore.delete(_store, [file["path"] for file in batch])


def discard_photos(_session: Session, payload: dict[str, Any]) -> None:
    """Job: remove the files of pictures whose rows are gone, named by their `keys`."""
    for key in payload["keys"]:
        discard(key)


def answer(session: Session, photo_id: int, size: str, *, post_id: int) -> Response:
    """The file of a picture of this post. While it is still being cleaned, a picture that says so."""
    photo = session.get(Photo, photo_id)
    if photo is None or photo.post_id != post_id:
        raise NotFound
    return file_of(photo, size)


def file_of(photo: Photo, size: str) -> Response:
    """The same for a picture that hangs elsewhere. Raises NotFound for a size that there is not."""
    if size not in SIZES:
        raise NotFound
    if photo.state != "ready":
        return Response(
            _waiting(photo.state), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
        )
    content = bytes(obstore.get(_store, f"{photo.key}/{size}.webp").bytes())
    return Response(content, media_type="image/webp", headers={"Cache-Control": "private, max-age=86400"})


def pack(session: Session, asked: FilesAsked) -> None:
    """Put somebody's photos among the data they take along; one that the store has lost is left out."""
    own = select(Photo.id, Photo.key).where(Photo.account_id == asked.account_id, Photo.state == "ready")
    for photo_id, key in session.execute(own.order_by(Photo.id)):
        with suppress(FileNotFoundError):
            content = obstore.get(_store, f"{key}/page.webp").bytes()
            asked.into.writestr(f"photos/{photo_id}.webp", bytes(content), ZIP_STORED)


def too_many(most: int) -> str:
    return _("Add at most %(most)s photos", most=most)


@lru_cache(maxsize=4)
def _waiting(state: str) -> bytes:
    mark = "⌛" if state == "pending" else "✕"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 90"><rect width="120" height="90" fill="#ddd"/>'
        f'<text x="60" y="54" font-size="24" text-anchor="middle" fill="#555">{mark}</text></svg>'
    ).encode()
