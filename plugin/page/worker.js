/* Reads one capture, away from the page, and answers questions about it.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A question is {id, ask, ...}, its answer {id, answer} or {id, refused: a sentence}; while it
 * reads, {progress: 0 to 1} comes, too. */
"use strict";

const LIMIT = 1e9; // octets: what is known of a larger capture may not fit into a page's memory
const PIECE = 4 << 20;

let program; // what the WebAssembly exports
let take; // gets the text of a view, piece by piece, while that is told
let connections = [];

const utf8 = new TextDecoder();
const imports = {
    page: {
        text(at, length) { take(utf8.decode(new Uint8Array(program.memory.buffer, at, length), { stream: true })); },
        random() { return crypto.getRandomValues(new BigUint64Array(1))[0]; },
    },
};

/* The text of a view. */
function tell(view, ...about) {
    let text = "";
    take = more => { text += more; };
    program[view](...about);
    return text;
}

/* The same of a view that writes a line of JSON for each of them. */
function lines(view, ...about) {
    const list = [];
    let rest = "";
    take = more => {
        const parts = (rest + more).split("\n");
        rest = parts.pop();
        for (const part of parts) list.push(JSON.parse(part));
    };
    program[view](...about);
    return list;
}

/* ---- reading ---- */

function megabytes(octets) {
    return `${(octets / 1e6).toFixed(octets < 1e8 ? 1 : 0)} MB`;
}

function refuse(octets) {
    throw new Refusal(`This capture has ${octets ? megabytes(octets) : "more than 1000 MB"}, and this page reads ` +
        "less than 1000 MB. The command tcpstate, which has no such limit, reads it; or keep only what you need of it.");
}
class Refusal extends Error { }

function feed(octets) {
    for (let i = 0; i < octets.length; i += PIECE) {
        const piece = octets.subarray(i, i + PIECE);
        const at = program.room(piece.length);
        if (!at) throw new Refusal("The browser gives this page no more memory.");
        new Uint8Array(program.memory.buffer, at, piece.length).set(piece);
        if (!program.feed(piece.length)) return false;
    }
    return true;
}

/* Its octets, unpacked. What breaks within a compressed file ends it. */
async function* octets_of(file) {
    const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
        for (let at = 0; at < file.size; at += PIECE)
            yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
        return;
    }
    const stream = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    for (;;) {
        const { value, done } = await stream.read();
        if (done) return;
        yield value;
    }
}

/* What was wrong: with what the capture says, and with how it is packed. */
async function read(file) {
    const wrong = { is_broken: false, packing: null };
    let octets = 0;
    try {
        for await (const piece of octets_of(file)) {
            octets += piece.length;
            if (octets >= LIMIT) refuse(0);
            wrong.is_broken = !feed(piece);
            if (wrong.is_broken) break;
            postMessage({ progress: Math.min(1, octets / file.size) });
        }
    } catch (error) {
        if (error instanceof Refusal || error instanceof WebAssembly.RuntimeError) throw error;
        wrong.packing = "What is packed breaks off, or the file cannot be read to its end: what came before is shown.";
    }
    return wrong;
}

/* ---- the filter ---- */

function haystack(connection) {
    const c = connection;
    return [c.client, c.server, c.client_state, c.server_state, ...c.states, ...c.findings,
        c.verdict, c.ended].join(" ").toLowerCase();
}

/* Words that must all be there, or, with a minus in front, must not. */
function matching(filter) {
    const words = filter.toLowerCase().split(/\s+/).filter(word => word && word !== "-");
    if (!words.length) return connections;
    return connections.filter(connection => {
        connection.haystack ??= haystack(connection);
        return words.every(word => word[0] === "-" ? !connection.haystack.includes(word.slice(1))
            : connection.haystack.includes(word));
    });
}

/* ---- questions ---- */

const answers = {
    async open({ file, wasm }) {
        if (file.size >= LIMIT) refuse(file.size);
        program = (await WebAssembly.instantiate(wasm, imports)).instance.exports;
        if (!program.room(0)) throw new Refusal("The browser gives this page no memory.");
        const wrong = await read(file);
        program.end();
        const report = JSON.parse(tell("report"));
        if (wrong.is_broken && !report.frames) throw new Refusal(`${file.name} is no capture: it is neither pcap nor pcapng.`);
        connections = lines("connections").sort((a, b) => a.number - b.number);
        return { ...report, ...wrong, connections: connections.length,
            words: [...new Set(connections.flatMap(c => [...c.states, ...c.findings]))].sort() };
    },
    connections({ filter, count }) {
        const found = matching(filter);
        return { total: connections.length, found: found.length, rows: found.slice(0, count) };
    },
    order({ connection }) { return tell("order", connection).split("\n").slice(0, -1).map(Number); },
    frames({ connection, first, count }) { return lines("frames", connection, first, count); },
    findings({ connection }) { return lines("findings", connection); },
    view({ view, connection }) { return tell(view, connection); },
};

onmessage = async ({ data }) => {
    try {
        postMessage({ id: data.id, answer: await answers[data.ask](data) });
    } catch (error) {
        const refused = error instanceof Refusal ? error.message
            : `The page cannot go on (${error.message}): most likely this browser has no memory left.`;
        postMessage({ id: data.id, refused });
    }
};
