/* An annotated copy of a capture, as pcapng: a comment on each frame where something happened, and
 * one on the whole. Runs in the worker.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The blocks of a pcapng file are copied as they are (draft-ietf-opsawg-pcapng section 3.1); only
 * the first section header, and packet blocks with a comment, change: the option is inserted after
 * all others, as the plugin does it. Frames are counted as the reader counts them. */

const SECTION = 0x0a0d0d0a, INTERFACE = 1, OLD_PACKET = 2, SIMPLE_PACKET = 3, ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d, HEADER = 8, TRAILER = 4, SECTION_FIXED = HEADER + 16;
const PACKET_FIXED = 28; // header and fixed fields of both kinds of packet block
const CAPTURED_LENGTH = 20, OPTION_COMMENT = 1, OPTION_RESOLUTION = 9, OPTION_MAX = 65535, BLOCK_MAX = 1 << 28;
const PCAP = 0xa1b2c3d4, PCAP_NANOSECONDS = 0xa1b23c4d, PCAP_HEADER = 24, RECORD_HEADER = 16;

const padded = n => (n + 3) & ~3;
const view_of = octets => new DataView(octets.buffer, octets.byteOffset, octets.length);

function joined(...parts) {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}

/* A file, a few octets at a time. */
class Source {
    #pieces;
    #rest = new Uint8Array(0);

    constructor(file) {
        this.#pieces = octets_of(file);
    }

    /* So many octets; null: there are no more so many. */
    async take(count) {
        while (this.#rest.length < count) {
            const { value, done } = await this.#pieces.next().catch(() => ({ done: true }));
            if (done) return null;
            this.#rest = this.#rest.length ? joined(this.#rest, value) : value;
        }
        const taken = this.#rest.slice(0, count);
        this.#rest = this.#rest.subarray(count);
        return taken;
    }
}

/* ---- options ---- */

function comment_option(text, little, with_end) {
    const octets = new TextEncoder().encode(text).subarray(0, OPTION_MAX);
    const option = new Uint8Array(4 + padded(octets.length) + (with_end ? 4 : 0));
    view_of(option).setUint16(0, OPTION_COMMENT, little);
    view_of(option).setUint16(2, octets.length, little);
    option.set(octets, 4);
    return option;
}

/* Where options that begin at `at` end: at the end-of-options option or the trailer. 0: damaged. */
function end_of_options(block, at, little) {
    const end = block.length - TRAILER, view = view_of(block);
    while (at + 4 <= end && view.getUint16(at, little)) at += 4 + padded(view.getUint16(at + 2, little));
    return at <= end ? at : 0;
}

/* The block with a comment more; as it is where it is damaged. */
function with_comment(block, options, text, little) {
    const at = options && end_of_options(block, options, little);
    if (!at) return block;
    const has_end = at + TRAILER < block.length;
    const longer = joined(block.subarray(0, at), comment_option(text, little, !has_end), block.subarray(at));
    view_of(longer).setUint32(4, longer.length, little);
    view_of(longer).setUint32(longer.length - TRAILER, longer.length, little);
    return longer;
}

/* ---- pcapng ---- */

/* Where the options of a packet begin. 0: damaged. */
function packet_options(block, little) {
    const end = block.length - TRAILER;
    if (end < PACKET_FIXED) return 0;
    const captured = view_of(block).getUint32(CAPTURED_LENGTH, little);
    return captured > end - PACKET_FIXED ? 0 : PACKET_FIXED + padded(captured);
}

/* A section grows by what is added: "length unknown" is always right. */
function changed_section(block, on_all, little) {
    if (block.length < SECTION_FIXED + TRAILER) return block;
    block.fill(0xff, HEADER + 8, HEADER + 16);
    return on_all === null ? block : with_comment(block, SECTION_FIXED, on_all, little);
}

/* The next whole block, and its section's byte order. */
async function next_block(source, was_little) {
    const head = await source.take(HEADER);
    if (!head) return null;
    const is_section = view_of(head).getUint32(0, true) === SECTION;
    const order = is_section ? await source.take(4) : new Uint8Array(0);
    if (!order) return null;
    const little = is_section ? view_of(order).getUint32(0, true) === BYTE_ORDER_MAGIC : was_little;
    const length = padded(view_of(head).getUint32(4, little));
    if (length < HEADER + TRAILER + order.length || length > BLOCK_MAX) return null;
    const rest = await source.take(length - HEADER - order.length);
    return rest && { block: joined(head, order, rest), little };
}

