/* The page: which capture, which connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */

const now = { capture: null, file: null, name: "", connection: null, rows: 100 };

/* ---- a capture ---- */

function say(text, refused = false) {
    $("status").textContent = text;
    $("status").classList.toggle("refused", refused);
}

function plural(count, word) {
    return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

/* What was read, and what of it nobody could. */
function describe(name, report) {
    const unread = [[report.unknown_link, "frame", "of a link type that is not read"],
        [report.other_blocks, "block", "that is not read"]];
    const says = [`${name}: ${plural(report.connections, "connection")} in ${plural(report.frames, "frame")}.`];
    for (const [count, what, why] of unread)
        if (count) says.push(`${plural(count, what)} ${why}.`);
    if (report.is_broken) says.push(`The file is broken at octet ${report.broken_at.toLocaleString("en")}: ` +
        "what came before it is shown.");
    if (report.cut_off) says.push("The file ends within a frame: what came before it is shown.");
    if (report.packing) says.push(report.packing);
    return says.join(" ");
}

async function open(file) {
    now.capture?.close();
    const capture = new Capture(part => { $("progress").value = part; });
    Object.assign(now, { capture, file, name: file.name, connection: null, rows: 100 });
    say(`Reads ${file.name} ...`);
    $("example").value = captures.examples.some(example => example.file === file.name) ? file.name : "";
    $("progress").hidden = false;
    $("progress").value = 0;
    $("connection").hidden = true;
    try {
        const report = await capture.open(file);
        if (now.capture !== capture) return;
        $("progress").hidden = true;
        $("filter").value = "";
        $("words").replaceChildren(...report.words.map(word => make("option", { value: word })));
        $("reader").hidden = false;
        await show_connections();
        say(describe(file.name, report), report.is_broken || report.cut_off > 0 || report.packing !== null);
    } catch (error) {
        if (now.capture !== capture) return;
        $("progress").hidden = true;
        $("reader").hidden = true;
        say(error.message, true);
    }
}

/* ---- its connections ---- */

const WORST = { illegal: "error", incomplete: "warning" };

function cell(kind, ...children) {
    return make("td", { className: kind }, ...children);
}

/* At most two lines of it; all of it while the pointer rests there. */
function brief(text, kind = "") {
    return make("div", { className: `brief ${kind}`, title: text }, text);
}

function row_of(c) {
    const number = make("button", { type: "button", className: "link", "aria-label": `connection ${c.number}` },
        `${c.number}`);
    const about = { onclick: () => choose(c), "data-connection": c.number,
        className: c.number === now.connection ? "chosen" : "" };
    return make("tr", about, cell("number", number), cell("", c.client), cell("", c.server),
        cell("client", c.client_state), cell("server", c.server_state),
        cell("number", `${c.frames}`), cell("number", c.seconds.toFixed(6)),
        cell("", brief(c.findings.join(", "), WORST[c.verdict])), cell("", brief(c.ended)));
}

async function show_connections() {
    const { total, found, rows } = await now.capture.ask("connections", { filter: $("filter").value, count: now.rows });
    $("connections").tBodies[0].replaceChildren(...rows.map(row_of));
    $("more-connections").hidden = found <= rows.length;
    $("filter-count").textContent = found === total ? plural(total, "connection") : `${found} of ${plural(total, "connection")}`;
    if (rows.length && now.connection === null) await choose(rows[0]);
}

async function choose(connection) {
    const capture = now.capture;
    now.connection = connection.number;
    for (const row of $("connections").tBodies[0].rows)
        row.classList.toggle("chosen", Number(row.dataset.connection) === connection.number);
    $("connection-heading").textContent = `Connection ${connection.number}: ${connection.client} to ${connection.server}`;
    $("ended").textContent = connection.ended;
    await show_views(capture, connection.number);
    if (now.capture === capture) $("connection").hidden = false;
}

async function filter() {
    now.rows = 100;
    await show_connections();
    for (const row of document.querySelectorAll(".text [role=option]"))
        row.classList.toggle("matches", is_matched(Number(row.dataset.frames)));
}

/* ---- where captures come from ---- */

function prepare_opening() {
    $("file").onchange = () => {
        if ($("file").files[0]) open($("file").files[0]);
        $("file").value = "";
    };
    $("example").append(make("option", { value: "", disabled: true }, "choose one"));
    for (const example of captures.examples)
        $("example").append(make("option", { value: example.file }, example.title));
    $("example").onchange = () => open(embedded($("example").value));
    document.ondragover = event => {
        event.preventDefault();
        document.body.classList.add("dropping");
    };
    document.ondragleave = event => {
        if (!event.relatedTarget) document.body.classList.remove("dropping");
    };
    document.ondrop = event => {
        event.preventDefault();
        document.body.classList.remove("dropping");
        if (event.dataTransfer.files[0]) {
            location.hash = "#reader";
            open(event.dataTransfer.files[0]);
        }
    };
    $("filter").oninput = filter;
    $("more-connections").onclick = () => {
        now.rows *= 4;
        show_connections();
    };
}

/* What the address asks for: #q06, #lesson, or captures. */
function go() {
    const lesson = captures.lesson.find(question => `#${question.id}` === location.hash);
    const is_lesson = Boolean(lesson) || location.hash === "#lesson";
    $("lesson").hidden = !is_lesson;
    if (is_lesson) {
        $("reader").hidden = true;
        say("");
        show_lesson(lesson ?? captures.lesson[0]);
    } else if (now.capture) {
        $("reader").hidden = false;
    } else {
        open(embedded(captures.examples[0].file));
    }
}

/* What a worker refuses, whoever asked. */
window.onunhandledrejection = event => {
    event.preventDefault();
    say(event.reason.message, true);
};

unpack_all().then(() => {
    make_tabs();
    prepare_opening();
    prepare_saving(() => now);
    prepare_lesson();
    window.onhashchange = go;
    go();
});
