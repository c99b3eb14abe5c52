#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The "TCP State" profile loads without a word, and every filter in it is one that Wireshark takes.

profile.py PLUGIN CAPTURES PROFILES ZIP
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import lib
from lib import check, check_equal

NAME = "TCP State"


def lines(profiles, name):
    with open(os.path.join(profiles, NAME, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if not line.startswith("#")]


def filters(profiles):
    """(where, filter) for each one in the profile."""
    for line in lines(profiles, "colorfilters"):
        yield "colorfilters", line.split("@")[2]
    for row in csv.reader(lines(profiles, "dfilter_buttons")):
        yield "dfilter_buttons", row[2]
    for line in lines(profiles, "dfilters"):
        yield "dfilters", re.match(r'"[^"]+" (.+)', line).group(1)


def check_profile(wireshark, capture):
    """Silent, also where colours are asked for; and both states are columns."""
    text = wireshark.tshark("-C", NAME, "--color", "-r", capture)
    check("*FIN_WAIT_1 *CLOSE_WAIT?" in text, "no columns of states:\n" + text)
    check("FIN_WAIT_2? CLOSE_WAIT data_after_fin" in text, "no column of findings:\n" + text)


def luminance(color):
    """Of a colour, "65535,0,0", as WCAG 2 has it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in (int(value) / 65535 for value in color.split(",")))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check_contrast(profiles):
    """Both colours of a line are the profile's own, in light and dark: 7 is the highest level of WCAG."""
    for line in lines(profiles, "colorfilters"):
        name, colors = line.split("@")[1], re.findall(r"\[([0-9,]+)\]", line)
        dark, light = sorted(map(luminance, colors))
        ratio = (light + 0.05) / (dark + 0.05)
        check(ratio >= 7, "%s: contrast %.1f" % (name, ratio))


def check_widths(profiles, core):
    """With 8 pixels for a character and as many beside the text, nothing is cut off in a column that says
    what only the plugin knows, nor a frame number; in 1100 pixels there is still some room for Info."""
    def longest(name, pattern):
        with open(os.path.join(core, "tables", name), encoding="utf-8") as file:
            return max(map(len, re.findall(pattern, file.read(), re.M)))
    state = longest("states.def", r"^STATE\((\w+)") + len("*?")
    finding = longest("checks.def", r"^CHECK\((\w+)")
    marks = 24 # that Wireshark draws beside the frame number
    text = [line for line in lines(profiles, "recent") if line.startswith("column.width")][0].split(": ")[1]
    widths = [int(word) for word in text.split(", ")[1::2]]
    wanted = [marks + 8 * len("1234567"), 8 * len("12345"), 8 * len("0.123456789"), 0, 0, 8 * state,
              8 * state, 8 * finding]
    for width, least in zip(widths, wanted):
        check(width >= least + 8, "a column of %d pixels is to hold %d: %s" % (width, least, text))
    beside = 56 # the packet map, and the scroll bar
    check(sum(widths[:-1]) <= 1100 - beside - 64, "at 1100 pixels there is no room for Info: %s" % text)


def check_without_plugin(wireshark, capture):
    """Where the plugin is missing the columns are empty, and nothing else is odd."""
    text = wireshark.tshark("-C", NAME, "-r", capture, plugin=False)
    check_equal("packets without the plugin", text.count("\n"),
                wireshark.tshark("-r", capture, plugin=False).count("\n"))


def check_zip(path, profiles):
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        check_equal("files in the zip", sorted(names),
                    sorted("%s/%s" % (NAME, name) for name in
                           os.listdir(os.path.join(profiles, NAME))))


def main():
    plugin, captures, profiles, archive = sys.argv[1:]
    with lib.Wireshark(plugin, captures) as wireshark:
        shutil.copytree(profiles, os.path.join(wireshark.home, "wireshark", "profiles"))
        subprocess.run(["chmod", "-R", "a+rX", wireshark.home], check=True)
        os.environ["COLORTERM"] = "truecolor"
        capture = [c for c in wireshark.captures() if "data-after-fin" in c][0]
        found = list(filters(profiles))
        check(len(found) > 20, "only %d filters were found" % len(found))
        lib.for_each(lambda f: wireshark.tshark("-r", capture, "-Y", f[1]), found)
        check_profile(wireshark, capture)
        check_contrast(profiles)
        check_widths(profiles, os.path.join(profiles, "..", "core"))
        check_without_plugin(wireshark, capture)
        check_zip(archive, profiles)
    lib.finish()


if __name__ == "__main__":
    main()
