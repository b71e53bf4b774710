// Builds the page from the catalogue once, then shows frame after frame.

import { element, fill } from "./dom.js";
import { makeFacts, makeFigures } from "./figures.js";
import { makeFormat } from "./format.js";
import { makeHead } from "./head.js";
import { listen } from "./stream.js";
import { makeBalance, makeBars, makeRanking, makeTable } from "./tables.js";

const root = document.documentElement;
const language = root.lang;
const build = root.dataset.build;
const format = makeFormat(language);

const MAKERS = { ranking: makeRanking, table: makeTable, bars: makeBars, balance: makeBalance };

function makePanel(panel, tools) {
  const box = element("section", `panel ${panel.kind}`);
  box.dataset.panel = panel.id;
  box.setAttribute("aria-label", panel.title);
  if (panel.large) box.classList.add("large");
  const { column, row, width, height } = panel.place;
  box.style.gridArea = `${row + 1} / ${column + 1} / span ${height} / span ${width}`;
  const byName = (row) => Object.fromEntries(panel.columns.map(({ name }, at) => [name, row[at]]));
  const rowsOf = (frame) => (frame.answers[panel.sql] ?? []).map(byName);

  if (panel.kind === "figures") {
    const show = makeFigures(panel, box, tools);
    return { box, show: (frame) => show(frame.has_data ? rowsOf(frame)[0] : undefined, frame) };
  }
  const head = element("div", "head");
  const title = element("h2", "", panel.title);
  const stepNote = element("small");
  title.append(stepNote);
  head.append(title);
  box.title = fill(panel.definition, tools.values);
  const body = element("div", "body");
  box.append(head, body);
  if (panel.kind === "facts") {
    const show = makeFacts(panel, body, tools);
    return { box, show: (frame) => show(rowsOf(frame)[0], frame) };
  }
  if (panel.kind !== "facts") box.append(element("p", "definition", box.title));
  if (panel.kind === "series") {
    // The chart code is large: the figures stand before it has come.
    let show = () => {};
    let newest = null;
    import(root.dataset.charts).then(async ({ echarts }) => {
      const { makeSeries } = await import("./charts.js");
      const draw = makeSeries(panel, body, { ...tools, echarts, stepNote });
      show = (frame) => draw(rowsOf(frame), frame);
      if (newest) show(newest);
    });
    return { box, show: (frame) => { newest = frame; show(frame); } };
  }
  const show = MAKERS[panel.kind](panel, body, tools);
  return { box, show: (frame) => show(frame.has_data ? rowsOf(frame) : [], frame) };
}

async function start() {
  const answer = await fetch(`/static/${build}/catalogue.${language}.json`);
  if (!answer.ok) throw new Error(`catalogue: ${answer.status}`);
  const { texts, boards, values } = await answer.json();
  const id = location.pathname.split("/")[2] ?? "province";
  const { panels } = boards.find((board) => board.id === id);
  const head = makeHead(texts, format);
  const made = panels.map((panel) => makePanel(panel, { texts, format, values }));
  document.getElementById("grid").append(...made.map(({ box }) => box));

  let lastFrame = null;
  listen(`/events/${id}${location.search}`, {
    onFrame(frame) {
      if (frame.build !== build) {
        location.reload();
        return;
      }
      lastFrame = frame;
      head.show(frame);
      for (const panel of made) panel.show(frame);
      root.dataset.shown = String(frame.now);
    },
    onSilence: () => head.silent(lastFrame),
  });
}

// A server that is just starting: try again rather than stay black.
start().catch(() => setTimeout(() => location.reload(), 2000));
