// Large numbers, and small ones in a list.

import { rowAddress } from "./address.js";
import { button, element, fill, link, say, sign } from "./dom.js";

// Letters of a main figure that stand at full width, and those that stand narrowed at full height.
const USUAL = 7;
const LONG = 9;

export function makeFigures(panel, body, tools) {
  const tiles = panel.figures.map((figure) => {
    const tile = element("article", "tile");
    tile.dataset.figure = figure.column;
    const head = element("h2");
    head.append(titleOf(figure, tools));
    const number = element("p", "number");
    const note = element("p", "note");
    tile.append(head, number, note);
    body.append(tile);
    return { figure, tile, head, number, note };
  });

  return ([row], frame) => {
    const written = write(panel, row, tools.format, frame.today);
    for (const { figure, tile, head, number, note } of tiles) {
      const text = row ? written[figure.column] : tools.format.nothing;
      sayLinked(number, text, addressOf(figure, row, tools));
      number.classList.toggle("long", text.length > USUAL);
      number.classList.toggle("longest", text.length > LONG);
      say(note, row ? fill(figure.note, written) : tools.texts.empty);
      showLevel(tile, head, row ? levelOf(figure, row[figure.column]) : "none", tools.texts);
    }
  };
}

export function makeFacts(panel, body, tools) {
  const list = element("dl", "facts");
  const lines = panel.figures.map((figure) => {
    const line = element("div");
    line.title = fill(figure.definition, tools.values);
    line.dataset.figure = figure.column;
    const name = element("dt");
    name.append(element("span", "", figure.title));
    const value = element("dd");
    line.append(name, value);
    list.append(line);
    return { figure, line, name, value };
  });
  body.append(list);

  return ([row], frame) => {
    const written = write(panel, row, tools.format, frame.today);
    for (const { figure, line, name, value } of lines) {
      const text = row ? written[figure.column] : tools.format.nothing;
      sayLinked(value, text, addressOf(figure, row, tools));
      showLevel(line, name, row ? levelOf(figure, row[figure.column]) : "none", tools.texts);
    }
  };
}

function titleOf(figure, { isTv, explain, values }) {
  if (isTv) return element("span", "", figure.title);
  const made = button("title", figure.title, explain);
  made.title = fill(figure.definition, values);
  return made;
}

// The board that lists what was counted, unless one stands before it.
function addressOf({ link: leads }, row, { isTv, boardId }) {
  return row && leads && leads.board !== boardId && !isTv ? rowAddress(leads, row) : null;
}

function sayLinked(node, text, address) {
  const inner = node.querySelector("a");
  if (!address) {
    say(node, text);
  } else if (inner) {
    say(inner, text);
    inner.href = address;
  } else {
    node.replaceChildren(link(address, "", text));
  }
}

function write(panel, row, format, today) {
  if (!row) return {};
  return Object.fromEntries(
    panel.columns.map((column) => [column.name, format.cell(column, row[column.name], today)]),
  );
}

function levelOf(figure, value) {
  let level = "calm";
  if (value === null) return "none";
  for (const threshold of figure.thresholds) {
    const fits = threshold.below ? value < threshold.at : value >= threshold.at;
    if (fits) level = threshold.level;
  }
  return level;
}

function showLevel(node, head, level, texts) {
  if (node.dataset.level === level) return;
  node.dataset.level = level;
  head.querySelector(".sign")?.remove();
  if (level !== "calm" && level !== "none") head.prepend(sign(level, texts[`${level}_sign`]));
}
