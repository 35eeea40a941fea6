"""Whether words can be read where axe cannot tell: over a gradient, in a picture, under something that lies half across them.

Owns what may lie behind a text of a page, and its worst contrast with the text (WCAG 2.2, 1.4.3). What it does not understand (a picture
behind words, a filter, a blend) it says: that is a fault, never a pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

Colour = tuple[float, float, float, float]
"""Red, green, blue from 0 to 255, and alpha from 0 to 1."""

ENOUGH: Final = 4.5
ENOUGH_FOR_LARGE: Final = 3.0
LARGE, LARGE_IF_BOLD, BOLD = 24.0, 18.66, 700
"""18 points; 14 points in bold: in pixels of CSS."""


@dataclass(frozen=True, slots=True)
class Range:
    """Every colour between two, channel by channel: what a reader may see behind a letter. Laying a colour over it keeps the order of each
    channel, and so do blends between the stops of a gradient: no colour that can be seen is outside."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]

    def under(self, colours: Sequence[Colour], *, everywhere: bool) -> Range:
        """With these colours laid over it; `everywhere`: nowhere is it left as it was."""
        made = [(_over(colour, self.low), _over(colour, self.high)) for colour in colours]
        made += [] if everywhere and colours else [(self.low, self.high)]
        lows, highs = zip(*made, strict=True)
        return Range(_each(min, lows), _each(max, highs))


ANYTHING: Final = Range((0, 0, 0), (255, 255, 255))


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance as WCAG 2.2 defines it, from 0 to 1."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (channel / 255 for channel in colour[:3])]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def worst_contrast(text: Colour, behind: Range) -> float:
    """The least ratio, from 1 to 21, of a text with whatever may lie behind it."""
    dark, light = luminance(behind.low), luminance(behind.high)
    seen = behind.under([text], everywhere=True)
    darkest, lightest = luminance(seen.low), luminance(seen.high)
    if darkest > light:
        return (darkest + 0.05) / (light + 0.05)
    return (dark + 0.05) / (lightest + 0.05) if lightest < dark else 1.0


def enough(size: float, weight: float) -> float:
    """The ratio that a text of this size, in pixels, and weight must have."""
    return ENOUGH_FOR_LARGE if size >= LARGE or (size >= LARGE_IF_BOLD and weight >= BOLD) else ENOUGH


def unreadable(page: Page, selectors: Sequence[str]) -> list[str]:
    """The texts among these that are not proven to be readable, each with the reason."""
    faults: list[str] = []
    for selector, told in zip(selectors, page.evaluate(_BEHIND, list(selectors)), strict=True):
        if told["unknown"]:
            faults.append(f"{selector}: {', '.join(told['unknown'])}")
            continue
        ratio, wanted = worst_contrast(_colour(told["text"]), _behind(told["layers"])), enough(told["size"], told["weight"])
        if ratio < wanted:
            faults.append(f"{selector}: contrast {ratio:.2f}, not {wanted}")
    return faults


def _behind(layers: Sequence[dict[str, Any]]) -> Range:
    made = ANYTHING
    for layer in layers:
        made = made.under([_colour(one) for one in layer["colours"]], everywhere=layer["everywhere"])
    return made


def _colour(told: Sequence[float]) -> Colour:
    red, green, blue, alpha = told
    return red, green, blue, alpha


