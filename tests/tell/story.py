#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories are what plugin/story.schema.json says, and short; and its lists of words are those of the tables.

usage: story.py TELL_RUN LADDER_RUN VOCABULARY SCHEMA SEEN_DIRECTORY [--update] LADDER...

The stories of all captures and of all ladders, live and in hindsight; when each is told, and how long they
get. --update writes the lists of words in
SCHEMA anew. That tshark prints the same stories is the business of tests/wireshark/words.py.
"""

import glob
import json
import os
import random
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import dump  # noqa: E402

SIZE_MAX = 4096 # octets of an ordinary story ...
ODD_MAX = 5120 # ... of one where much is odd, as in ladders, and live ...
CHAOS_MAX = 12288 # ... and of one where all lists are full
LIST_MAX = 16
FIN, SYN, RST, ACK = 1, 2, 4, 16
SECOND = 10**9
FAILURES = []


def check(condition, message):
    if not condition:
        FAILURES.append(message)
        print("FAIL: " + message)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pairs(members):
    """An object, whose keys are sorted and there once."""
    keys = [key for key, _ in members]
    if keys != sorted(set(keys)):
        raise ValueError("keys are not sorted: " + " ".join(keys))
    return dict(members)


def checked_schema(path, words, update):
    """Its lists of words are those of the tables, and each is used."""
    with open(path, encoding="utf-8") as file:
        before = file.read()
    schema = json.loads(before)
    for name, known in words.items():
        schema["$defs"][name]["enum"] = known
    text = json.dumps(schema, indent=2) + "\n"
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    check(update or before == text, path + ": its words are not those of the tables; --update writes them anew")
    for name in schema["$defs"]:
        check('"#/$defs/%s"' % name in text, "%s: nobody uses %s" % (path, name))
        check(name in words or "enum" not in schema["$defs"][name], "%s: a list by hand: %s" % (path, name))
    return schema


def check_story(name, line, validator, size):
    check(len(line.encode()) <= size, "%s: %d octets" % (name, len(line.encode())))
    story = json.loads(line, object_pairs_hook=pairs)
    for error in validator.iter_errors(story):
        check(False, "%s: %s: %s" % (name, error.json_path, error.message[:200]))
    for key, count in story["omitted"].items():
        check(count > 0 and len(story[key]) == LIST_MAX, "%s: %d omitted of %s" % (name, count, key))
    return story


def check_all(name, text, validator, size):
    """Every segment is told of once; in hindsight every connection, too."""
    stories = [check_story(name, line, validator, size) for line in text.splitlines()]
    numbers = [story["connection"] for story in stories if story["reading"] == "hindsight"]
    check(len(numbers) == len(set(numbers)), name + ": a connection is told twice")
    return sum(story[end]["frames"] for story in stories for end in ("client", "server"))


def check_file(tell_run, name, seen, validator, size):
    counts = [check_all(name + " " + view, output(tell_run, view, seen), validator, most)
              for view, most in (("story", size), ("telling", ODD_MAX))]
    with open(seen, encoding="utf-8") as file:
        segments = sum(line.split(" ")[3] == "0" for line in file) # the others are ICMP errors
    check(counts == [segments] * 2, "%s: %s segments are told of, not %d" % (name, counts, segments))
    return segments


class Capture:
    """Segments as `-z tcpstate,segments` prints them, of one client and one server."""

    def __init__(self):
        self.lines = []

    def add(self, seconds, port, sender, flags, seq, ack=0, text=0):
        time = int(seconds * SECOND)
        self.lines.append(dump.line(frame=len(self.lines) + 1, time=time, since=time, sender=sender, flags=flags,
                                    window=65535, seq=seq, ack=ack, text=text, ttl=64, client_port=port,
                                    server_port=80))

    def open(self, seconds, port):
        self.add(seconds, port, 0, SYN, 100)
        self.add(seconds, port, 1, SYN | ACK, 300, 101)
        self.add(seconds, port, 0, ACK, 101, 301)

    def close(self, seconds, port):
        self.add(seconds, port, 0, FIN | ACK, 101, 301)
        self.add(seconds, port, 1, FIN | ACK, 301, 102)
        self.add(seconds, port, 0, ACK, 102, 302)

    def told(self, tell_run, view):
        with tempfile.NamedTemporaryFile("w", suffix=".seen") as file:
            file.write("\n".join(self.lines) + "\n")
            file.flush()
            return output(tell_run, view, file.name)


def check_when(tell_run):
    """In hindsight after the last segment; live 2 MSL after both ends were done, when the sockets open
    anew, or at the end."""
    for pause, order in ((61, [1, 0, 2]), (59, [0, 1, 2])):
        capture = Capture()
        capture.open(0, 1000)
        capture.open(1, 1001)
        capture.close(2, 1001)
        capture.open(2 + pause, 1002)
        capture.add(2.5 + pause, 1000, 0, ACK, 101, 301, 10)
        for view, expected in (("telling", order), ("story", [1, 2, 0])):
            text = capture.told(tell_run, view)
            check([json.loads(line)["connection"] for line in text.splitlines()] == expected,
                  "%s, a pause of %d s: not told in the order %s" % (view, pause, expected))
    capture = Capture()
    capture.open(0, 1000)
    capture.open(1, 1001)
    capture.close(2, 1001)
    capture.add(3, 1001, 0, SYN, 7000)
    first = json.loads(capture.told(tell_run, "telling").splitlines()[0])
    check((first["connection"], first.get("next")) == (1, {"connection": 2, "frame": 10, "seconds": 1}),
          "live: not told when its sockets open anew")


def check_size(tell_run, validator):
    """A long connection has no longer story; one without any sense has a longer one, but no more."""
    capture = Capture()
    capture.open(0, 1000)
    for i in range(5000):
        capture.add(1 + i / 100, 1000, 0, ACK, 101 + 1000 * (i // 2), 301, 1000) # each is sent twice
        capture.add(1 + i / 100, 1000, 1, ACK, 301, 1101 + 1000 * (i // 2))
    for view in ("story", "telling"):
        check_all("long " + view, capture.told(tell_run, view), validator, SIZE_MAX)
    chance = random.Random(16)
    capture = Capture()
    capture.open(0, 1000)
    for i in range(5000):
        capture.add(1 + i / 100, 1000, chance.randrange(2), chance.choice((0, 1, 2, 3, 4, 5, 16, 17, 18, 20)),
                    chance.randrange(0, 9000, 100), chance.randrange(0, 9000, 100), chance.randrange(300))
    for view in ("story", "telling"):
        for line in capture.told(tell_run, view).splitlines():
            check_story("chaos " + view, line, validator, CHAOS_MAX)


def main():
    tell_run, ladder_run, vocabulary, path, directory, *ladders = sys.argv[1:]
    update = "--update" in ladders
    schema = checked_schema(path, json.loads(output(vocabulary)), update)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for seen in sorted(glob.glob(os.path.join(directory, "*.seen"))):
        check_file(tell_run, os.path.basename(seen), seen, validator, SIZE_MAX)
    for ladder in (name for name in ladders if name != "--update"):
        with tempfile.NamedTemporaryFile("w", suffix=".seen") as file:
            file.write(output(ladder_run, "--seen", ladder))
            file.flush()
            check(check_file(tell_run, ladder, file.name, validator, ODD_MAX), ladder + ": no segments")
    check_when(tell_run)
    check_size(tell_run, validator)
    return 1 if FAILURES else 0


sys.exit(main())
