/* The ten questions of captures/QUESTIONS.md: in which state is the end after each frame? The reader
 * says it first.
 * SPDX-License-Identifier: GPL-2.0-or-later */

const STATES = ["CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
    "CLOSING", "LAST_ACK", "TIME_WAIT"];

const lesson = { question: null, frames: [], at: 0, right: 0, asked: "server" };

function prepare_lesson() {
    $("questions").append(...captures.lesson.map(question => make("li", { value: question.number },
        make("a", { href: `#${question.id}` }, question.short))));
    $("choices").append(...STATES.map(state => make("button",
        { type: "button", onclick: () => answer(state) }, state)));
    $("next").onclick = ask_next;
    $("again").onclick = () => show_lesson(lesson.question);
    $("asked").onchange = () => {
        lesson.asked = $("asked").value;
        show_lesson(lesson.question);
    };
    $("look").onclick = () => {
        const file = lesson.question.file;
        location.hash = "#reader";
        open(embedded(file));
    };
}

async function show_lesson(question) {
    Object.assign(lesson, { question, frames: [], at: 0, right: 0 });
    for (const link of $("questions").querySelectorAll("a"))
        if (link.hash === `#${question.id}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    $("question-heading").textContent = `${question.number}. ${question.title}`;
    $("question-where").textContent = `${question.note} From ${question.file}, of two real hosts.`.trim();
    $("asked-column").textContent = lesson.asked === "server" ? "Server" : "Client";
    $("answer").hidden = true;
    $("steps").tBodies[0].replaceChildren();
    const frames = await frames_of(question);
    if (lesson.question !== question) return;
    lesson.frames = frames;
    ask_next();
}

async function frames_of(question) {
    const capture = new Capture();
    try {
        await capture.open(embedded(question.file));
        return await capture.ask("frames", { connection: question.connection, first: 0, count: 1000 });
    } finally {
        capture.close();
    }
}

/* SYN,ACK  SEQ 0  ACK 1 */
function segment_of(frame) {
    return [frame.flags, `SEQ ${frame.seq}`, "ack" in frame ? `ACK ${frame.ack}` : "",
        frame.octets ? `${plural(frame.octets, "octet")} of data` : ""].filter(Boolean).join("  ");
}

/* The next frame is shown, and what it does is asked. */
function ask_next() {
    const frame = lesson.frames[lesson.at];
    $("judgement").textContent = "";
    $("judgement").className = "";
    $("next").hidden = true;
    $("ask").hidden = !frame;
    if (!frame) return show_answer();
    $("steps").tBodies[0].append(make("tr", {}, cell("number", `${frame.frame}`), cell("number", frame.time.toFixed(6)),
        cell(frame.from, frame.from), cell("", segment_of(frame)), cell(""), cell("")));
    $("ask-legend").textContent = `Frame ${frame.frame} has passed. What state is the ${lesson.asked} in now?`;
    for (const button of $("choices").children) button.disabled = false;
    $("choices").firstElementChild.focus({ preventScroll: true });
    $("ask").scrollIntoView({ block: "nearest" });
}

/* Right is what the whole capture shows, and what it seemed to be when the frame came. */
function judge(end, state) {
    if (state === end.state || state === end.live) return "right";
    return end.possible.includes(state) ? "possible" : "wrong";
}

function answer(state) {
    const frame = lesson.frames[lesson.at], end = frame[lesson.asked];
    const judged = judge(end, state);
    const row = $("steps").tBodies[0].lastElementChild;
    row.cells[4].textContent = state;
    row.cells[4].className = judged === "wrong" ? "wrong" : "right";
    row.cells[5].textContent = end.state + (end.assumed ? "?" : "");
    row.cells[5].className = lesson.asked;
    if (judged !== "wrong") lesson.right++;
    $("judgement").className = judged === "wrong" ? "wrong" : "right";
    $("judgement").textContent = [{ right: "Right.", possible: "It may be: the capture cannot tell.", wrong: "No." }[judged],
        standing(lesson.asked, end), ...frame.moves, ...frame.findings.map(finding => `${finding.says}.`)].join(" ");
    for (const button of $("choices").children) button.disabled = true;
    lesson.at++;
    $("next").textContent = lesson.at < lesson.frames.length ? "Next frame" : "The answer";
    $("next").hidden = false;
    $("next").focus({ preventScroll: true });
}

function show_answer() {
    $("score").textContent = `${lesson.right} of ${plural(lesson.frames.length, "state")} right.`;
    $("answers").replaceChildren(...lesson.question.answer.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]));
    $("answer").hidden = false;
    $("answer").scrollIntoView({ block: "nearest" });
}
