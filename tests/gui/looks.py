#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile in two sizes of the window, light and dark: rows have the profile's colours in both, and the details
open on the states.

looks.py PLUGIN CAPTURES PROFILE.zip [DIRECTORY [all]]: with "all", pictures go to DIRECTORY.
"""

import collections
import os
import re
import subprocess
import sys
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import desktop
import lib
from lib import check
from session import Session

SKIPPED = 77
PROFILE, CAPTURE = "TCP State", "data-after-fin"
SIZES = ((1400, 900), (1100, 700))
SEEN = ("opening", "open", "closing", "illegal") # classes of segments in the capture
ROWS = (80, 105, 900, 170) # part of the packet list

# Qt takes its colours from here where it believes to be in KDE, without any more packages.
COLORS = """[Colors:%s]
BackgroundNormal=35,38,41
BackgroundAlternate=49,54,59
ForegroundNormal=239,240,241
ForegroundLink=61,174,233
"""
KDE = {"XDG_CURRENT_DESKTOP": "KDE", "KDE_FULL_SESSION": "true", "KDE_SESSION_VERSION": "5"}


def write_theme(home):
    with open(os.path.join(home, "kdeglobals"), "w", encoding="utf-8") as file:
        file.writelines(COLORS % part for part in ("Window", "View", "Button", "Tooltip"))


def backgrounds(archive):
    """Of each class of segments, as 0 to 255."""
    with zipfile.ZipFile(archive) as file:
        text = file.read(PROFILE + "/colorfilters").decode()
    return {name: tuple(int(part) // 257 for part in color.split(","))
            for name, color in re.findall(r"^@TCP state: (\w+)[^@]*@[^@]*@\[([\d,]+)\]", text, re.M)}


def check_colors(session, look, expected):
    drawn = collections.Counter(session.screen.colors(*ROWS))
    for name in SEEN:
        near = sum(count for color, count in drawn.items()
                   if max(abs(a - b) for a, b in zip(color, expected[name])) <= 2)
        check(near > 2000, "%s: of the colour of %s there are %d pixels" % (look, name, near))


def check_theme(session, look, size):
    """It is what it was to be, or nothing of this was tried."""
    part = session.screen.colors(0, size[1] - 200, size[0], 100)
    most = collections.Counter(part).most_common(1)[0][0]
    check((max(most) < 100) == ("dark" in look), "%s: the details are drawn on %s" % (look, most))


def check_details(session, look):
    session.screen.keys("Tab", "ctrl+alt+shift+a") # copies what is unfolded
    text = session.screen.clipboard()
    for line in ("[TCP State: client CLOSED -> SYN_SENT", "[Client CLOSED -> SYN_SENT: snd SYN"):
        check(line in text, "%s: the details do not open on the states: %s" % (look, text))


def look_at(session, size, theme, expected):
    look = "looks-%d-%s" % (size[0], theme)
    session.start(CAPTURE, "-C", PROFILE, size=size, env=KDE if theme == "dark" else {})
    session.screen.click(session.main, 300, 5, button=2) # nothing is under the mouse
    session.picture(look)
    check_colors(session, look, expected)
    check_theme(session, look, size)
    check_details(session, look)
    session.quit()


def main():
    if not 4 <= len(sys.argv) <= 6:
        sys.exit("usage: looks.py path/to/X.Y/epan/tcpstate.so CAPTURES PROFILE.zip [DIRECTORY [all]]")
    plugin, captures, archive, pictures, wanted = (sys.argv[1:] + [None, None])[:5]
    if desktop.missing():
        print("skipped: not installed: " + " ".join(desktop.missing()))
        sys.exit(SKIPPED)
    with lib.Wireshark(plugin, captures) as wireshark, desktop.Desktop(1400, 930) as screen:
        with zipfile.ZipFile(archive) as file:
            file.extractall(os.path.join(wireshark.home, "wireshark", "profiles"))
        write_theme(wireshark.home)
        subprocess.run(["chmod", "-R", "a+rwX", wireshark.home], check=True)
        if pictures:
            os.makedirs(pictures, exist_ok=True)
        session = Session(wireshark, screen, None, pictures, wanted)
        for size in SIZES:
            for theme in ("light", "dark"):
                look_at(session, size, theme, backgrounds(archive))
    lib.finish()


if __name__ == "__main__":
    main()
