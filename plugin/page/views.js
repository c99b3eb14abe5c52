/* The views of one connection, and the frame that is marked in all of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */

const ROWS = 1500; // of a view at once: a browser is slow with more

/* ---- what is marked ---- */

/* The frames of one connection: their numbers at once, and what is known of them as far as it is
 * shown. */
class Frames {
    known = new Map(); // by number
    order = []; // their numbers, in the order of the capture: one may come twice
    #about;
    #asked = 0;
    #coming = Promise.resolve();

    constructor(capture, connection) {
        this.#about = { capture, connection };
    }

    async begin() {
        const { capture, connection } = this.#about;
        this.order = await capture.ask("order", { connection });
        await this.know(ROWS);
    }

    /* So many are known, the first ones. */
    know(count) {
        const { capture, connection } = this.#about, first = this.#asked;
        if (first >= Math.min(count, this.order.length)) return this.#coming;
        this.#asked = count;
        this.#coming = capture.ask("frames", { connection, first, count: count - first }).then(list => {
            for (const frame of list) this.known.set(frame.frame, frame);
        });
        return this.#coming;
    }
}

let frames; // of the connection that is shown
let marked = null;

async function mark(frame, where) {
    const place = frames.order.indexOf(frame);
    if (place < 0) return;
    if (!frames.known.has(frame)) await frames.know(place + ROWS);
    marked = frame;
    for (const panel of document.querySelectorAll("[role=tabpanel]")) show_mark(panel, panel === where);
    tell_frame(frames.known.get(frame));
}

/* In one panel; `here`: it was clicked there, so it is in sight. */
function show_mark(panel, here) {
    const root = panel.drawing ?? panel;
    for (const element of root.querySelectorAll(".marked")) show_marked(element, false);
    if (marked === null) return;
    panel.reveal?.(marked);
    const found = root.querySelectorAll(`[data-frames~="${marked}"]`);
    for (const element of found) show_marked(element, true);
    if (found.length && !here && !panel.hidden) found[0].scrollIntoView({ block: "nearest" });
}

function show_marked(element, is_marked) {
    element.classList.toggle("marked", is_marked);
    if (element.getAttribute("role") !== "option") return;
    element.setAttribute("aria-selected", `${is_marked}`);
    if (is_marked) element.parentElement.setAttribute("aria-activedescendant", element.id);
}

/* What there is to say of it, in sentences. */
function tell_frame(frame) {
    const title = `Frame ${frame.frame}, ${frame.time.toFixed(6)} s: ${frame.flags} from the ${frame.from}`;
    $("frame-heading").textContent = title;
    const says = [...frame.moves.map(text => [text, ""]),
        ...frame.findings.map(finding => [`${finding.says} [${finding.name}]`, finding.severity])];
    if (frame.fate) says.push([`It ${frame.fate}.`, ""]);
    says.push(...["client", "server"].map(role => [standing(role, frame[role]), role]));
    $("frame-says").replaceChildren(...says.map(([text, kind]) => make("li", { className: kind }, text)));
    $("frame").classList.remove("unmarked");
}

function tell_no_frame() {
    $("frame-heading").textContent = "No frame is marked";
    $("frame-says").replaceChildren(make("li", {},
        "Click one in a view, or walk there with the arrow keys: it is marked in all views."));
    $("frame").classList.add("unmarked");
}

function standing(role, end) {
    const name = role[0].toUpperCase() + role.slice(1);
    const others = end.possible.filter(state => state !== end.state);
    return `${name} is then in ${end.state}${end.assumed ? ", which is assumed" : ""}` +
        (others.length ? `; it may be in ${others.join(", ")} instead` : "") +
        (end.live !== end.state ? ` (when the frame came it seemed to be in ${end.live})` : "") + ".";
}

/* ---- text ---- */

/* The rows of a text: each begins with the number of its frame, in the order of the capture, and
 * has the lines that follow. What stands before the first, or behind an empty line, is nobody's. */
function rows_of(text) {
    const rows = [{ frame: null, text: "" }];
    const { order } = frames;
    let next = 0;
    for (const line of text.split(/(?<=\n)/)) {
        const number = line.match(/^ *(\d+)[. ]/)?.[1];
        if (next < order.length && Number(number) === order[next]) rows.push({ frame: order[next++], text: "" });
        else if (line === "\n" && rows.at(-1).frame !== null) rows.push({ frame: null, text: "" });
        rows.at(-1).text += line;
    }
    return rows;
}

