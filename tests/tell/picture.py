# SPDX-License-Identifier: GPL-2.0-or-later
"""What an SVG of the state diagram covers on the page: rectangles of text, marks and boxes, and lines.

It knows as much of SVG as the diagram uses. Widths of text are those of DejaVu Sans, the widest of the
fonts that the diagram asks for."""

import re
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = {width: characters for characters, width in (
    ("'ijlIJ", .29), (" ,./:;\\|f-", .36), ("()[]t!r", .41), ('"*_`sz?c', .55), ("LFkPTYvxyaoe", .62),
    ("ESbdghnpqu$0123456789{}", .64), ("KAVBRXZC", .70), ("UHNDG&OQ", .79), ("w#+<=>^~M", .86),
    ("%mW@", 1.0))}
EM = {character: width for width, characters in WIDTHS.items() for character in characters}
BOLD = 1.13
SAMPLES = 60 # points of a curve


class Thing:
    """A rectangle of the page that nothing else may touch."""

    def __init__(self, name, left, top, right, bottom):
        self.name, self.left, self.top, self.right, self.bottom = name, left, top, right, bottom

    def distance(self, x, y):
        """From a point; 0 inside."""
        dx = max(self.left - x, 0, x - self.right)
        dy = max(self.top - y, 0, y - self.bottom)
        return (dx * dx + dy * dy) ** .5

    def touches(self, other):
        return (self.left < other.right and other.left < self.right and
                self.top < other.bottom and other.top < self.bottom)

    def is_within(self, other, margin=0):
        return (other.left + margin <= self.left and self.right <= other.right - margin and
                other.top + margin <= self.top and self.bottom <= other.bottom - margin)

    def __str__(self):
        return "%s (%d,%d %d,%d)" % (self.name, self.left, self.top, self.right, self.bottom)


def number(element, name):
    return float(element.get(name))


def rules(svg):
    """The style sheet in the light: for each selector of classes its declarations."""
    text = svg.findtext(".//" + SVG + "style").split("@media")[0]
    return [(set(selector.split(".")[1:]), declarations)
            for selectors, declarations in re.findall(r"([^{}]+)\{([^{}]*)\}", text)
            for selector in selectors.split(",")]


def style(sheet, element, what, default):
    """The value for an element; of several rules the one with the most classes."""
    classes = set((element.get("class") or "").split())
    found = [(len(selector), value) for selector, declarations in sheet if selector <= classes
             for value in re.findall(r"(?:^|;)%s:([^;]*)" % what, declarations)]
    return max(found, default=(0, default), key=lambda pair: pair[0])[1]


def text_thing(sheet, element):
    size = float(style(sheet, element, "font-size", "11px").rstrip("px"))
    bold = BOLD if style(sheet, element, "font-weight", "") == "bold" else 1
    width = sum(EM[c] for c in element.text or "") * size * bold
    left = number(element, "x") - width * {"start": 0, "middle": .5, "end": 1}[element.get("text-anchor")]
    y = number(element, "y")
    below = .24 if set(element.text or "") & set("gjpqyQ,;()/|[]{}@$_") else 0
    return Thing("text '%s'" % element.text, left, y - .76 * size, left + width, y + below * size)


def rectangle(element):
    left, top = float(element.get("x", 0)), float(element.get("y", 0))
    return Thing("rect " + element.get("class"), left, top, left + number(element, "width"),
                 top + number(element, "height"))


def curve(points):
    """A Bezier curve of any degree."""
    for i in range(SAMPLES + 1):
        at, t = points, i / SAMPLES
        while len(at) > 1:
            at = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in zip(at, at[1:])]
        yield at[0]


def path_points(path):
    """Points along M, L, C, Q, and along H and h, one step or less apart for a straight line."""
    at = None
    for command, arguments in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        n = [float(x) for x in re.findall(r"-?[\d.]+", arguments)]
        if command in "Hh":
            n = [n[0] + (at[0] if command == "h" else 0), at[1]]
        pairs = list(zip(n[::2], n[1::2]))
        if command != "M":
            yield from curve([at] + pairs)
        at = pairs[-1]


class Line:
    """A path as points, with the room it takes on either side: more at its head."""

    def __init__(self, sheet, element):
        dx, dy = map(float, re.findall(r"-?[\d.]+", element.get("transform", "translate(0 0)")))
        self.name = "line %s %s" % (element.get("class"), element.get("d"))
        self.points = [(x + dx, y + dy) for x, y in path_points(element.get("d"))]
        self.half = float(style(sheet, element, "stroke-width", "1")) / 2
        heads = {"url(#plain)": 4.5, "url(#client)": 7, "url(#server)": 7}
        self.head = heads.get(element.get("marker-end"), 0)
        room = max(self.half + .5, self.head)
        xs, ys = zip(*self.points)
        self.around = Thing("around", min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room)

    def touches(self, thing):
        if not self.around.touches(thing):
            return False
        near = min(thing.distance(x, y) for x, y in self.points)
        return near < self.half + .5 or thing.distance(*self.points[-1]) < max(self.head, self.half)


class Picture:
    def __init__(self, text):
        self.svg = xml.etree.ElementTree.fromstring(text)

    def lay_out(self):
        sheet = rules(self.svg)
        self.words, self.marks, self.boxes, self.rings, self.lines = [], [], [], [], []
        rects = list(self.svg.iter(SVG + "rect"))
        self.page = rectangle(rects[0])
        for element in rects[1:]:
            classes = element.get("class").split()
            kind = (self.boxes if "box" in classes else self.rings if "ring" in classes else self.marks)
            kind.append(rectangle(element))
        for element in self.svg.iter(SVG + "text"):
            self.words.append(text_thing(sheet, element))
        for element in self.svg.iter(SVG + "path"):
            classes = (element.get("class") or "").split()
            if "illegal" in classes or "incomplete" in classes:
                x, y = map(float, re.findall(r"[\d.]+", element.get("d"))[:2])
                self.marks.append(Thing("triangle", x - 9, y, x + 9, y + 16))
            elif {"line", "dotted", "way", "rule"} & set(classes):
                self.lines.append(Line(sheet, element))

    def faults(self):
        """What touches what, in words."""
        self.lay_out()
        yield from self.touching_lines()
        yield from self.touching_each_other()
        yield from self.out_of_place()

    def touching_lines(self):
        """Boxes lie on the lines, and the line of a stub ends at its pill."""
        for thing in self.words + self.marks:
            if "pill" in thing.name or any(thing.is_within(box) for box in self.boxes):
                continue
            for line in self.lines:
                if line.touches(thing):
                    yield "%s touches %s" % (thing, line.name)

    def touching_each_other(self):
        """A word may stand in a mark, wholly; nothing else shares a place."""
        things = self.words + self.marks
        for i, one in enumerate(things):
            for other in things[i + 1:]:
                if one.touches(other) and not (one in self.words and other in self.marks and
                                               one.is_within(other)):
                    yield "%s touches %s" % (one, other)

    def out_of_place(self):
        for thing in self.words + self.marks + self.boxes:
            if not thing.is_within(self.page, 4):
                yield "%s leaves the page" % thing
        for thing in self.words + self.marks:
            for box in self.boxes + self.rings:
                if thing.touches(box) and not thing.is_within(box, 1):
                    yield "%s touches the edge of %s" % (thing, box)
