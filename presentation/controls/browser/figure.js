// Draws a figure where it stands, and draws it again in place when its numbers change.
//
// Figures wait for each other: the first on the page is drawn at once, each next one after the screen has shown the one before it. What
// was asked for and has been overtaken by newer numbers is never drawn.

const figures = new WeakMap();
const waiting = new Set();
let library = null;
let working = false;

function plotly(address) {
    library ??= new Promise((done, fail) => {
        if (window.Plotly) return done(window.Plotly);
        const begun = document.getElementById("figure-library"); // the page itself asked for it before
        const script = begun ?? document.createElement("script");
        script.addEventListener("load", () => done(window.Plotly));
        script.addEventListener("error", () => {
            library = null;
            script.remove();
            fail(new Error(`${address} did not load`));
        });
        if (begun) return;
        script.id = "figure-library";
        script.src = address;
        document.head.append(script);
    });
    return library;
}

function shown() {
    // a window in the background draws no frames
    return new Promise(done => {
        const later = setTimeout(done, 100);
        requestAnimationFrame(() => setTimeout(() => { clearTimeout(later); done(); }));
    });
}

function first() {
    return [...waiting].reduce((one, other) => (one.box.compareDocumentPosition(other.box) & Node.DOCUMENT_POSITION_PRECEDING ? other : one));
}

async function work() {
    if (working) return;
    working = true;
    try {
        while (waiting.size) {
            const figure = first();
            waiting.delete(figure);
            try {
                if (figure.box.isConnected && draw(figure) && waiting.size) await shown();
            } catch (problem) {
                console.error(problem); // the others are drawn all the same
            }
        }
    } finally {
        working = false;
    }
}

function draw(figure) {
    const { box, asked } = figure;
    const width = box.clientWidth;
    figure.width = width;
    if (!width) return false; // in a tab that is not open: the observer asks again
    const { data, layout, config } = JSON.parse(asked);
    window.Plotly.react(box, data, { ...layout, width, clickmode: "event" }, config);
    box.removeAttribute("aria-busy");
    if (!figure.listening) {
        figure.listening = true;
        box.on("plotly_click", event => figure.clicked(event.points[0]));
    }
    if (figure.keys?.matches(":focus")) figure.show(); // who came before it was drawn, or stays while it changes
    return true;
}

function ask(figure) {
    figure.box.setAttribute("aria-busy", "true");
    waiting.add(figure);
    work();
}

// What a mouse can click on, for who has only keys: the arrows go from part to part, Enter or the space bar opens one. The part that is
// chosen shows its figures, as it does under a mouse.

function parts(figure) {
    const found = [];
    JSON.parse(figure.asked).data.forEach((trace, curveNumber) => {
        if (trace.type === "heatmap") found.push(...boxes(trace, curveNumber));
        if (trace.type !== "bar" && trace.mode !== "markers") return;
        trace.x.forEach((x, pointNumber) => {
            if (trace.type === "bar" && trace.orientation !== "h" && found.some(one => one.x === x)) return; // one bar of several colours
            const y = trace.y[pointNumber], customdata = trace.customdata?.[pointNumber];
            found.push({ curveNumber, pointNumber, x, y, customdata, said: said(x, customdata, trace.text?.[pointNumber]) });
        });
    });
    return found;
}

function boxes(trace, curveNumber) {
    return trace.customdata.flatMap((row, down) => row.map((box, across) => {
        const customdata = box.slice(0, 2);
        return { curveNumber, pointNumber: [down, across], x: trace.x[across], y: trace.y[down], customdata, said: said(0, customdata, box[2]) };
    }));
}

