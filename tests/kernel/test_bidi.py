"""Where a browser draws the parts of an amount: the order that people see, not the one in memory."""

from typing import Any

import pytest

from kernel.money import Money, format_money

pytestmark = pytest.mark.browser

AROUND = (
    "<p dir=rtl>رُدّ إلى المانح {} في آخر السنة</p>",
    "<p dir=rtl><bdi>{}</bdi></p>",
    "<p dir=ltr>given back <bdi>{}</bdi> at the end</p>",
    "<table dir=rtl><tr><td>{}</td></tr></table>",
    "<p dir=rtl>{}، {}</p>",
)
EDGES = """wanted => [...document.querySelectorAll("p, td")].map(block => {
  const edges = {}, walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  for (let node; (node = walk.nextNode());) for (const sign of wanted) {
    const at = node.data.indexOf(sign)
    if (at < 0) continue
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + 1)
    edges[sign] = range.getBoundingClientRect().x
  }
  return wanted.map(sign => edges[sign])
})"""


@pytest.mark.parametrize(("language", "name"), [("ar", "ر"), ("en", "U")])
def test_the_minus_stands_before_the_first_digit_in_every_surrounding(chromium: Any, language: str, name: str) -> None:
    amount = format_money(Money(-123450, "USD"), language)
    page = chromium.new_page()
    page.set_content("".join(around.replace("{}", amount) for around in AROUND))
    drawn = page.evaluate(EDGES, ["-", "1", "4", ".", name])
    page.close()
    assert len(drawn) == len(AROUND)
    for minus, first, last, point, currency in drawn:
        assert minus < first < last < point
        assert not minus < currency < point, "the currency stands beside the whole number"
