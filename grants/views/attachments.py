"""Files of applications: sent in pieces by the tus protocol, and handed to those who read the application."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import person
from grants.models import Upload
from grants.selectors import applications as selectors
from grants.selectors import attachments, parts
from grants.services import attachments as services
from kernel import tus
from kernel.permissions import Refused
from kernel.uploads import largest, send_private


def _spoken(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer in the protocol, whatever comes of ``act``."""
    try:
        tus.check_version(request)
        return act()
    except tus.TusError as error:
        return tus.refusal(error)
    except services.OffsetError as error:
        return tus.answer(HTTPStatus.CONFLICT, Upload_Offset=error.arrived)
    except ValidationError as error:
        size = any(one.code == "size" for one in error.error_list)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if size else HTTPStatus.UNPROCESSABLE_ENTITY
        return tus.answer(status, reason=" ".join(error.messages))
    except Refused as refused:
        return tus.answer(HTTPStatus.FORBIDDEN, reason=str(refused.reason))


@require_POST
def application_file_send(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Begin to send a file for a question of a page (tus: creation)."""
    user = person(request)
    application = get_object_or_404(selectors.with_call(selectors.own(user)), pk=pk)
    part = parts.part_called(application, key)
    if part is None or part.section is None:
        raise Http404
    section = part.section

    def begin() -> HttpResponse:
        size, said = tus.number(request, "Upload-Length"), tus.metadata(request)
        try:
            upload = services.begin(
                application,
                section,
                said.get("field", ""),
                name=said.get("filename", ""),
                size=size,
                sha256=said.get("sha256", ""),
                actor=user,
            )
        except services.NoSuchQuestionError as unknown:
            raise Http404 from unknown
        place = reverse("grants:application_file_sent", args=[upload.pk])
        return tus.answer(HTTPStatus.CREATED, Location=place, expires=upload.expires_at)

    return _spoken(request, begin)


def application_file_sent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file on its way (tus: how much is here, more of it, giving up)."""
    if request.method == "OPTIONS":
        return tus.abilities(most=largest())
    rows = attachments.uploads_of(person(request)).select_related("application__call", "application__organisation")
    upload = get_object_or_404(rows, pk=pk)
    acts = {"HEAD": _how_much, "PATCH": _more, "DELETE": _no_more}
    act = acts.get(tus.method_of(request))
    if act is None:
        return tus.answer(HTTPStatus.METHOD_NOT_ALLOWED)
    return _spoken(request, lambda: act(request, upload))


def _how_much(request: HttpRequest, upload: Upload) -> HttpResponse:
    # Whole, but nobody looked at it: what should have done so died between the two.
    services.finish(upload, actor=person(request))
    return _state(HTTPStatus.OK, upload)


def _more(request: HttpRequest, upload: Upload) -> HttpResponse:
    offset = tus.number(request, "Upload-Offset")
    data = tus.arrived(request, most=max(upload.size - offset, 0))
    grown = services.append(upload, data, offset=offset, actor=person(request))
    services.finish(grown, actor=person(request))
    return _state(HTTPStatus.NO_CONTENT, grown)


def _state(status: int, upload: Upload) -> HttpResponse:
    return tus.answer(status, Upload_Offset=upload.arrived, Upload_Length=upload.size, expires=upload.expires_at)


def _no_more(request: HttpRequest, upload: Upload) -> HttpResponse:
    services.give_up(upload, actor=person(request))
    return tus.answer(HTTPStatus.NO_CONTENT)


def application_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A file, for those who read its application; of one that was erased, when and why."""
    attachment = get_object_or_404(attachments.visible_to(person(request)).select_related("application"), pk=pk)
    if attachment.erased_at is not None:
        return render(request, "grants/file_erased.html", {"file": attachment}, status=HTTPStatus.GONE)
    return send_private(attachment.file, name=PurePosixPath(attachment.name).stem)