async function* copied(source, comments, on_all) {
    let frame = 0, little = true;
    for (let next; (next = await next_block(source, little));) {
        little = next.little;
        let { block } = next;
        const type = view_of(block).getUint32(0, little);
        if (type === SECTION) {
            block = changed_section(block, on_all, little);
            on_all = null;
        } else if ([OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET].includes(type)) {
            const text = comments.get(++frame);
            if (text && type !== SIMPLE_PACKET) block = with_comment(block, packet_options(block, little), text, little);
        }
        yield block;
    }
}

/* ---- pcap ---- */

function new_block(type, body, text) {
    const block = new Uint8Array(HEADER + body.length + TRAILER), view = view_of(block);
    view.setUint32(0, type, true);
    view.setUint32(4, block.length, true);
    block.set(body, HEADER);
    view.setUint32(block.length - TRAILER, block.length, true);
    return text ? with_comment(block, HEADER + body.length, text, true) : block;
}

/* Its header in two blocks: section and interface. */
function* heads(header, little, is_fine, on_all) {
    const section = new Uint8Array(16), link = new Uint8Array(is_fine ? 20 : 8);
    view_of(section).setUint32(0, BYTE_ORDER_MAGIC, true);
    view_of(section).setUint16(4, 1, true);
    section.fill(0xff, 8);
    yield new_block(SECTION, section, on_all);
    view_of(link).setUint16(0, view_of(header).getUint32(20, little) & 0xffff, true);
    view_of(link).setUint32(4, view_of(header).getUint32(16, little), true);
    if (is_fine) link.set([OPTION_RESOLUTION, 0, 1, 0, 9], 8);
    yield new_block(INTERFACE, link);
}

function packet_of(record, data, little, is_fine, text) {
    const view = view_of(record), body = new Uint8Array(20 + padded(data.length)), to = view_of(body);
    const time = BigInt(view.getUint32(0, little)) * (is_fine ? 1000000000n : 1000000n) + BigInt(view.getUint32(4, little));
    to.setUint32(4, Number(time >> 32n), true);
    to.setUint32(8, Number(time & 0xffffffffn), true);
    to.setUint32(12, data.length, true);
    to.setUint32(16, view.getUint32(12, little), true);
    body.set(data, 20);
    return new_block(ENHANCED_PACKET, body, text);
}

async function* converted(source, comments, on_all) {
    const header = await source.take(PCAP_HEADER);
    const little = header && [PCAP, PCAP_NANOSECONDS].includes(view_of(header).getUint32(0, true));
    const magic = header && view_of(header).getUint32(0, little);
    if (magic !== PCAP && magic !== PCAP_NANOSECONDS) throw new Refusal("This kind of file cannot be annotated.");
    const is_fine = magic === PCAP_NANOSECONDS;
    yield* heads(header, little, is_fine, on_all);
    for (let frame = 1, record; (record = await source.take(RECORD_HEADER)); frame++) {
        const length = view_of(record).getUint32(8, little);
        const data = length < BLOCK_MAX && await source.take(length);
        if (!data) return;
        yield packet_of(record, data, little, is_fine, comments.get(frame));
    }
}

/* ---- either ---- */

/* A frame with several segments has their comments in one, a line each. */
function comments_of_frames() {
    const comments = new Map();
    for (const { frame, text } of lines("comments"))
        comments.set(frame, comments.has(frame) ? `${comments.get(frame)}\n${text}` : text);
    return comments;
}

async function annotate(file) {
    const first = await new Source(file).take(4);
    const is_pcapng = first && view_of(first).getUint32(0, true) === SECTION;
    const blocks = (is_pcapng ? copied : converted)(new Source(file), comments_of_frames(), tell("summary", -1));
    const wholes = [];
    let parts = [], octets = 0;
    for await (const block of blocks) {
        parts.push(block);
        octets += block.length;
        if (octets < PIECE) continue;
        wholes.push(new Blob(parts)); // which the browser may keep on the disk
        parts = [];
        octets = 0;
    }
    return new Blob([...wholes, ...parts], { type: "application/x-pcapng" });
}

answers.annotate = ({ file }) => annotate(file);
