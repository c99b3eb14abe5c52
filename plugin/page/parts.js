/* What the other scripts are made of: elements, what is embedded, and who reads captures.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What comes from a capture only ever becomes text: nothing here, and nothing elsewhere, takes
 * markup. */
"use strict";

const $ = id => document.getElementById(id);

/* An element, with properties and attributes, and children: elements, or text. */
function make(tag, about = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(about))
        if (name in element && name !== "role") element[name] = value;
        else element.setAttribute(name, value);
    element.append(...children);
    return element;
}

/* ---- what is embedded ---- */

function octets_of_base64(text) {
    return Uint8Array.from(atob(text.trim()), c => c.charCodeAt(0));
}

async function inflate(octets) {
    const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpack(id) {
    return inflate(octets_of_base64($(id).textContent));
}

let captures, wasm, worker_url; // {files, examples, lesson}; the program; who runs it

async function unpack_all() {
    wasm = await unpack("program");
    captures = JSON.parse(new TextDecoder().decode(await unpack("data")));
    worker_url = URL.createObjectURL(new Blob([captures.worker], { type: "text/javascript" }));
}

function embedded(name) {
    return new File([octets_of_base64(captures.files[name])], name);
}

/* ---- who reads ---- */

/* One capture, read by a worker of its own: ask("frames", {connection: 0}) and so on. */
class Capture {
    #worker = new Worker(worker_url);
    #waiting = new Map();
    #asked = 0;

    constructor(on_progress = () => { }) {
        this.#worker.onmessage = ({ data }) => {
            if ("progress" in data) return on_progress(data.progress);
            const { resolve, reject } = this.#waiting.get(data.id);
            this.#waiting.delete(data.id);
            if ("refused" in data) reject(new Error(data.refused));
            else resolve(data.answer);
        };
    }

    ask(ask, about = {}) {
        const id = this.#asked++;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { resolve, reject });
            this.#worker.postMessage({ id, ask, ...about });
        });
    }

    open(file) {
        return this.ask("open", { file, wasm });
    }

    close() {
        this.#worker.terminate();
    }
}
