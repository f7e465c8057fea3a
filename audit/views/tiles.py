"""The log as c2sp.org/tlog-tiles lays it out: the signed checkpoint and hash tiles. Leaves themselves are never served."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit import publication
from audit.tiles import Tile

FOR_EVER = "public, max-age=31536000, immutable"
A_MOMENT = "public, max-age=5"


def checkpoint(request: HttpRequest, epoch: int | None = None) -> HttpResponse:
    """The newest signed checkpoint with its cosignatures; without a number that of the current epoch."""
    note = publication.published_checkpoint(epoch)
    if note is None:
        raise Http404
    return _open(HttpResponse(note, content_type="text/plain; charset=utf-8"), A_MOMENT)


def tile(request: HttpRequest, path: str, epoch: int | None = None) -> HttpResponse:
    """A tile under the published checkpoint. Without a number it is the first epoch's, or leads to the current one's."""
    current = publication.current_epoch_number()
    if epoch is None and current > 1:
        return _open(redirect("audit:epoch_tile", epoch=current, path=path), A_MOMENT)
    address = Tile.parse(path)
    data = publication.published_tile(1 if epoch is None else epoch, address) if address is not None else None
    if data is None:
        raise Http404
    return _open(HttpResponse(data, content_type="application/octet-stream"), FOR_EVER)


def _open(response: HttpResponse, caching: str) -> HttpResponse:
    """Anybody's page may read it: verifiers run in browsers too."""
    response["Cache-Control"] = caching
    response["Access-Control-Allow-Origin"] = "*"
    return response
