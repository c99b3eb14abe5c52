# SPDX-License-Identifier: GPL-2.0-or-later
"""A desktop that nobody sees: an X server in memory, a window manager, a mouse and a keyboard."""

import os
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("Xvfb", "openbox", "xdotool", "xclip", "import", "wireshark", "convert")


def missing():
    """Programs that are needed and not installed."""
    return [program for program in PROGRAMS if not shutil.which(program)]


class Desktop:
    """Stopped, with everything that runs on it, at the end of `with`."""

    def __init__(self, width=1500, height=940):
        self.processes = []
        read, write = os.pipe()
        self._start(["Xvfb", "-displayfd", str(write), "-screen", "0",
                     "%dx%dx24" % (width, height), "-nolisten", "tcp", "-ac"], pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as numbers:
            self.display = ":" + numbers.readline().strip()
        self.config = tempfile.mkdtemp(prefix="tcpstate-desktop-")
        self._start(["openbox"], env=dict(os.environ, DISPLAY=self.display, HOME=self.config,
                                          XDG_CONFIG_HOME=self.config, XDG_CACHE_HOME=self.config))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.config, ignore_errors=True)

    def _start(self, command, stderr=subprocess.DEVNULL, **how):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=stderr, **how)
        self.processes.append(process)
        return process

    def start(self, command, env, cwd, errors):
        """A program; `errors` is the file that gets its standard error."""
        with open(errors, "wb") as stderr:
            return self._start(command, env=dict(env, DISPLAY=self.display, QT_X11_NO_MITSHM="1"),
                               cwd=cwd, stderr=stderr)

    def do(self, *words):
        """xdotool; its output. Commands that act on a window get time to be drawn."""
        done = subprocess.run(["xdotool"] + [str(word) for word in words], capture_output=True,
                              text=True, env=dict(os.environ, DISPLAY=self.display))
        return done.stdout.strip()

    def settle(self, seconds=0.7):
        time.sleep(seconds)

    def window(self, name, seconds=40):
        """The visible window whose title matches, as soon as there is one; None: there is not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.do("search", "--onlyvisible", "--name", name).split()
            if found:
                self.settle()
                return found[-1]
            time.sleep(0.2)
        return None

    def titles(self):
        """Of all visible windows."""
        return self.do("search", "--onlyvisible", "--name", ".", "getwindowname", "%@").splitlines()

    def place(self, window, x, y, width, height):
        self.do("windowactivate", "--sync", window)
        self.do("windowmove", "--sync", window, x, y)
        self.do("windowsize", "--sync", window, width, height)
        self.settle()

    def keys(self, *keys):
        for key in keys:
            self.do("key", "--clearmodifiers", key)
            self.settle(0.35)

    def type(self, text):
        self.do("type", "--clearmodifiers", "--delay", "15", text)
        self.settle()

    def clipboard(self):
        """What was copied last."""
        done = subprocess.run(["xclip", "-o", "-selection", "clipboard"], capture_output=True,
                              text=True, env=dict(os.environ, DISPLAY=self.display))
        return done.stdout

    def click(self, window, x, y, button=1, times=1):
        self.do("mousemove", "--window", window, x, y, "click", "--repeat", times, button)
        self.settle()

    def colors(self, x, y, width, height):
        """Red, green and blue of each pixel of a part of the screen, 0 to 255."""
        done = subprocess.run(["import", "-window", "root", "-crop", "%dx%d+%d+%d" %
                               (width, height, x, y), "-depth", "8", "RGB:-"], check=True,
                              capture_output=True, env=dict(os.environ, DISPLAY=self.display))
        values = iter(done.stdout)
        return list(zip(values, values, values))

    def picture(self, path, window="root"):
        subprocess.run(["import", "-window", window, path], check=True,
                       env=dict(os.environ, DISPLAY=self.display))
        self.reduce(path)

    @staticmethod
    def reduce(path):
        """Few colours are enough for what programs draw, and a repository wants small files."""
        subprocess.run(["convert", path, "-strip", "+dither", "-colors", "128", "PNG8:" + path],
                       check=True)
