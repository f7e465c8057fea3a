"""Places by code: OCHA's list is taken over, found in Arabic and Latin letters, and named in applications."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook

from grants.gazetteer import UnusableListError, read
from grants.models import Place
from grants.selectors import parts, places
from grants.selectors.review import review_content
from grants.services import applications as services
from kernel.texts import search_key
from tests.factories import accounts
from tests.factories import grants as make
from tests.standards import STANDARDS, needs

OLD = "ADM1_EN,ADM1_AR,ADM1_PCODE,ADM2_EN,ADM2_AR,ADM2_PCODE,ADM3_EN,ADM3_AR,ADM3_PCODE,ADM4_EN,ADM4_AR,ADM4_PCODE"
ALEPPO = "Aleppo,حلب,SY02,Jebel Saman,جبل سمعان,SY0200,Jebel Saman,مركز جبل سمعان,SY020000"
IDLEB = "Idleb,إدلب,SY07,Ma'arrat An Nu'man,معرة النعمان,SY0702,Kafr Nobol,كفر نبل,SY070204"
LINES = [
    OLD,
    "#adm1+name+en,#adm1+name+ar,#adm1+code,,,,,,,,,#adm4+code",
    f"{ALEPPO},Aleppo,حلب,C1007",
    f"{ALEPPO},Kafr Hamra,كفر حمرة,C1010",
    f"{ALEPPO},Zahraa,الزهراء,C1011",
    f"{IDLEB},Kafr Nobol,كفر نبل,C4101",
    f"{IDLEB},Zahraa,الزهراء,C4102",
]
REAL = STANDARDS / "geo-syria" / "populated_places.json"


def rows(lines: list[str]) -> list[list[str]]:
    return list(csv.reader(lines))


def test_every_version_of_the_list_is_read() -> None:
    found = read(rows(LINES))
    assert (len(found), found["C1010"].parent, found["SY0200"].parent, found["SY02"].parent) == (
        11,
        "SY020000",
        "SY02",
        "",
    )
    for old, new, newest in (("PCODE", "Pcode", "pcode"), ("EN", "Name_en", "name"), ("AR", "Name_ar", "name1")):
        for other, prefix in ((new, "admin"), (newest, "adm")):
            head = OLD.replace("ADM", prefix).replace(f"_{old}", other if prefix == "admin" else f"_{other}")
            assert read(rows([head, *LINES[2:]])) == found
    names = read(rows(["ADM1_AR,ADM1_PCODE", " حلب  ,sy02"]))
    assert (names["SY02"].name_ar, names["SY02"].name_en) == ("حلب", "")


@pytest.mark.parametrize(
    ("lines", "code", "row"),
    [
        (["name,code", "حلب,SY02"], "no_codes", 0),
        (["ADM1_AR,ADM1_PCODE", "حلب,=1+1"], "code", 2),
        (["ADM1_AR,ADM1_PCODE", ",SY02"], "name", 2),
        ([*LINES, f"{IDLEB},Aleppo,حلب,C1007"], "parent", 8),
    ],
)
def test_what_is_no_such_list_says_where(lines: list[str], code: str, row: int) -> None:
    with pytest.raises(UnusableListError) as refused:
        read(rows(lines))
    assert (refused.value.code, refused.value.row) == (code, row)


@pytest.fixture
def listed(db: None, tmp_path: Path) -> str:
    path = tmp_path / "syr_adm.csv"
    path.write_text("\n".join(LINES), encoding="utf-8-sig")
    out = StringIO()
    call_command("import_places", path, stdout=out)
    return out.getvalue()


@pytest.mark.database("opened")
def test_a_list_is_taken_again_and_a_wrong_one_changes_nothing(listed: str, tmp_path: Path) -> None:
    assert "11 places, 11 new, 0 changed" in listed
    book = Workbook()
    for line in rows([*LINES[:6], LINES[6].replace("الزهراء", "الزهرة")]):
        book.active.append(line)
    book.save(tmp_path / "syr.xlsx")
    out = StringIO()
    call_command("import_places", tmp_path / "syr.xlsx", stdout=out)
    assert "11 places, 0 new, 1 changed" in out.getvalue()
    for name, text, why in (
        ("wrong.csv", "ADM1_AR,ADM1_PCODE\nعمّان,JO01", "in no governorate"),
        ("half.csv", "ADM1_AR,ADM1_PCODE\nحمص,SY04\n,SY05", "row 3: the place has no name"),
        ("gone.csv", None, "No such file"),
        ("not.xlsx", "PK", "not taken"),
    ):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(CommandError, match=why):
            call_command("import_places", tmp_path / name)
    assert Place.objects.count() == 11


@pytest.mark.database("opened")
def test_places_are_found_however_they_are_written(listed: str) -> None:
    for text in ("كفر نبل", "كَفر نُبّل", "kafr nobol", "KAFR NOB", "c4101", "C٤١٠١"):
        assert "C4101" in {one.code for one in places.search(text)}, text
    assert places.search("٪") == []
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get(reverse("grants:place_list"), {"text": "الزهرا", "governorate": "SY07"}).content.decode()
    assert "C4102" in page
    assert "C1011" not in page
    assert "Kafr Nobol، Ma&#x27;arrat An Nu&#x27;man، Idleb" in page
    assert client.get(reverse("grants:place_list"), {"text": "x" * 5000, "governorate": "' OR 1"}).status_code == 200


@pytest.mark.database("opened")
def test_an_application_names_its_places(listed: str) -> None:
    call = make.open_call(asks_places=True)
    application = make.draft_application(call)
    basics = make.answers(application)[parts.BASICS]

    def said(text: str) -> Any:
        part = parts.part_called(application, parts.BASICS)
        assert part is not None
        with translation.override("en"):
            return parts.read(part, application, {**basics, "places": text})

    assert said("حلب\nkafr nobol\nC1010\nكفر حمرة").values["places"] == ["C1007", "C4101", "C1010"]
    assert said("الزهراء").errors["places"] == [
        "Several places are called “الزهراء”. Write the code of yours: C1011 (Jebel Saman، Jebel Saman، Aleppo), "
        "C4102 (Kafr Nobol، Ma'arrat An Nu'man، Idleb)"
    ]
    wrong = said("C1011\nلا مكان\n///").errors["places"]
    assert [text.partition("”")[2] for text in wrong] == [" is not in the list of places."] * 2
    assert said("\n".join(["C1011"] * 31)).errors["places"] == ["Name at most 30 places."]
    assert "places" in said("").missing
    for key, typed in {**make.answers(application), parts.BASICS: {**basics, "places": "الزهراء\nC1011"}}.items():
        services.save_part(application, key, typed, version=0, tab="x", actor=make.preparer(application.organisation))
    signatory = make.signatory(application.organisation)
    with pytest.raises(services.Incomplete):
        services.submit(application, actor=signatory)
    services.save_part(application, parts.BASICS, {**basics, "places": "c1011"}, version=1, tab="x", actor=signatory)
    sent = services.submit(application, actor=signatory)
    assert sent.places == ["C1011"]
    assert any("(C1011)" in str(one.answer) for one in review_content(sent).basics.said)
    client = Client()
    accounts.sign_in(client, signatory)
    assert "C1011" in client.get(reverse("grants:application_detail", args=[sent.pk])).content.decode()


@pytest.mark.database("opened")
@needs("geo-syria")
def test_the_real_list_is_taken_whole(db: None, tmp_path: Path) -> None:
    known = json.loads(REAL.read_text(encoding="utf-8"))
    columns = {
        "admin1Pcode": "admin1_pcode", "admin1Name_ar": "admin1_ar", "admin2Pcode": "admin2_pcode",
        "admin2Name_ar": "admin2_ar", "admin3Pcode": "admin3_pcode", "admin3Name_ar": "admin3_ar",
        "admin4Pcode": "pcode", "admin4Name_ar": "name_ar", "admin4Name_en": "name_en",
    }  # fmt: skip
    with (tmp_path / "syr.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows([one[name] for name in columns.values()] for one in known)
    call_command("import_places", tmp_path / "syr.csv", stdout=StringIO())
    assert Place.objects.filter(level=4).count() == len({one["pcode"] for one in known})
    assert Place.objects.filter(level=1).count() == 14
    sample = known[:: len(known) // 25]
    for one in sample:
        codes, _wrong = places.resolve([one["pcode"]], [one["admin1_pcode"]])
        assert codes == [one["pcode"]]
        for name in (one["name_ar"], one["name_en"].upper()):
            found = {place.code for place in Place.objects.filter(ar_key=search_key(name))}
            found |= {place.code for place in Place.objects.filter(en_key=search_key(name))}
            assert one["pcode"] in found, name
