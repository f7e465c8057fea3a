"""Pages are compressed as the browser reads them; files and what is short are not."""

import gzip
from collections.abc import Iterator

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from poolfund.compression import CompressionMiddleware

PAGE = "<p>الماء حق</p>" * 200


def answered(response: HttpResponse, accepted: str = "gzip, deflate, br;q=1.0") -> HttpResponse:
    return CompressionMiddleware(lambda _request: response)(
        RequestFactory().get("/", headers={"accept-encoding": accepted})
    )


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("GZIP; q=0.5, br; q=0", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0.0, gzip", "gzip"),
        ("gzip;q=0.000", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_page_says_the_same_in_every_encoding(accepted: str, encoding: str) -> None:
    response = answered(HttpResponse(PAGE, headers={"ETag": '"a"'}), accepted)
    assert response.get("Content-Encoding", "") == encoding
    assert response["Vary"] == "Accept-Encoding"
    read = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert read(response.content).decode() == PAGE
    if encoding:
        assert int(response["Content-Length"]) == len(response.content) < len(PAGE.encode()) / 5
        assert response["ETag"] == 'W/"a"'


def test_its_length_says_little() -> None:
    assert len({len(answered(HttpResponse(PAGE))["Blur"]) for _time in range(40)}) > 10


def parts() -> Iterator[bytes]:
    yield PAGE.encode()


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(b"%PDF" * 500, content_type="application/pdf"),
        HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}),
    ],
)
def test_the_rest_travels_as_it_is(response: HttpResponse) -> None:
    before = response.content
    assert answered(response).content == before
    assert not response.has_header("Blur")


def test_streams_are_left_alone() -> None:
    assert not CompressionMiddleware(lambda _request: StreamingHttpResponse(parts()))(  # type: ignore[arg-type, return-value]
        RequestFactory().get("/", headers={"accept-encoding": "br"})
    ).has_header("Content-Encoding")


@pytest.mark.django_db
def test_the_fund_answers_compressed(client: Client) -> None:
    answer = client.get(reverse("account_login"), headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "br"
    assert b"<form" in brotli.decompress(answer.content)
