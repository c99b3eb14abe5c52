# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium and Firefox, headless, with empty profiles: a page is opened from the disk, looked at, and clicked on.

Both speak WebDriver: Chromium through chromedriver, Firefox by itself over its own socket (Marionette), so that
nothing but Debian's packages is needed.
"""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SKIPPED = 77
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's number (W3C WebDriver)


class Wrong(Exception):
    """A command failed, or a check did."""


def alone():
    """Go on in a network of our own, without a way out: what asks for one fails, and touches nobody."""
    if os.environ.get("TCPSTATE_ALONE"):
        return
    unshare = ["unshare", "--net"] + ([] if os.getuid() == 0 else ["--map-root-user"])
    inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, "-B", *sys.argv]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        sys.exit("cannot make a network of its own: %s" % " ".join(unshare)) if os.getuid() == 0 else skip("no namespaces here")
    os.execvpe(unshare[0], [*unshare, "--", *inside], {**os.environ, "TCPSTATE_ALONE": "1"})


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, seconds=30):
    """What it returns, once that is something."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > end:
            raise Wrong("did not come true: " + (what.__doc__ or what.__name__))
        time.sleep(0.05)


class Browser:
    """What both can; `command` is each one's own."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="tcpstate-page-"))
        self.downloads = self.home / "downloads"
        self.downloads.mkdir()
        self.processes = []

    def start(self, *words):
        log = (self.home / "log").open("ab")
        env = {**os.environ, "HOME": str(self.home), "MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
        self.processes.append(subprocess.Popen(words, stdout=log, stderr=log, env=env, start_new_session=True))

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
                continue
            process.kill()
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def run(self, script, *args):
        """What the page returns: `script` is the body of a function; args are its arguments."""
        return self.command("ExecuteScript", script=script, args=list(args))

    def element(self, css):
        return self.command("FindElement", using="css selector", value=css)[ELEMENT]

    def click(self, css):
        self.command("ElementClick", element=self.element(css))

    def keys(self, css, text):
        self.command("ElementSendKeys", element=self.element(css), text=text)

    def text(self, css):
        return self.run("return document.querySelector(arguments[0]).textContent", css)

    def wait(self, script, *args, seconds=30):
        """Until the page returns something true."""
        def holds():
            return self.run(script, *args)
        holds.__doc__ = script
        return until(holds, seconds)

    def saved(self, name):
        """The octets of a file that the page has saved."""
        path = self.downloads / name

        def whole():
            return path.exists() and path.stat().st_size and not list(self.downloads.glob("*.part")) and \
                not list(self.downloads.glob("*.crdownload"))
        whole.__doc__ = f"{name} is saved"
        until(whole)
        octets = path.read_bytes()
        path.unlink()
        return octets

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.command("TakeScreenshot")))


class Chromium(Browser):
    name = "Chromium"
    narrowest = 320
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                 "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
                 "--window-size=1400,1000"]

    def __init__(self):
        super().__init__()
        port = free_port()
        self.start("chromedriver", f"--port={port}")
        self.url = f"http://127.0.0.1:{port}"
        until(self.is_ready)
        options = {"binary": shutil.which("chromium"), "args": [*self.arguments, f"--user-data-dir={self.home / 'profile'}"],
                   "prefs": {"download.default_directory": str(self.downloads)}}
        made = self.post("/session", capabilities={"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}, "goog:chromeOptions": options}})
        self.url += "/session/" + made["sessionId"]
        self.open("about:blank")
        self.looks()
        self.requests()

    def is_ready(self):
        """chromedriver answers"""
        try:
            return self.post("/status", method="GET")
        except OSError:
            return None

    def post(self, path, method="POST", **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, method=method, data=data)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Wrong(json.load(error)["value"]["message"].split("\n")[0]) from error

    def command(self, name, **about):
        paths = {"ExecuteScript": "/execute/sync", "FindElement": "/element", "Navigate": "/url",
                 "ElementClick": "/element/{element}/click", "ElementSendKeys": "/element/{element}/value"}
        if name == "TakeScreenshot":
            return self.post("/screenshot", method="GET")
        return self.post(paths[name].format(**about), **about)

    def open(self, url):
        self.command("Navigate", url=url)

    def cdp(self, cmd, **params):
        self.post("/goog/cdp/execute", cmd=cmd, params=params)

    def looks(self, dark=False, width=1400, height=1000):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.cdp("Emulation.setEmulatedMedia", features=[scheme])
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def errors(self):
        return [entry["message"] for entry in self.post("/se/log", type="browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """The addresses that were asked for since the last time, but those that the page's policy refused."""
        logged = [json.loads(entry["message"])["message"] for entry in self.post("/se/log", type="performance")]
        refused = {m["params"]["requestId"] for m in logged
                   if m["method"] == "Network.loadingFailed" and m["params"].get("blockedReason") == "csp"}
        return [m["params"]["request"]["url"] for m in logged
                if m["method"] == "Network.requestWillBeSent" and m["params"]["requestId"] not in refused]