function said(x, customdata, text) {
    if (Array.isArray(customdata)) return `${customdata.join(", ")}: ${text}`;
    const amount = Number(x).toLocaleString(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
    return customdata === undefined ? String(x) : `${customdata}: ${amount}`;
}

function moved(at, key, all) {
    const across = new Set(all.map(one => one.x)).size * new Set(all.map(one => one.y)).size === all.length ? new Set(all.map(one => one.x)).size : 1;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
    if (key === "Home") return 0;
    if (key === "End") return all.length - 1;
    return by === undefined ? null : all[at + by] ? at + by : at;
}

function keyed(parent, figure) {
    const keys = document.createElement("div");
    keys.setAttribute("role", "slider");
    keys.tabIndex = 0;
    keys.dataset.testid = "figure-keys";
    keys.style.cssText = "position: absolute; inset: 0; pointer-events: none; border-radius: 8px; outline: none;";
    parent.style.position = "relative";
    let all = [], at = 0;
    const tell = () => {
        at = Math.max(Math.min(at, all.length - 1), 0);
        keys.setAttribute("aria-valuemin", "1");
        keys.setAttribute("aria-valuemax", String(Math.max(all.length, 1)));
        keys.setAttribute("aria-valuenow", String(at + 1));
        if (all[at]) keys.setAttribute("aria-valuetext", all[at].said);
    };
    const show = () => {
        tell();
        if (!all[at] || !window.Plotly || !figure.ready) return;
        const { curveNumber, pointNumber, x, y } = all[at];
        // a box of a heat map is found by where it is only
        window.Plotly.Fx.hover(figure.box, Array.isArray(pointNumber) ? { xval: x, yval: y } : [{ curveNumber, pointNumber }]);
    };
    keys.addEventListener("focus", () => {
        if (keys.matches(":focus-visible")) keys.style.boxShadow = "inset 0 0 0 2px var(--st-primary-color, currentColor)";
        all = parts(figure);
        show();
    });
    keys.addEventListener("blur", () => {
        keys.style.boxShadow = "";
        if (window.Plotly && figure.ready) window.Plotly.Fx.unhover(figure.box);
    });
    keys.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        all = parts(figure);
        const next = moved(at, event.key, all);
        if (next !== null) {
            at = next;
            show();
        } else if ((event.key === "Enter" || event.key === " ") && all[at]) {
            figure.clicked(all[at]);
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    });
    tell();
    parent.append(keys);
    figure.show = () => { all = parts(figure); show(); };
    return keys;
}

function made(parent) {
    const box = document.createElement("div");
    box.setAttribute("role", "figure");
    box.dataset.testid = "figure";
    parent.append(box);
    const figure = { box, width: 0, asked: "", listening: false, clicked: () => {} };
    figure.observer = new ResizeObserver(() => {
        if (figure.ready && box.clientWidth && box.clientWidth !== figure.width) ask(figure);
    });
    figure.observer.observe(box);
    figures.set(parent, figure);
    return figure;
}

export default function ({ data, parentElement, setTriggerValue }) {
    const figure = figures.get(parentElement) ?? made(parentElement);
    const { box } = figure;
    box.setAttribute("aria-label", data.alt);
    box.style.height = `${data.height}px`;
    if (data.clicks) {
        figure.keys ??= keyed(parentElement, figure);
        figure.keys.setAttribute("aria-label", data.keys);
    }
    figure.clicked = point => {
        if (!data.clicks || !point) return;
        const { x, y, customdata, pointIndex, pointNumber } = point;
        setTriggerValue("picked", { x, y, customdata, point_index: pointIndex ?? pointNumber });
    };
    if (data.figure !== figure.asked) {
        figure.asked = data.figure;
        plotly(data.library).then(
            () => {
                figure.ready = true;
                ask(figure);
            },
            problem => {
                figure.asked = ""; // the next numbers try again
                console.error(problem);
            },
        );
    }
    return () => {
        if (parentElement.isConnected) return; // only these numbers were overtaken: the screen library clears up after them too
        waiting.delete(figure);
        figure.observer.disconnect();
        figures.delete(parentElement);
        if (window.Plotly) window.Plotly.purge(box);
        box.remove();
        figure.keys?.remove();
    };
}
