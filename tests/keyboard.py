"""A page with the keyboard alone: Tab is pressed until it comes round, as people press it who have no mouse."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Route

from tests.accessibility import bring_axe, findings

STATIC = Path(__file__).parents[1] / "static"
SITE = "https://fund.example"
AT_ONCE = 12
"""Presses between two looks at whether the focus has come round."""
SPARE = 24
"""Presses beyond one for each control: fields of dates have several stops inside."""
_TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
_LISTENING = """(() => {
  const add = EventTarget.prototype.addEventListener;
  window.pressable = new Set();
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (this instanceof Element && ["click", "dblclick", "mousedown", "pointerdown", "touchstart"].includes(type)) window.pressable.add(this);
    return add.call(this, type, ...rest);
  };
})()"""
"""Before any script of the page: who listens to a mouse is written down."""
_BEGIN = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  document.documentElement.style.scrollBehavior = "auto";
  for (const one of all("details")) one.open = true;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getClientRects().length > 0;
  const CONTROLS = "a[href], button, input, select, textarea, summary, [contenteditable], [tabindex]:not([tabindex='-1'])";
  const said = (one) => `<${one.tagName.toLowerCase()}${one.id ? " #" + one.id : ""}${one.name ? " " + one.name : ""}> ${(one.innerText || one.value || "").trim().slice(0, 40)}`;
  const walk = (window.walk = { wrong: [], met: new Set(), left: false, round: false, wanted: [], said });
  walk.wanted = all(CONTROLS).filter((one) => !one.matches(":disabled") && seen(one));
  for (const one of all("*")) {
    const listens = window.pressable.has(one) || one.hasAttribute("onclick");
    const looks = getComputedStyle(one).cursor === "pointer" && getComputedStyle(one.parentElement ?? one).cursor !== "pointer";
    const answers = one.closest(CONTROLS) || (one.closest("label")?.control ?? null);
    if ((listens || looks) && seen(one) && !answers) walk.wrong.push(`only a mouse presses ${said(one)}`);
  }
  for (const one of walk.wanted) if (one.tabIndex > 0) walk.wrong.push(`out of the order of the page: ${said(one)}`);
  document.addEventListener("focusin", ({ target }) => {
    if (walk.met.has(target)) walk.round = true;
    walk.met.add(target);
    const style = getComputedStyle(target);
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    if (!ring) walk.wrong.push(`no sign of the focus at ${said(target)}`);
    const box = [...target.getClientRects()].find((one) => one.width > 0 && one.height > 0);
    if (!box) return walk.wrong.push(`the focus is nowhere to be seen at ${said(target)}`);
    const within = (least, most, all) => (Math.max(least, 0) + Math.min(most, all)) / 2;
    const hit = document.elementFromPoint(within(box.left, box.right, innerWidth), within(box.top, box.bottom, innerHeight));
    const own = hit && (target.contains(hit) || hit.contains(target) || [...(target.labels ?? [])].some((one) => one.contains(hit)));
    if (!own) walk.wrong.push(`something lies over ${said(target)}: ${hit && said(hit)}`);
  });
  document.addEventListener("focusout", (event) => { if (!event.relatedTarget) walk.left = true; });
  document.activeElement.blur();
  return walk.wanted.length;
}"""
_END = """() => {
  const { wrong, met, left, wanted, said } = window.walk;
  const group = (one) => [...met].some((other) => other.type === "radio" && other.name === one.name && other.form === one.form);
  const missed = wanted.filter((one) => !met.has(one) && !(one.type === "radio" && group(one)));
  return [...wrong, ...(left ? [] : ["Tab never leaves the page"]), ...missed.map((one) => `Tab never comes to ${said(one)}`)];
}"""


class Shelf:
    """Pages kept in memory, served to the browser with the static files of the source."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: dict[str, bytes] = {}
        page.add_init_script(_LISTENING)
        page.route("**/*", self._answer)
        self._keys: CDPSession = page.context.new_cdp_session(page)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path in self.pages:
            route.fulfill(body=self.pages[path], content_type="text/html; charset=utf-8")
        elif path.startswith("/static/") and (STATIC / path.removeprefix("/static/")).is_file():
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        else:
            route.fulfill(status=204)

    def open(self, path: str, html: bytes) -> None:
        """Show a page at its address."""
        self.pages[path] = html
        self.page.goto(f"{SITE}{path}")

    def press_through(self) -> list[str]:
        """Press Tab through the page that is shown; what is wrong with it for whoever has no mouse."""
        presses = self.page.evaluate(_BEGIN) + SPARE
        for _turn in range(0, presses, AT_ONCE):
            for _press in range(AT_ONCE):
                self._keys.send("Input.dispatchKeyEvent", _TAB)
            if self.page.evaluate("walk.round"):
                break
        found: list[str] = self.page.evaluate(_END)
        return list(dict.fromkeys(found))


def axe_finds(shelf: Shelf, pages: Mapping[str, bytes]) -> dict[str, list[str]]:
    """By address, what axe finds on each page, contrast apart; pages without findings are left out."""
    wrong = {}
    bring_axe(shelf.page)
    for path, html in pages.items():
        shelf.open(path, html)
        if found := findings(shelf.page, contrast=False):
            wrong[path] = found
    return wrong


def found_by(shelf: Shelf, pages: Mapping[str, bytes], *, axe: bool = False) -> dict[str, list[str]]:
    """By address, what is wrong with each page for the keyboard; pages without findings are left out.

    ``axe`` looks at each page as it was opened, contrast apart: a page is shown once for both.
    """
    wrong = {}
    if axe:
        bring_axe(shelf.page)
    for path, html in pages.items():
        shelf.open(path, html)
        seen = findings(shelf.page, contrast=False) if axe else []
        if found := [*seen, *shelf.press_through()]:
            wrong[path] = found
    return wrong
