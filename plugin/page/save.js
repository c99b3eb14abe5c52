/* What can be saved: it goes from the page's memory to a file, by way of nobody.
 * SPDX-License-Identifier: GPL-2.0-or-later */

function save(parts, name, type) {
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const link = make("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/* trace.pcapng.gz: trace */
function stem(name) {
    return name.replace(/(\.gz)?$/i, "").replace(/\.(pcapng|pcap|cap)$/i, "");
}

function prepare_saving(now) {
    const text_of = (view, connection) => now().capture.ask("view", { view, connection });
    $("save-svg").onclick = async () => save([await text_of("diagram", now().connection)],
        `${stem(now().name)}-${now().connection}.svg`, "image/svg+xml");
    $("save-json").onclick = async () => save([await text_of("story", -1)],
        `${stem(now().name)}.json`, "application/x-ndjson");
    $("save-capture").onclick = async () => {
        const { capture, name, file } = now();
        save([await capture.ask("annotate", { file })], `${stem(name)}-annotated.pcapng`, "application/x-pcapng");
    };
}
