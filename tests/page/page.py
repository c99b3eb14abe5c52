#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in real browsers: it shows what the tool prints, and nothing gets in or out.

usage: page.py PAGE TOOL CAPTURES [PICTURES]

PAGE: tcpstate.html. TOOL: the program tcpstate, whose text is compared. CAPTURES: the directory. PICTURES: a directory for
screenshots. Exit status: 0 all well; 1 something is wrong, which is named; 77 there is no browser.
"""

import gzip
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import browsers
from browsers import Wrong

COMPARED = ("ex1-client-closes-first", "simultaneous-close", "q06b-established-rst-in-window", "time-wait-reuse", "tcp-in-tcp")
SHOWN = """return !document.querySelector("#connection").hidden &&
    document.querySelector("#status").textContent.startsWith(arguments[0])"""
REFUSED = "return document.querySelector('#status').classList.contains('refused')"


class Test:
    def __init__(self, browser, page, tool, captures):
        self.browser, self.page, self.tool, self.captures = browser, page, tool, captures
        self.scratch = pathlib.Path(tempfile.mkdtemp(dir=browser.home))

    def told(self, view, capture, *options):
        """What the tool prints."""
        options += {"list": ("--hindsight", "--why"), "story": ("--hindsight",)}.get(view, ())
        return subprocess.run([self.tool, view, *options, capture], check=True, capture_output=True, text=True).stdout

    def give(self, path, shown=True):
        """The capture is chosen in the page, and read."""
        self.browser.keys("#file", str(path))
        self.browser.wait(SHOWN if shown else REFUSED, path.name)

    def look_at(self, view):
        self.browser.run("document.querySelector('#tab-' + arguments[0]).click()", view)
        self.browser.wait("return document.querySelector('#panel-' + arguments[0]).childElementCount > 0", view)

    def view(self, view):
        self.look_at(view)
        return self.browser.run("return document.querySelector('#panel-' + arguments[0] + ' .text').textContent", view)

    def marked(self, view):
        """The text of what is marked in a view."""
        self.look_at(view)
        return self.browser.run("""const panel = document.querySelector('#panel-' + arguments[0]);
            const root = panel.querySelector('.diagram')?.shadowRoot ?? panel;
            return [...root.querySelectorAll('.marked')].map(e => e.textContent).filter(Boolean)""", view)

    # ---- what must be true ----

    def test_views(self):
        """Every view is what the tool prints, of every connection of five captures."""
        for name in COMPARED:
            capture = self.captures / (name + ".pcapng")
            self.give(capture)
            for connection in range(len(self.told("story", capture).splitlines())):
                self.compare_connection(capture, connection)

    def compare_connection(self, capture, connection):
        about = ("--connection", str(connection))
        self.browser.run("document.querySelector(`[data-connection='${arguments[0]}']`).click()", connection)
        self.browser.wait("return document.querySelector('#connection-heading').textContent.startsWith(arguments[0])",
                          f"Connection {connection}:")
        for view in ("ladder", "list", "story"):
            equal(self.view(view), self.told(view, capture, *about), f"{view} of connection {connection} of {capture.stem}")
        self.browser.click("#save-svg")
        saved = self.browser.saved(f"{capture.stem}-{connection}.svg").decode()
        equal(saved, self.told("diagram", capture, *about), f"diagram of connection {connection} of {capture.stem}")

    def test_connections(self):
        capture = self.captures / "tcp-in-tcp.pcapng"
        self.give(capture)
        rows = self.browser.run("""return [...document.querySelectorAll("#connections tbody tr")]
            .map(row => [...row.cells].map(cell => cell.textContent))""")
        stories = [json.loads(line) for line in self.told("story", capture).splitlines()]
        equal(len(rows), len(stories), "connections")
        for row, story in zip(rows, sorted(stories, key=lambda s: s["connection"])):
            equal(row[8], " ".join(story["ended"]), "how it ended")
            equal(row[3].rstrip("?"), story["client"]["state"], "the client's state")

    def test_drop(self):
        octets = list((self.captures / "data-lost.pcapng").read_bytes())
        self.browser.run("""const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(arguments[0])], "dropped.pcapng"));
            document.dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));""", octets)
        self.browser.wait(SHOWN, "dropped.pcapng")

    def test_gzip(self):
        packed = self.scratch / "packed.pcapng.gz"
        packed.write_bytes(gzip.compress((self.captures / "ex1-client-closes-first.pcapng").read_bytes()))
        self.give(packed)
        equal(self.view("ladder"), self.told("ladder", self.captures / "ex1-client-closes-first.pcapng"), "a packed capture")

    def test_marks(self):
        """A frame that is clicked in one view is marked in the others."""
        self.give(self.captures / "ex1-client-closes-first.pcapng")
        self.look_at("ladder")
        self.browser.click("#panel-ladder [data-frames='8']")
        for view, text in (("list", r"^ *8 "), ("ladder", r"^ *8\. "), ("diagram", r"^#8$")):
            found = self.marked(view)
            check(found and all(re.match(text, mark) for mark in found), f"marked in the {view}: {found}")
        check("FIN,ACK from the client" in self.browser.text("#frame-heading"), "what there is to say of the frame")
        self.look_at("diagram")
        self.browser.run("""document.querySelector(".diagram").shadowRoot.querySelector("text[data-frames='2']")
            .dispatchEvent(new MouseEvent("click"))""")
        check(re.match(r" *2\.", self.marked("ladder")[0]), "clicked in the diagram, marked in the ladder")

    def test_keyboard(self):
        self.give(self.captures / "ex1-client-closes-first.pcapng")
        self.look_at("ladder")
        self.browser.click("#panel-ladder [data-frames='3']")
        self.browser.keys("#panel-ladder [role=listbox]", "\ue015")  # the arrow down
        check(re.match(r" *4\.", self.marked("ladder")[0]), "the arrow key goes to the next frame")
        self.browser.keys("#tab-ladder", "\ue014")  # the arrow to the right
        equal(self.browser.run("return document.activeElement.id"), "tab-list", "the arrow key goes to the next view")
        nameless = self.browser.run("""
            const named = e => e.textContent.trim() || e.labels?.length || e.ariaLabel || e.getAttribute("aria-labelledby");
            return [...document.querySelectorAll("button,a,input,select,[role=listbox],[role=tabpanel],progress")]
                .filter(e => !named(e)).map(e => e.outerHTML.slice(0, 80))""")
        equal(nameless, [], "what has no name for a screen reader")

    def test_filter(self):
        self.give(self.captures / "time-wait-reuse.pcapng")
        total = self.browser.run("return document.querySelectorAll('#connections tbody tr').length")
        for words, left in (("time_wait_reuse", 1), ("nobody_finds_this", 0), ("192.0.2.1", total), ("-192.0.2.1", 0)):
            self.browser.run("""const filter = document.querySelector("#filter");
                filter.value = arguments[0];
                filter.dispatchEvent(new Event("input"));""", words)
            self.browser.wait("return document.querySelectorAll('#connections tbody tr').length === arguments[0]", left)

    def test_save(self):
        capture = self.captures / "q06b-established-rst-in-window.pcapng"
        self.give(capture)
        self.browser.click("#save-svg")
        equal(self.browser.saved("q06b-established-rst-in-window-0.svg").decode(), self.told("diagram", capture), "the diagram")
        self.browser.click("#save-json")
        equal(self.browser.saved("q06b-established-rst-in-window.json").decode(), self.told("story", capture), "the stories")

    def test_annotated(self):
        """An annotated copy is the capture with a comment on all of it, and on frames where something happened."""
        for name in ("q06b-established-rst-in-window", "tcp-in-tcp"):
            capture = self.captures / (name + ".pcapng")
            self.give(capture)
            self.browser.click("#save-capture")
            copied = list(blocks(self.browser.saved(name + "-annotated.pcapng")))
            original = list(blocks(capture.read_bytes()))
            equal([kind for kind, _ in copied], [kind for kind, _ in original], "its blocks")
            comments = [added(old, new) for (_, old), (_, new) in zip(original, copied)]
            check("Connections: " in comments[0], f"a comment on all of it: {comments[0]}")
            check("Client CLOSED -> SYN_SENT" in comments[2], f"a comment on the first frame: {comments[2]}")
            check("" in comments, "frames where nothing happened have none")

    def test_converted(self):
        """A pcap file becomes pcapng: nothing but comments is in its annotated copy."""
        written = self.scratch / "plain.pcap"
        subprocess.run([pathlib.Path(__file__).parent / "traffic", written, "0.01", "50"], check=True)
        self.give(written)
        self.browser.click("#save-capture")
        copied = [body for kind, body in blocks(self.browser.saved("plain-annotated.pcapng")) if kind == 6]
        octets = written.read_bytes()
        at = 24
        for body in copied:
            seconds, microseconds, length, _ = struct.unpack_from("<IIII", octets, at)
            _, high, low, captured, _ = struct.unpack_from("<IIIII", body)
            equal((high << 32 | low, captured), (seconds * 1_000_000 + microseconds, length), "time and length of a frame")
            equal(body[20:20 + length], octets[at + 16:at + 16 + length], "the octets of a frame")
            at += 16 + length
        equal(at, len(octets), "all of it")

    def test_examples(self):
        """There is something to see at once, and what is embedded can be read."""
        for at in range(1, self.browser.run("return document.querySelector('#example').options.length")):
            name = self.browser.run("""const list = document.querySelector("#example");
                list.selectedIndex = arguments[0];
                list.dispatchEvent(new Event("change"));
                return list.value""", at)
            self.browser.wait(SHOWN, name)

    def test_lesson(self):
        """A link leads to a question; the state is not shown before it is answered."""
        b = self.browser
        b.open(self.page.as_uri() + "#q06")
        b.wait("return document.querySelectorAll('#steps tbody tr').length === 1")
        check("ESTABLISHED, and gets a RST" in b.text("#question-heading"), "the question of the link")
        # The last one may be: the capture cannot tell.
        answers = ["SYN_RCVD", "SYN_RCVD", "ESTABLISHED", "ESTABLISHED", "ESTABLISHED", "ESTABLISHED"]
        for at, state in enumerate(answers):
            shown = b.run("return document.querySelector('#steps tbody').lastElementChild.cells[5].textContent")
            equal(shown, "", "an answer before it is given")
            b.run("[...document.querySelectorAll('#choices button')].find(b => b.textContent === arguments[0]).click()", state)
            equal(b.run("return document.querySelector('#judgement').className"), "right", f"{state} after frame {at + 1}")
            b.click("#next")
        check("6 of 6 states right" in b.text("#answer"), "the score")
        check("it depends on the sequence number" in b.text("#answers"), "the answer of captures/QUESTIONS.md")
        links = b.run("return [...document.querySelectorAll('#questions a')].map(a => a.hash)")
        equal(sorted({link[:4] for link in links}), [f"#q{n:02}" for n in range(1, 11)], "ten questions")
        for link in links:
            b.open(self.page.as_uri() + link)
            b.wait("""return document.querySelectorAll("#steps tbody tr").length === 1 &&
                document.querySelector(`a[href='${arguments[0]}'][aria-current]`)""", link)
        b.open(self.page.as_uri())
        b.wait(SHOWN, "")

    def test_broken(self):
        """What a broken file has is shown, and where it broke; what is no capture is said to be none."""
        whole = (self.captures / "ex1-client-closes-first.pcapng").read_bytes()
        cut = self.scratch / "cut.pcapng"
        cut.write_bytes(whole[:-30])
        self.give(cut)
        check("ends within a frame" in self.browser.text("#status"), "where it broke: " + self.browser.text("#status"))
        self.look_at("ladder")
        check(self.browser.run("return document.querySelectorAll('#panel-ladder [role=option]').length") == 9, "what came before")
        bad = self.scratch / "bad.pcapng"
        bad.write_bytes(whole[:700] + b"\xff" * 60 + whole[760:])
        self.give(bad)
        check("is broken at octet" in self.browser.text("#status"), "where it broke: " + self.browser.text("#status"))
        none = self.scratch / "none.pcapng"
        none.write_bytes(b"<html>" * 40)
        self.give(none, shown=False)
        check("is no capture" in self.browser.text("#status"), self.browser.text("#status"))

    def test_many(self):
        """Many connections are shown some at a time, and the filter looks at all of them."""
        many = self.scratch / "many.pcap"
        subprocess.run([pathlib.Path(__file__).parent / "traffic", many, "0.4", "50"], check=True)
        self.give(many)
        total = len(self.told("story", many).splitlines())
        check(f"{total} connections" in self.browser.text("#status"), self.browser.text("#status"))
        rows = "return document.querySelectorAll('#connections tbody tr').length"
        equal(self.browser.run(rows), 100, "connections at first")
        self.browser.run("document.querySelector('#more-connections').click()")
        self.browser.wait(rows + " === arguments[0]", min(400, total))
        self.browser.run("""document.querySelector("#filter").value = "10.0.0.77:";
            document.querySelector("#filter").dispatchEvent(new Event("input"));""")
        self.browser.wait(rows + " === 1")

    def test_gigabyte(self):
        huge = self.scratch / "huge.pcapng"
        with huge.open("wb") as file:
            file.truncate(1_000_000_000)
        self.give(huge, shown=False)
        check("1000 MB" in self.browser.text("#status"), self.browser.text("#status"))

    def test_hostile(self):
        """Markup in a capture, or in its name, is text."""
        markup = "<img src=x onerror=document.title='pwned'><script>document.title='pwned'</script>"
        evil = self.scratch / "<img src=x onerror=document.title='pwned'>.pcapng"
        evil.write_bytes(commented((self.captures / "ex1-client-closes-first.pcapng").read_bytes(), markup.encode()))
        self.give(evil)
        for view in ("ladder", "list", "diagram", "findings", "story"):
            self.look_at(view)
        strangers = self.browser.run("""return document.images.length +
            document.querySelectorAll("body script:not([type])").length""")
        equal(strangers, 1, "elements that nobody wrote, with the page's own script")
        check("pwned" not in self.browser.run("return document.title"), "a script of the capture's ran")
        check(evil.name in self.browser.text("#status"), "its name is shown as it is")

    def test_policy(self):
        """What gets into the page all the same does nothing, and reaches nobody."""
        b = self.browser
        b.run("""const script = document.createElement("script");
            script.textContent = "document.title = 'pwned'";
            document.body.append(script);
            script.remove();
            new Image().src = "http://192.0.2.1/";
            document.body.setAttribute("data-fetched", "");
            fetch("http://192.0.2.1/").catch(() => document.body.setAttribute("data-fetched", "refused"));""")
        b.wait("return document.body.dataset.fetched === 'refused'")
        check("pwned" not in b.run("return document.title"), "a script that is not the page's ran")
        check(b.errors(), "the browser says nothing of what it refused")

    def test_narrow(self):
        self.give(self.captures / "q06b-established-rst-in-window.pcapng")
        self.browser.looks(width=self.browser.narrowest, height=800)
        wide = self.browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.browser.looks()
        equal(wide, 0, "so much is beside a narrow screen")

    def pictures(self, directory):
        b = self.browser
        self.give(self.captures / "q06b-established-rst-in-window.pcapng")
        self.look_at("ladder")
        b.click("#panel-ladder [data-frames='6']")
        b.run("window.scrollTo(0, 0)")
        b.picture(directory / f"{b.name.lower()}-light.png")
        self.look_at("diagram")
        b.looks(dark=True)
        b.wait("return matchMedia('(prefers-color-scheme: dark)').matches")
        b.run("return new Promise(done => setTimeout(done, 200))")
        b.picture(directory / f"{b.name.lower()}-dark.png")
        self.look_at("list")
        b.looks(width=390, height=844)
        b.picture(directory / f"{b.name.lower()}-phone.png")
        b.looks()


def blocks(octets):
    """Of a pcapng file: types, and what is between the two lengths."""
    at = 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        yield kind, octets[at + 8:at + length - 4]
        at += length


def added(old, new):
    """The comment that a block has more than it had; "" where there is none."""
    if new[16:] == old[16:]:  # a section's length may be unknown now
        return ""
    end = len(old) - 4 if old.endswith(bytes(4)) and new.endswith(bytes(4)) and not new.startswith(old[16:], 16) else len(old)
    equal(new[16:end], old[16:end], "what a block had before")
    kind, length = struct.unpack_from("<HH", new, end)
    equal(kind, 1, "the option that was added")
    return new[end + 4:end + 4 + length].decode()


def commented(octets, comment):
    """A pcapng whose section header has a comment."""
    length, = struct.unpack_from("<I", octets, 4)
    option = struct.pack("<HH", 1, len(comment)) + comment + b"\0" * (-len(comment) % 4) + b"\0" * 4
    block = octets[8:24] + option
    return octets[:4] + struct.pack("<I", len(block) + 12) + block + struct.pack("<I", len(block) + 12) + octets[length:]


def check(holds, what):
    if not holds:
        raise Wrong(what)


def equal(found, wanted, what):
    if found == wanted:
        return
    at = next((i for i, pair in enumerate(zip(str(found), str(wanted))) if pair[0] != pair[1]), 0)
    raise Wrong(f"{what}: {str(found)[max(0, at - 40):at + 60]!r}, not {str(wanted)[max(0, at - 40):at + 60]!r}")


def run(kind, page, tool, captures, pictures):
    """How many tests failed in one browser."""
    failed = 0
    browser = kind()
    try:
        test = Test(browser, page, tool, captures)
        browser.open(page.as_uri())
        browser.wait(SHOWN, "")
        for name in [name for name in dir(test) if name.startswith("test_")]:
            try:
                getattr(test, name)()
                errors = browser.errors()
                asked = [url for url in browser.requests() if not re.match(r"(file|blob|data):", url)]
                check(not errors, f"the browser complains: {errors}")
                check(not asked, f"the network was asked for {asked}")
                print(f"{browser.name}: {name[5:]}: well")
            except Wrong as wrong:
                failed += 1
                print(f"{browser.name}: {name[5:]}: {wrong}")
        if pictures:
            test.pictures(pictures)
    finally:
        browser.close()
    return failed


def main():
    browsers.alone()
    page, tool, captures, *rest = [pathlib.Path(word).resolve() for word in sys.argv[1:]]
    check(page.stat().st_size <= 200_000, f"{page} has {page.stat().st_size} octets")
    for directory in rest:
        directory.mkdir(exist_ok=True)
    failed = sum(run(kind, page, tool, captures, *(rest or [None])) for kind in browsers.each())
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
