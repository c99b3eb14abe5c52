# SPDX-License-Identifier: GPL-2.0-or-later
"""Run tshark and sharkd with or without the plugin, as an ordinary user.

Wireshark loads no plugin of a user's choice when it runs as root, so root becomes nobody here; and
nobody may not be able to read the build directory, so the plugin and the captures are copied to a
place that everybody can read.  Nothing of the caller's own Wireshark settings is used.
"""

import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

NOBODY = "65534"
FAILURES = []


def fail(message):
    FAILURES.append(message)
    print("FAIL: " + message)


def check(condition, message):
    if not condition:
        fail(message)


def check_equal(name, actual, expected):
    """Complain about the first line in which two texts or lists differ."""
    if actual == expected:
        return
    a, b = (t if isinstance(t, list) else t.splitlines() for t in (actual, expected))
    for number, (x, y) in enumerate(zip(a, b), 1):
        if x != y:
            fail("%s: line %d is\n  %s\nand should be\n  %s" % (name, number, x, y))
            return
    fail("%s: %d lines instead of %d" % (name, len(a), len(b)))


def finish():
    sys.exit(1 if FAILURES else 0)


def become_nobody():
    """What a command of root's begins with; or the test is skipped, where root may not become anybody else."""
    become = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
    if os.getuid() != 0:
        return []
    if subprocess.run(become + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        print("skipped: Wireshark loads no such plugin as root, and root may not become anybody else here")
        sys.exit(77)
    return become


class Wireshark:
    """The installed Wireshark, and one build of the plugin: the path of tcpstate.so."""

    def __init__(self, plugin, captures=None):
        self.become = become_nobody()
        self.dir = tempfile.mkdtemp(prefix="tcpstate-")
        subdir = os.path.join(*plugin.split(os.sep)[-3:-1])  # X.Y/epan
        os.makedirs(os.path.join(self.dir, "with", subdir))
        os.makedirs(os.path.join(self.dir, "without"))
        os.makedirs(os.path.join(self.dir, "captures"))
        shutil.copy(plugin, os.path.join(self.dir, "with", subdir))
        self.home = os.path.join(self.dir, "home")
        os.makedirs(self.home)
        for path in glob.glob(os.path.join(captures, "*.pcap*")) if captures else []:
            shutil.copy(path, os.path.join(self.dir, "captures"))
        subprocess.run(["chmod", "-R", "a+rX", self.dir], check=True)
        os.chmod(self.home, 0o777)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir, ignore_errors=True)

    def captures(self):
        found = sorted(glob.glob(os.path.join(self.dir, "captures", "*")))
        check(found, "there are no captures")
        return found

    def add_capture(self, name, data):
        path = os.path.join(self.dir, "captures", name)
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, 0o644)
        return path

    def command(self, program, plugin):
        env = {
            "HOME": self.home, "XDG_CONFIG_HOME": self.home, "XDG_RUNTIME_DIR": self.home,
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": os.path.join(self.dir, "with" if plugin else "without"),
            "ASAN_OPTIONS": "detect_leaks=0",
        }
        for name in ("LD_PRELOAD", "WIRESHARK_DEBUG_WMEM_OVERRIDE"):
            if name in os.environ:
                env[name] = os.environ[name]
        path = shutil.which(program) or sys.exit("%s is not installed" % program)
        return self.become + [path], env

    def run(self, program, *args, plugin=True, status=(0,), stdin=None, quiet=True,
            env=()):
        """Standard output as text. Any other exit status, or a word on standard error, fails; but
        where it is to fail, what it says is part of the text. `env`: variables to change."""
        command, usual = self.command(program, plugin)
        done = subprocess.run(command + list(args), env=dict(usual, **dict(env)), cwd=self.dir, input=stdin,
                              capture_output=True, text=True, errors="replace")
        what = "%s %s" % (program, " ".join(args)[:200])
        if done.returncode not in status:
            fail("%s: exit status %d\n%s" % (what, done.returncode, done.stderr))
        if status != (0,):
            return done.stdout + done.stderr
        if quiet and done.stderr:
            fail("%s: says %s" % (what, done.stderr))
        return done.stdout

    def tshark(self, *args, **how):
        return self.run("tshark", *args, **how)

    def fields(self, capture, fields, *args, **how):
        """One list of values for each frame."""
        wanted = [x for field in fields for x in ("-e", field)]
        text = self.tshark("-r", capture, "-T", "fields", "-E", "separator=/t", *args, *wanted,
                           **how)
        return [line.split("\t") for line in text.splitlines()]

    def names(self, protocol, kind="F", **how):
        """The filter names of all fields of a protocol, and their types."""
        rows = [line.split("\t") for line in self.tshark("-G", "fields", **how).splitlines()]
        return {row[2]: row[3] for row in rows if row[0] == kind and row[4] == protocol}

    def sharkd(self, capture, *requests):
        """The results of requests (method, parameters) on one capture."""
        calls = [("load", {"file": capture})] + list(requests)
        lines = [json.dumps({"jsonrpc": "2.0", "id": n, "method": method, "params": params})
                 for n, (method, params) in enumerate(calls, 1)]
        text = self.run("sharkd", "-", stdin="\n".join(lines) + "\n", quiet=False)
        answers = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        check(len(answers) == len(calls), "sharkd answered %d of %d" % (len(answers), len(calls)))
        for answer in answers:
            if "error" in answer:
                fail("sharkd: %s" % answer["error"])
        return [answer.get("result") for answer in answers[1:]]


def without_our_subtree(text):
    """`tshark -V` text as it would be if the plugin added nothing."""
    kept, depth = [], None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and (not line or indent <= depth):
            depth = None
        if depth is None and re.match(r" +\[TCP State: ", line):
            depth = indent
        if depth is None:
            kept.append(line)
    return kept


def for_each(function, items):
    """Run the function on all items, a few at a time; programs do the work, so threads will do."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(function, items))


def start():
    """The usual arguments of a test: PLUGIN [CAPTURES]."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: %s path/to/X.Y/epan/tcpstate.so [directory of captures]" % sys.argv[0])
    return Wireshark(*sys.argv[1:])
