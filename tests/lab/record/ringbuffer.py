# Kernel tracing, the mechanical half: a private tracing instance, and the binary pages that it
# hands out, decoded into events. Knows nothing of TCP.
#
# The text form of a trace has microseconds only; a frame and the state it causes can be one
# microsecond apart, so the pages are read raw, which keeps nanoseconds.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tracing instance and its events with nanosecond times."""

import os
import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

TRACEFS = Path("/sys/kernel/tracing")
BUFFER_KB = 8192  # per CPU; the longest scenario fills a fraction of it

# Entry types of the ring buffer (Documentation/trace/ring-buffer-design.rst).
LONG_RECORD, PADDING, TIME_EXTEND, TIME_STAMP = 0, 29, 30, 31

FIELD = re.compile(
    r"field:(?P<type>.*?)(?P<name>\w+)(?:\[\d*\])?;\s*offset:(?P<offset>\d+);"
    r"\s*size:(?P<size>\d+);\s*signed:(?P<signed>\d)"
)


SYMBOLS = re.compile(r"__print_symbolic\(REC->(\w+), (.*?\})\)")
SYMBOL = re.compile(r'\{ (\d+), "(\w+)" \}')


class Unavailable(Exception):
    """Recording is impossible here: rights, kernel features or programs are missing."""


@dataclass
class Event:
    """One trace event. `time` is CLOCK_MONOTONIC in nanoseconds."""

    time: int
    cpu: int
    kind: str
    fields: dict

    def __getattr__(self, field):
        try:
            return self.fields[field]
        except KeyError:
            raise AttributeError(field) from None


class Format:
    """How one kind of event lies in memory, as its `format` file says."""

    def __init__(self, directory):
        text = (directory / "format").read_text()
        self.name = directory.name
        self.id = int(re.search(r"^ID: (\d+)", text, re.M).group(1))
        self.fields = [match.groupdict() for match in FIELD.finditer(text)]
        self.symbols = {name: dict(SYMBOL.findall(all)) for name, all in SYMBOLS.findall(text)}

    def decode(self, data):
        """The values by name; `NAME_word` is the kernel's own word for a number that has one."""
        values = {field["name"]: self.value(field, data) for field in self.fields}
        words = {
            f"{name}_word": words.get(str(values.get(name)))
            for name, words in self.symbols.items()
        }
        return values | words

    @staticmethod
    def value(field, data):
        offset, size = int(field["offset"]), int(field["size"])
        raw = data[offset : offset + size]
        if "__data_loc" in field["type"]:
            where = int.from_bytes(raw, "little")
            return data[where & 0xFFFF :][: where >> 16].rstrip(b"\0").decode()
        if size > 8 or (size > 1 and "u8" in field["type"]):  # an address
            return raw
        return int.from_bytes(raw, "little", signed=field["signed"] == "1")


def page_records(page):
    """Yield (time, payload) of each record in one page of the ring buffer."""
    time, commit = struct.unpack_from("<QQ", page)
    position, end = 16, 16 + (commit & 0xFFFFF)
    while position < end:
        header, word = struct.unpack_from("<II", page, position)
        kind, delta = header & 31, header >> 5
        if kind == TIME_EXTEND:
            time += delta + (word << 27)
            position += 8
            continue
        if kind == TIME_STAMP:
            # The record holds 59 bits; the topmost five come from the page.
            time = (time >> 59 << 59) | (word << 27) + delta
            position += 8
            continue
        if kind == PADDING and delta == 0:
            return
        time += delta
        start = position + (8 if kind in (LONG_RECORD, PADDING) else 4)
        position += 4 + (word if kind in (LONG_RECORD, PADDING) else 4 * kind)
        if kind != PADDING:
            yield time, page[start:position]


class Trace:
    """A private tracing instance: other users of tracing are not disturbed.

    `events` maps "system/event" to a filter, or to "" for all of them.
    """

    def __init__(self, name, events):
        mount_tracefs()
        self.directory = TRACEFS / "instances" / name
        self.formats = {}
        self.directory.mkdir()
        try:
            self.write("trace_clock", "mono")
            self.write("buffer_size_kb", BUFFER_KB)
            for event, condition in events.items():
                self.enable(event, condition)
        except OSError as error:
            self.close()
            raise Unavailable(f"tracing cannot be set up: {error}") from error

    def write(self, file, value):
        (self.directory / file).write_text(str(value))

    def enable(self, event, condition):
        form = Format(self.directory / "events" / event)
        self.formats[form.id] = form
        if condition:
            self.write(f"events/{event}/filter", condition)
        self.write(f"events/{event}/enable", 1)

    def events(self):
        """Stop tracing and return all events in order of time."""
        self.write("tracing_on", 0)
        found = []
        for directory in sorted(self.directory.glob("per_cpu/cpu*")):
            lost = re.search(r"^overrun: (\d+)", (directory / "stats").read_text(), re.M)
            if int(lost.group(1)):
                raise RuntimeError("the trace buffer overflowed: raise BUFFER_KB")
            found += self.cpu_events(directory)
        return sorted(found, key=lambda event: event.time)

    def cpu_events(self, directory):
        cpu = int(directory.name[3:])
        source = os.open(directory / "trace_pipe_raw", os.O_RDONLY | os.O_NONBLOCK)
        try:
            while page := read_page(source):
                for time, payload in page_records(page):
                    form = self.formats.get(int.from_bytes(payload[:2], "little"))
                    if form:
                        yield Event(time, cpu, form.name, form.decode(payload))
        finally:
            os.close(source)

    def close(self):
        self.directory.rmdir()


def read_page(source):
    try:
        return os.read(source, os.sysconf("SC_PAGE_SIZE"))
    except BlockingIOError:
        return b""


def mount_tracefs():
    """Make tracefs available, or say why it is not."""
    if not (TRACEFS / "instances").is_dir():
        mount = ["mount", "-t", "tracefs", "nodev", TRACEFS]
        subprocess.run(mount, capture_output=True, check=False)
    if not (TRACEFS / "events/sock/inet_sock_set_state").is_dir():
        raise Unavailable("the kernel has no tracepoint sock:inet_sock_set_state")