class Firefox(Browser):
    name = "Firefox"
    narrowest = 500  # of its windows
    prefs = {
        "marionette.port": 0, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.reportingpolicy.firstRun": False, "app.normandy.enabled": False, "browser.aboutwelcome.enabled": False,
        "browser.download.folderList": 2, "browser.download.useDownloadDir": True, "browser.download.always_ask_before_handling_new_types": False,
        "browser.download.alwaysOpenPanel": False, "browser.startup.page": 0, "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False, "browser.safebrowsing.downloads.enabled": False,
        "layout.css.prefers-color-scheme.content-override": 1,
    }

    def __init__(self):
        super().__init__()
        profile, port = self.home / "profile", free_port()
        profile.mkdir()
        prefs = {**self.prefs, "marionette.port": port, "browser.download.dir": str(self.downloads)}
        (profile / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in prefs.items()))
        self.start("firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", str(profile))
        self.count = 0
        self.socket = until(lambda: self.connected(port), 60)
        self.read()  # it introduces itself
        self.command("NewSession", capabilities={"alwaysMatch": {}})
        self.looks()
        self.watch()

    @staticmethod
    def connected(port):
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", port), timeout=120)

    def read(self):
        head = b""
        while not head.endswith(b":"):
            head += self.socket.recv(1)
        left, pieces = int(head[:-1]), []
        while left:
            pieces.append(self.socket.recv(left))
            left -= len(pieces[-1])
        return json.loads(b"".join(pieces))

    def command(self, name, **about):
        self.count += 1
        if "element" in about:
            about["id"] = about.pop("element")
        prefix = "" if ":" in name else "WebDriver:"
        message = json.dumps([0, self.count, prefix + name, about]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.read()
        if error:
            raise Wrong(error["message"])
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.command("TakeScreenshot", full=False)))

    def chrome(self, script, *args):
        """In the browser's own scripts."""
        self.command("Marionette:SetContext", value="chrome")
        try:
            return self.run(script, *args)
        finally:
            self.command("Marionette:SetContext", value="content")

    def watch(self):
        """Every request from now on is written down, but those of the browser itself."""
        self.chrome("""
            const asked = window.tcpstate_asked = [];
            Services.obs.addObserver({observe(subject) {
                const channel = subject.QueryInterface(Ci.nsIHttpChannel);
                const principal = channel.loadInfo?.loadingPrincipal;
                if (principal && !principal.isSystemPrincipal) asked.push(channel.URI.spec);
            }}, "http-on-modify-request");""")

    def open(self, url):
        self.command("Navigate", url=url)

    def looks(self, dark=False, width=1400, height=1000):
        self.chrome("Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0])", 0 if dark else 1)
        self.command("SetWindowRect", width=width, height=height)

    def errors(self):
        return self.chrome("""
            const found = [];
            for (const message of Services.console.getMessageArray())
                if (message instanceof Ci.nsIScriptError && /^(file|blob):/.test(message.sourceName))
                    found.push(message.errorMessage + " " + message.sourceName);
            Services.console.reset();
            return found;""")

    def requests(self):
        return self.chrome("return window.tcpstate_asked.splice(0)")


def each():
    """Those that are installed."""
    found = [browser for browser, program in ((Chromium, "chromedriver"), (Firefox, "firefox-esr")) if shutil.which(program)]
    return found or skip("neither chromium-driver nor firefox-esr is installed")
