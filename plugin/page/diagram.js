/* The state diagram: our own SVG, in which frames can be clicked.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It is in a tree of its own, so that its style sheet and the page's do not meet. That is added as
 * a sheet, not as an element, which the page's policy would refuse. */

const DRAWN = new Set(["svg", "title", "defs", "marker", "path", "rect", "g", "text"]);
const SAID_OF_IT = new Set(["xmlns", "width", "height", "viewBox", "role", "id", "refX", "refY", "markerWidth", "markerHeight",
    "markerUnits", "orient", "d", "class", "x", "y", "rx", "text-anchor", "transform", "marker-end"]);
const MARKED = "rect.marked{stroke:#e0218a!important;stroke-width:4;stroke-dasharray:none}text.marked{text-decoration:underline}" +
    "[data-frames]{cursor:pointer}[data-frames]:focus-visible{outline:2px solid #e0218a}";

/* Has it only what we draw? What comes from a capture is escaped in it; this says so once more. */
function is_ours(svg) {
    return [svg, ...svg.querySelectorAll("*")].every(element => DRAWN.has(element.localName) &&
        [...element.attributes].every(attribute => SAID_OF_IT.has(attribute.name)));
}

/* What names frames: a badge, #3 or #3 #8 +5, and the first line of what is called out, #3 and the finding. */
function make_clickable(svg, panel) {
    for (const text of svg.querySelectorAll("text")) {
        if (!/^#\d/.test(text.textContent)) continue;
        const named = text.textContent.match(/#\d+/g).map(name => Number(name.slice(1)));
        const badge = text.classList.contains("badge") ? [text, text.previousElementSibling] : [text];
        for (const element of badge) {
            element.setAttribute("data-frames", named.join(" "));
            element.addEventListener("click", () => mark(next_of(named), panel));
        }
        text.setAttribute("tabindex", "0");
        text.setAttribute("role", "button");
        text.setAttribute("aria-label", `mark frame ${named.join(", ")}`);
        text.addEventListener("keydown", event => {
            if (event.key === "Enter" || event.key === " ") mark(next_of(named), panel);
        });
    }
}

/* A second click marks the second frame of a badge. */
function next_of(named) {
    return named[(named.indexOf(marked) + 1) % named.length];
}

function show_diagram(panel, text) {
    const begin = text.indexOf("<style>"), end = text.indexOf("</style>");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text.slice(begin + 7, end) + MARKED);
    const bare = text.slice(0, begin) + text.slice(end + 8);
    const svg = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
    if (!is_ours(svg)) throw new Error("the diagram has what nobody draws");
    svg.setAttribute("role", "group");
    svg.setAttribute("width", "100%");
    svg.removeAttribute("height");
    const host = make("div", { className: "diagram" });
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(document.importNode(svg, true));
    make_clickable(root, panel);
    panel.drawing = root;
    panel.replaceChildren(host);
}