/* They are a list, which arrow keys walk through. */
function show_text(panel, text, name) {
    const rows = rows_of(text);
    const box = make("div", { className: "text", role: "listbox", tabIndex: 0, "aria-label": name });
    const more = make("button", { type: "button", className: "more" }, "Show more rows");
    let shown = 0;

    function add(row, at) {
        box.append(row.frame === null ? make("div", { role: "presentation" }, row.text)
            : make("div", { role: "option", id: `${panel.id}-${at}`, "aria-selected": "false", "data-frames": row.frame,
                className: is_matched(row.frame) ? "matches" : "" }, row.text));
    }
    function show(until) {
        for (; shown < Math.min(until, rows.length); shown++) add(rows[shown], shown);
        more.hidden = shown === rows.length;
    }
    async function show_more() {
        await frames.know(shown + ROWS);
        show(shown + ROWS);
    }
    panel.reveal = frame => {
        const at = rows.findIndex(row => row.frame === frame);
        if (at >= shown) show(at + ROWS);
    };
    more.onclick = show_more;
    box.onclick = event => {
        const row = event.target.closest("[role=option]");
        if (row) mark(Number(row.dataset.frames), panel);
    };
    box.onkeydown = event => walk(event, box);
    show(ROWS);
    panel.replaceChildren(box, more);
}

function walk(event, box) {
    const rows = [...box.querySelectorAll("[role=option]")];
    const now = rows.findIndex(row => row.classList.contains("marked"));
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + 10, PageUp: now - 10,
        Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || !rows.length) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    mark(Number(row.dataset.frames));
    row.scrollIntoView({ block: "nearest" });
}

/* Has the frame the state or the finding that is asked for? */
function is_matched(number) {
    const frame = frames.known.get(number);
    if (!frame) return false;
    const words = $("filter").value.toLowerCase().split(/\s+/).filter(word => word && word[0] !== "-");
    const has = [frame.client.state, frame.server.state, ...frame.findings.map(finding => finding.name)];
    return words.some(word => has.some(text => text.toLowerCase().includes(word)));
}

/* ---- findings ---- */

function show_findings(panel, found) {
    const kinds = new Map();
    for (const frame of found)
        for (const finding of frame.findings) {
            const kind = kinds.get(finding.name) ?? { ...finding, frames: [] };
            kind.frames.push(frame.frame);
            kinds.set(finding.name, kind);
        }
    if (!kinds.size) return panel.replaceChildren(make("p", {}, "There are no findings: all is as RFC 9293 has it."));
    const body = make("tbody", {}, ...[...kinds.values()].map(kind => make("tr", {},
        make("td", { className: kind.severity }, kind.severity), make("td", {}, kind.name), make("td", {}, kind.says),
        make("td", { className: "frames" }, ...kind.frames.slice(0, ROWS).map(frame => make("button",
            { type: "button", "data-frames": frame, onclick: () => mark(frame, panel) }, `${frame}`))))));
    panel.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...["Severity", "Finding",
        "What the first says, with its section", "Frames"].map(text => make("th", { scope: "col" }, text)))), body));
}

/* ---- the tabs ---- */

const views = [
    ["ladder", "Ladder", async (panel, ask) => show_text(panel, await ask("ladder"), "Ladder")],
    ["list", "List", async (panel, ask) => show_text(panel, await ask("list"), "List")],
    ["diagram", "State diagram", async (panel, ask) => show_diagram(panel, await ask("diagram"))],
    ["findings", "Findings", async (panel, ask) => show_findings(panel, await ask("findings"))],
    ["story", "Story", async (panel, ask) => show_story(panel, await ask("story"))],
];
let view = "ladder";

function show_story(panel, text) {
    panel.replaceChildren(make("div", { className: "text json" }, text));
}

function make_tabs() {
    for (const [id, name] of views) {
        $("tabs").append(make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`,
            onclick: () => choose_view(id) }, name));
        $("panels").append(make("div", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, tabIndex: -1 }));
    }
    $("tabs").onkeydown = event => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const now = views.findIndex(([id]) => id === view);
        choose_view(views[(now + step + views.length) % views.length][0]);
        $(`tab-${view}`).focus();
    };
    choose_view(view);
}

async function choose_view(id) {
    view = id;
    for (const [other] of views) {
        $(`tab-${other}`).setAttribute("aria-selected", `${other === id}`);
        $(`tab-${other}`).tabIndex = other === id ? 0 : -1;
        $(`panel-${other}`).hidden = other !== id;
    }
    await show_view();
}

/* A view is made when it is looked at for the first time. */
const waiting = new Map(); // what makes the panel of a view
async function show_view() {
    const panel = $(`panel-${view}`), fill = waiting.get(view);
    waiting.delete(view);
    await fill?.();
    show_mark(panel, false);
}

/* All views of a connection. */
async function show_views(capture, connection) {
    const mine = frames = new Frames(capture, connection);
    await mine.begin();
    if (mine !== frames) return; // another connection was chosen meanwhile
    marked = null;
    tell_no_frame();
    const ask = which => which === "findings" ? capture.ask(which, { connection })
        : capture.ask("view", { view: which, connection });
    for (const [id, , show] of views) {
        const panel = $(`panel-${id}`);
        panel.reveal = panel.drawing = null;
        panel.replaceChildren();
        waiting.set(id, () => show(panel, ask));
    }
    await show_view();
}
