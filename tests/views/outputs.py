#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where -z tcpstate,annotate and diagram write to: a file is replaced as a whole or not at all, and what
is no file is written to, or it is said why not.

outputs.py PLUGIN CAPTURES INTERRUPTER
"""

import fcntl
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import lib
from lib import check, check_equal

CAPTURE = "data-after-fin.pcapng"
OLD = b"what was there before"


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Place:
    """A directory of the user that tshark runs as, with a way to have a report written there."""

    def __init__(self, wireshark, report):
        self.wireshark, self.report = wireshark, report
        self.directory = os.path.join(wireshark.dir, report)
        os.mkdir(self.directory)
        self.give(self.directory, 0o755)
        self.capture = os.path.join(wireshark.dir, "captures", CAPTURE)
        # Another format is copied in another way; and what is made of it is longer.
        self.other = self.path("other.pcap")
        subprocess.run(["mergecap", "-a", "-F", "pcap", "-w", self.other] + [self.capture] * 100,
                       check=True)
        self.give(self.other, 0o644)
        self.expected = b""

    def give(self, path, mode):
        """As if that user had made it."""
        os.chmod(path, mode)
        if os.getuid() == 0:
            os.chown(path, int(lib.NOBODY), int(lib.NOBODY))

    def path(self, name):
        return os.path.join(self.directory, name)

    def old_file(self, name, mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(OLD)
        self.give(self.path(name), mode)
        return self.path(name)

    def write(self, path, status=(0,), capture=None, **how):
        """What it says."""
        return self.wireshark.tshark("-q", "-r", capture or self.capture, "-z", "tcpstate,%s,%s" %
                                     (self.report, path), status=status, **how)

    def refuses(self, path, word, **how):
        said = self.write(path, status=(1,), **how)
        check(said.count("\n") == 1 and word in said, "%s to %s: says %s" % (self.report, path, said))

    def popen(self, path, *options, capture=None, **how):
        command, env = self.wireshark.command("tshark", True)
        return subprocess.Popen(command + ["-r", capture or self.capture, "-z", "tcpstate,%s,%s" %
                                           (self.report, path), *options], env=env, **how)

    def files(self):
        return sorted(os.listdir(self.directory))


def check_files(place):
    """A new file has the permissions of everything new, and what is replaced was not more open before."""
    for name, before, after in (("new", None, 0o640), ("old", 0o644, 0o640), ("private", 0o600, 0o600)):
        path = place.old_file(name, before) if before else place.path(name)
        os.umask(0o027)
        place.write(path)
        os.umask(0o022)
        place.expected = place.expected or read(path)
        check(read(path) == place.expected != OLD, "%s: not the report" % name)
        check_equal(name + ": permissions", oct(stat.S_IMODE(os.stat(path).st_mode)), oct(after))
    kept = place.old_file("kept", 0o444)
    place.refuses(kept, "read-only")
    check(read(kept) == OLD, "a read-only file was replaced")


def check_links(place):
    target, link = place.old_file("target"), place.path("link")
    os.symlink("target", link)
    place.write(link)
    check(os.path.islink(link) and read(target) == place.expected, "a link was replaced")
    os.symlink("nowhere", place.path("dangling"))
    place.refuses(place.path("dangling"), "link to nothing")
    check(not os.path.exists(place.path("nowhere")), "a link to nothing was followed")


def check_snares(place):
    """What somebody else has laid into a directory that is everybody's."""
    if os.getuid() != 0:
        return
    common = place.path("common")
    os.mkdir(common)
    os.chmod(common, 0o1777)
    os.chown(common, 12345, 12345) # for whom the link might be, as in /tmp, is another one
    secret = place.old_file("secret")
    os.symlink(secret, os.path.join(common, "link"))
    os.mkfifo(os.path.join(common, "pipe"), 0o666)
    os.chmod(os.path.join(common, "pipe"), 0o666)
    for name in ("link", "pipe"):
        place.refuses(os.path.join(common, name), "somebody else")
    check(read(secret) == OLD, "it followed somebody else's link")
    shutil.rmtree(common)


