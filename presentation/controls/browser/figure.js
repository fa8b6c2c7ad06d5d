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
    return true;
}

function ask(figure) {
    figure.box.setAttribute("aria-busy", "true");
    waiting.add(figure);
    work();
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
        waiting.delete(figure);
        figure.observer.disconnect();
        figures.delete(parentElement);
        if (window.Plotly) window.Plotly.purge(box);
        box.remove();
    };
}