def _over(top: Colour, below: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = (top[3] * mine + (1 - top[3]) * its for mine, its in zip(top[:3], below, strict=True))
    return red, green, blue


def _each(choose: Any, colours: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    red, green, blue = (choose(channel) for channel in zip(*colours, strict=True))
    return red, green, blue


_BEHIND: Final = r"""selectors => {
    const paper = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const colours = new Map();
    const rgba = (written) => {
        if (!colours.has(written)) {
            paper.clearRect(0, 0, 1, 1);
            paper.fillStyle = written;
            paper.fillRect(0, 0, 1, 1);
            const [red, green, blue, alpha] = paper.getImageData(0, 0, 1, 1).data;
            colours.set(written, [red, green, blue, alpha / 255]);
        }
        return colours.get(written);
    };
    const faded = (colour, by) => [colour[0], colour[1], colour[2], colour[3] * by];
    const chain = (element) => element ? [...chain(element.parentElement), element] : [];
    const opacity = (elements) => elements.reduce((all, one) => all * getComputedStyle(one).opacity, 1);
    const meet = (one, other) => {
        const left = Math.max(one.left, other.left), right = Math.min(one.right, other.right);
        const top = Math.max(one.top, other.top), bottom = Math.min(one.bottom, other.bottom);
        return left < right && top < bottom ? { left, right, top, bottom } : null;
    };
    const holds = (outer, inner) => outer.left <= inner.left + 1 && outer.right >= inner.right - 1
        && outer.top <= inner.top + 1 && outer.bottom >= inner.bottom - 1;
    const shown = (rect, element) => {
        for (let one = element.parentElement; one && rect; one = one.parentElement)
            if (getComputedStyle(one).overflow !== "visible" && one !== document.body && one !== document.documentElement)
                rect = meet(rect, one.getBoundingClientRect());
        return rect;
    };
    const apart = (list) => {
        let depth = 0, one = "";
        const made = [];
        for (const sign of list + ",") {
            depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
            if (sign === "," && depth === 0) { made.push(one.trim()); one = ""; } else one += sign;
        }
        return made;
    };

    /* What a box paints behind words: layers from the lowest up. */
    function box(style, everywhere, fading) {
        const layers = [], unknown = [];
        const flat = faded(rgba(style.backgroundColor), fading);
        if (flat[3] > 0) layers.push({ colours: [flat], everywhere });
        const whole = style.backgroundSize === "auto" && style.backgroundRepeat === "repeat";
        for (const image of apart(style.backgroundImage).reverse()) {
            if (image === "none") continue;
            const stops = image.match(/(?:rgba?|color)\([^()]*\)/g);
            if (!/^(repeating-)?(linear|radial|conic)-gradient\(/.test(image) || !stops || / in (?!srgb)/.test(image))
                unknown.push("a picture: " + image.slice(0, 60));
            else layers.push({ colours: stops.map((stop) => faded(rgba(stop), fading)), everywhere: everywhere && whole });
        }
        if (style.backgroundClip.includes("text")) unknown.push("words cut out of their background");
        return { layers, unknown };
    }

    const SHAPES = new Set(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"]);
    const PICTURES = new Set(["img", "image", "use", "canvas", "video", "iframe", "object", "embed", "foreignObject"]);
    function shape(element, style, fading) {
        const layers = [], unknown = [];
        for (const [paint, thin] of [["fill", style.fillOpacity], ["stroke", style.strokeOpacity]]) {
            if (style[paint] === "none" || (paint === "fill" && element.localName === "line")) continue;
            const named = /^url\("?#([^")]+)"?\)/.exec(style[paint]);
            const within = named && document.querySelectorAll("#" + CSS.escape(named[1]) + " > stop");
            const stops = named && [...within].map((one) => getComputedStyle(one));
            if (named && !stops.length) unknown.push("a pattern: " + style[paint]);
            const found = stops ? stops.map((stop) => faded(rgba(stop.stopColor), stop.stopOpacity)) : [rgba(style[paint])];
            layers.push({ colours: found.map((colour) => faded(colour, thin * fading)), everywhere: false });
        }
        return { layers, unknown };
    }

    /* Whatever of the page paints something, with where it does: a word may lie over or under it. */
    function painted() {
        const painters = [];
        for (const element of document.body.querySelectorAll("*")) {
            const style = getComputedStyle(element);
            const rect = shown(element.getBoundingClientRect(), element);
            if (!rect || style.visibility !== "visible") continue;
            const fading = opacity(chain(element));
            const made = PICTURES.has(element.localName) ? { layers: [], unknown: [element.localName] }
                : SHAPES.has(element.localName) ? shape(element, style, fading)
                : element.ownerSVGElement ? { layers: [], unknown: [] } : box(style, false, fading);
            if (made.layers.length || made.unknown.length) painters.push({ element, rect, ...made });
            for (const pseudo of ["::before", "::after"]) {
                const its = getComputedStyle(element, pseudo);
                if (its.content === "none" || !["absolute", "fixed"].includes(its.position)) continue;
                const laid = box(its, false, fading * its.opacity);
                if (laid.layers.some((layer) => layer.colours.some((colour) => colour[3] > 0)) || laid.unknown.length)
                    painters.push({ element, rect, pseudo, ...laid });
            }
        }
        return painters;
    }
    let painters = painted();

    /* What lies at the middle of a place, the uppermost first; the page is moved there and back for it. */
    function pile(place) {
        const [atX, atY] = [scrollX, scrollY];
        const x = (place.left + place.right) / 2, y = (place.top + place.bottom) / 2;
        const away = x < 0 || y < 0 || x >= innerWidth || y >= innerHeight;
        if (away) scrollTo({ left: atX + x - innerWidth / 2, top: atY + y - innerHeight / 2, behavior: "instant" });
        const found = document.elementsFromPoint(x + atX - scrollX, y + atY - scrollY);
        if (away) scrollTo({ left: atX, top: atY, behavior: "instant" });
        return found;
    }
    const solid = (element) => rgba(getComputedStyle(element).backgroundColor)[3] === 1 && opacity(chain(element)) === 1;

    /* Whether a painter has no part in how a word is read: it hides the word as a lid does, or a solid box around the word hides it. */
    function apartFrom(element, painter, place) {
        const whole = painter.ownerSVGElement ? painter.closest("svg:not(svg svg)") : painter; // its shapes lie where the picture does
        const found = pile(place), its = found.indexOf(whole), mine = found.indexOf(element);
        if (its < 0 || mine < 0 || whole.contains(element)) return false;
        if (its < mine) return solid(painter);
        return found.slice(mine, its).some((one) => one.contains(element) && solid(one) && holds(one.getBoundingClientRect(), place));
    }

    /* Words that a list has scrolled out of sight are looked at where the reader scrolls them to. */
    function look(selector) {
        const element = document.querySelector(selector);
        const visible = shown(element.getBoundingClientRect(), element);
        if (visible && holds(visible, element.getBoundingClientRect())) return read(element);
        const before = chain(element).map((one) => [one, one.scrollLeft, one.scrollTop]);
        element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
        painters = painted();
        const told = read(element);
        for (const [one, left, top] of before) one.scrollTo({ left, top, behavior: "instant" });
        painters = painted();
        return told;
    }

    function read(element) {
        const lineage = chain(element), style = getComputedStyle(element);
        const letters = document.createRange();
        const parts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).flatMap((node) => {
            letters.selectNodeContents(node);
            return [...letters.getClientRects()];
        });
        const rects = (parts.length ? parts : [element.getBoundingClientRect()]).map((rect) => shown(rect, element) ?? rect);
        const place = {
            left: Math.min(...rects.map((one) => one.left)), right: Math.max(...rects.map((one) => one.right)),
            top: Math.min(...rects.map((one) => one.top)), bottom: Math.max(...rects.map((one) => one.bottom)),
        };
        const layers = [], unknown = [];
        for (const one of lineage) {
            const its = getComputedStyle(one);
            if (one !== element && its.opacity !== "1") unknown.push("all of " + one.localName + " is faded");
            if (its.filter !== "none" || its.backdropFilter !== "none" || its.mixBlendMode !== "normal" || its.maskImage !== "none")
                unknown.push("a filter, a mask or a blend");
            if (one.ownerSVGElement) continue;
            const canvas = one === document.body || one === document.documentElement;
            const rect = one.getBoundingClientRect();
            if (!canvas && !rects.some((part) => meet(rect, part))) continue;
            const made = box(its, canvas || holds(rect, place), 1);
            layers.push(...made.layers);
            unknown.push(...made.unknown);
        }
        for (const one of painters) {
            if (!one.pseudo && (one.element.contains(element) || element.contains(one.element))) continue;
            const places = rects.map((rect) => meet(rect, one.rect)).filter(Boolean);
            const related = one.element.contains(element) || element.contains(one.element);
            if (!places.length || (!related && places.every((part) => apartFrom(element, one.element, part)))) continue;
            layers.push(...one.layers);
            unknown.push(...one.unknown);
        }
        const written = element.ownerSVGElement ? style.fill : style.webkitTextFillColor;
        if (written.startsWith("url")) unknown.push("letters filled with a pattern");
        const thin = style.opacity * (element.ownerSVGElement ? style.fillOpacity : 1);
        const text = unknown.length ? [0, 0, 0, 0] : faded(rgba(written), thin);
        return { text, size: parseFloat(style.fontSize), weight: parseFloat(style.fontWeight), layers, unknown: [...new Set(unknown)] };
    }
    return selectors.map(look);
}"""
