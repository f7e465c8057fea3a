"""`kernel.access`: rows of the access table."""

import pytest

from kernel.access import Audience, merge, public, role, signed_in


def test_rows() -> None:
    assert public().audience is Audience.PUBLIC
    assert signed_in("a person of the organisation").relation == "a person of the organisation"
    officer = role("finance_officer", "fund_manager", relation="an officer")
    assert officer.audience is Audience.ROLE
    assert officer.roles == {"finance_officer", "fund_manager"}
    assert officer.methods == {"GET", "HEAD", "POST"}
    assert officer.formats == {"html"}


def test_narrower_rows_keep_the_rest() -> None:
    page = role("auditor", relation="named grants")
    assert page.reading().methods == {"GET", "HEAD"}
    assert page.acting().methods == {"POST"}
    assert page.giving("csv", "pdf").formats == {"csv", "pdf"}
    assert page.reading().giving("csv").roles == {"auditor"}
    assert page.methods == {"GET", "HEAD", "POST"}


def test_tables_are_merged_and_a_name_stands_once() -> None:
    first, second = {"grants:call_list": public()}, {"grants:call_edit": role("programme_officer")}
    assert merge([first, second]) == first | second
    with pytest.raises(ValueError, match="grants:call_list"):
        merge([first, second, first])
