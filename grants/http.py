"""What views share."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields of a POST, also when it brought none; nothing for a page that is only read."""
    return request.POST if request.method == "POST" else None