def check_others(place):
    """A pipe, a device, a socket, standard output."""
    pipe = place.path("pipe")
    os.mkfifo(pipe)
    place.give(pipe, 0o600)
    got = []
    reader = threading.Thread(target=lambda: got.append(read(pipe)), daemon=True)
    reader.start()
    place.write(pipe)
    reader.join(60)
    check(got == [place.expected] and stat.S_ISFIFO(os.stat(pipe).st_mode), "a pipe: %s" % got)
    place.write("/dev/null")
    check(stat.S_ISCHR(os.stat("/dev/null").st_mode), "/dev/null was replaced")
    place.refuses("/dev/full", "No space left on device")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place.path("socket"))
        place.give(place.path("socket"), 0o600)
        place.refuses(place.path("socket"), "socket")
    # Whatever else tshark prints does not come between.
    for name in ("-", "/dev/stdout", "/dev/fd/1"):
        with place.popen(name, "-V", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        check(out == place.expected and b"Transmission Control Protocol" in err, "to %s: %d octets, %s" %
              (name, len(out), err[:200]))
    # A file that is standard output is not replaced: what stood in it before stays.
    with open(place.old_file("appended"), "ab") as file, \
            place.popen("/dev/stdout", "-q", stdout=file) as process:
        pass
    check(read(place.path("appended")) == OLD + place.expected, "standard output is a file")


def check_closed_pipe(place):
    """Nobody reads any more."""
    out, into = os.pipe()
    os.close(out)
    with place.popen("-", "-q", stdout=into, stderr=subprocess.PIPE) as process:
        os.close(into)
        said = process.communicate()[1]
    check(process.returncode == 1 and said.count(b"\n") == 1 and b"Broken pipe" in said,
          "a closed pipe: %d %s" % (process.returncode, said))


def check_full_disk(place):
    """The old file stays, with nothing beside it. A file system of 16 kB, which is gone with its process."""
    disk, path = place.path("disk"), place.path("disk/old")
    os.mkdir(disk)
    script = ("mount -t tmpfs -o size=16k,mode=777 tmpfs '%s' && cp '%s' '%s' && chmod 666 '%s' && "
              "head -c 8192 /dev/zero >'%s'/ballast && (\"$@\"); echo $?; ls -A '%s'; cat '%s'" %
              (disk, place.old_file("source"), path, path, disk, disk, path))
    command, env = place.wireshark.command("tshark", True)
    command += ["-q", "-r", place.other, "-z", "tcpstate,%s,%s" % (place.report, path)]
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", *command], env=env, text=True,
                          capture_output=True)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        print("not tried: a full disk (%s)" % done.stderr.strip())
        return
    check(done.stdout == "1\nballast\nold\n" + OLD.decode() and "No space left" in done.stderr,
          "a full disk: %s %s" % (done.stdout, done.stderr))


def check_interrupts(place, interrupter):
    """At any moment: the old file or the new one, whole, and nothing beside it."""
    library = os.path.join(place.wireshark.dir, "interrupter.so")
    shutil.copy(interrupter, library)
    os.chmod(library, 0o755)
    moments = [("rename", place.capture)]
    if place.report == "annotate":
        moments += [("pread", place.capture), ("pread", place.other)]
    for moment, capture in moments:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            path, before = place.old_file("interrupted"), place.files()
            env = {"LD_PRELOAD": library, "INTERRUPT": "%s:%d" % (moment, number)}
            what = "%s at %s of %s" % (number.name, moment, os.path.basename(capture))
            if moment == "rename":
                check("at rename" in place.write(path, status=(0, 1), env=env), what + ": never")
            else:
                place.refuses(path, "interrupted", env=env, capture=capture)
            check_equal(what + ": files", place.files(), before)
            check(read(path) == (place.expected if moment == "rename" else OLD), what + ": the file")


def check_stalled(place):
    """Somebody who reads the beginning and no more: a signal ends the waiting."""
    pipe = place.path("stalled")
    os.mkfifo(pipe)
    place.give(pipe, 0o600)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
    with place.popen(pipe, "-q", capture=place.other, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not select.select([reader], [], [], 1)[0]:
            pass
        while process.poll() is None:
            process.terminate()
            time.sleep(0.05)
        said = process.communicate()[1]
    check(process.returncode == 1 and b"interrupted" in said, "a stalled reader: says %s" % said)
    os.close(reader)


def check_words(place):
    """A file name gives no orders to a terminal."""
    name = place.path("a\x1b[2J\nb\x9b\x7f") + "/none"
    said = place.write(name, status=(1,))
    check(said.count("\n") == 1 and "a?[2J?b??/none: No such file" in said, "says %r" % said)


def main():
    interrupter = sys.argv.pop()
    with lib.start() as wireshark:
        for report in ("annotate", "diagram"):
            place = Place(wireshark, report)
            for test in (check_files, check_links, check_snares, check_others, check_closed_pipe,
                         check_full_disk, check_words, check_stalled):
                test(place)
            check_interrupts(place, interrupter)
            left = [name for name in place.files() if name.startswith(".")]
            check(not left, "left behind: %s" % left)
    lib.finish()


if __name__ == "__main__":
    main()
