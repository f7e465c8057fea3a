"""Making vl-convert's SVG small, coloured by the page's own tokens and safe inside a right-to-left page.

What goes: invisible shapes, roles and classes that name the drawing program, fonts (the page's own face is used), digits
after the first. Colours become custom properties with the light colour as fallback, so the dark scheme recolours the chart.
"""

import re
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
INK, SOFT, LINE, BRAND, ACCENT, PAPER = "#1c2926", "#51605b", "#dcd7ca", "#1f5f4a", "#b4532a", "#fbfaf6"
TOKENS = {
    INK: "var(--ink,#1c2926)",
    SOFT: "var(--ink-soft,#51605b)",
    LINE: "var(--line,#dcd7ca)",
    BRAND: "var(--brand,#1f5f4a)",
    ACCENT: "var(--accent,#b4532a)",
    PAPER: "var(--paper,#fbfaf6)",
}
_DROPPED = {"class", "role", "aria-roledescription", "aria-label", "aria-hidden", "pointer-events", "font-family"}
_DEFAULTS = {("opacity", "1"), ("stroke-width", "1"), ("x2", "0"), ("y2", "0"), ("transform", "translate(0,0)")}
_NUMBER = re.compile(r"-?\d+\.\d+")


def tidy(svg: str) -> str:
    """The same picture, smaller; hidden from screen readers, for a sentence and a table say the same."""
    root = ET.fromstring(svg)  # noqa: S314 -- made by our own renderer a moment ago
    _clean(root)
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "direction": "ltr", "aria-hidden": "true", "focusable": "false"})
    # Libraries of others register prefixes of their own in the same table.
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def on_paper(svg: str) -> str:
    """A tidy picture with the light colours themselves: for PDFs, which know no custom properties."""
    for colour, token in TOKENS.items():
        svg = svg.replace(token, colour)
    return svg


def _invisible(element: ET.Element) -> bool:
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if element.get("display") == "none":
        return True
    if tag == "path":
        return element.get("d") in (None, "", "M0,0h0v0h0Z") or not (element.get("fill") or element.get("stroke"))
    if tag == "rect" and element.get("fill") == "white":
        return True
    return tag == "g" and len(element) == 0


def _clean(element: ET.Element) -> None:
    for child in list(element):
        _clean(child)
        if _invisible(child):
            element.remove(child)
    _unwrap(element)
    for name, value in list(element.attrib.items()):
        if name in _DROPPED or (name, value) in _DEFAULTS:
            del element.attrib[name]
        else:
            element.set(name, TOKENS.get(value, _rounded(value)))


def _unwrap(element: ET.Element) -> None:
    """Replace groups that say nothing by what they hold."""
    for child in list(element):
        said = {n: v for n, v in child.attrib.items() if n not in _DROPPED and (n, v) not in _DEFAULTS}
        if child.tag == f"{{{SVG}}}g" and not said:
            index = list(element).index(child)
            element.remove(child)
            for offset, grandchild in enumerate(list(child)):
                element.insert(index + offset, grandchild)


def _one_place(match: re.Match[str]) -> str:
    short = f"{float(match[0]):.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


def _rounded(value: str) -> str:
    return _NUMBER.sub(_one_place, value)
