// Rankings, tables, bars and the balance: rows of text with a bar where it helps.

import { rowAddress } from "./address.js";
import { element, fill, link, sign, whenChanged } from "./dom.js";
import { markBadge, markLine } from "./marks.js";
import { size } from "./theme.js";

const NUMBERS = new Set([
  "dossiers", "records", "share", "points", "per_second", "seconds", "working_hours", "degrees",
]);

export function isNumber(column) {
  return NUMBERS.has(column.unit);
}

export function shownColumns(panel) {
  return panel.columns.filter((column) => column.title);
}

// A name that leads where its panel's link leads, with what was said about it.
export function nameOf(panel, row, text, frame, tools) {
  const address = panel.link && !tools.isTv ? rowAddress(panel.link, row) : null;
  const name = element("span", "name");
  if (row.is_new) name.append(sign("alarm", tools.texts.new_in_shift));
  else if (row.is_silent) name.append(sign("notice", tools.texts.notice_sign));
  const shown = tools.isPlain ? text : tools.format.short(text);
  const words = address ? link(address, "", shown) : element("span", "", shown);
  words.title = text;
  name.append(words);
  if (row.parent) name.append(element("small", "", tools.format.short(row.parent)));
  const badge = tools.isPlain ? null : markBadge(panel, row, frame, tools);
  if (badge) name.append(badge);
  return name;
}

export function bar(share, kind) {
  const track = element("div", `track under-${kind}`);
  const filled = element("div", `filled ${kind}`);
  filled.style.width = `${Math.max(0, Math.min(1, share ?? 0)) * 100}%`;
  track.append(filled);
  return track;
}

// "None" is good news only where something was counted.
export function emptyWords(panel, frame, texts) {
  return element("p", "empty", (frame.has_data && panel.none) || texts.empty);
}

export function makeRanking(panel, body, tools) {
  const { format, texts } = tools;
  const overdue = panel.columns.some((column) => column.name === "overdue");
  return whenChanged((rows, frame) => {
    const list = element("ol", "ranks");
    // Counts are drawn against the largest one, shares against the whole.
    const most = Math.max(...rows.map((row) => row.overdue ?? 1));
    const count = (value) => format.value(value, "dossiers");
    for (const row of rows) {
      const item = element("li");
      const share = format.value(row.share, "share");
      const small = overdue
        ? `/ ${count(row.open)} · ${share}`
        : `${count(row.in_time)} / ${count(row.decided)}`;
      const fresh = element("span", "fresh");
      if (row.overdue_new) {
        const text = fill(texts.new_count, { n: count(row.overdue_new) });
        fresh.append(sign("alarm", texts.new_in_shift), element("span", "", text));
      }
      item.append(
        nameOf(panel, row, row.name, frame, tools),
        fresh,
        element("b", "", overdue ? count(row.overdue) : share),
        element("span", "of", small),
        overdue ? bar(row.overdue / most, "late") : bar(row.share, "in-time"),
        ...markLine(panel, row, frame, tools),
      );
      list.append(item);
    }
    body.replaceChildren(rows.length ? list : emptyWords(panel, frame, texts));
  });
}

// Tables and lists of dossiers: every column with a heading, the first one leads on.
export function makeTable(panel, body, tools) {
  return whenChanged((rows, frame) => {
    const table = element("table");
    fillTable(table, panel, rows, frame, tools);
    if (rows.length) measureTexts(table, panel, rows, frame, tools.format);
    body.replaceChildren(rows.length ? table : emptyWords(panel, frame, tools.texts));
  });
}

// How long each column's texts are, and which column is spared last: for `fitColumns`.
function measureTexts(table, panel, rows, frame, format) {
  shownColumns(panel).forEach((column, at) => {
    const { dataset } = table.rows[0].cells[at];
    dataset.spare = column.spare;
    if (column.unit !== "text" || (panel.kind === "dossiers" && at === 0)) return;
    const texts = rows.map((row) => format.cell(column, row[column.name], frame.today).length);
    dataset.letters = Math.max(...texts);
  });
}

// Where a panel is too narrow for all columns, those that the catalogue spares go first, then the
// last ones; the first and the last stay. The panel's window has them all. The column with the
// longest texts takes the room that the others leave, and is cut first.
export function fitColumns(table, isTooWide) {
  const lines = [...table.rows];
  const [head] = lines;
  if (!head) return;
  for (const line of lines) for (const cell of line.cells) cell.hidden = false;
  const cells = [...head.cells];
  const least = 9 * size();
  function stretch() {
    const longest = cells.filter((cell) => !cell.hidden && cell.dataset.letters)
      .sort((a, b) => b.dataset.letters - a.dataset.letters)[0];
    for (const line of lines) {
      for (const cell of line.cells) {
        cell.classList.toggle("stretched", cell.cellIndex === longest?.cellIndex);
      }
    }
    return longest;
  }
  const spared = cells.slice(1, -1)
    .sort((a, b) => b.dataset.spare - a.dataset.spare || b.cellIndex - a.cellIndex);
  let stretched = stretch();
  const isSqueezed = () => stretched && stretched.offsetWidth < least;
  // What must be read is read whole before anything is shown that may be missing.
  const isCut = () => stretched?.dataset.spare === "0" && spared[0].dataset.spare !== "0"
    && lines.some((line) => isEllipsis(line.cells[stretched.cellIndex]));
  while (spared.length && (isTooWide() || isSqueezed() || isCut())) {
    const goes = spared.shift();
    for (const line of lines) line.cells[goes.cellIndex].hidden = true;
    stretched = stretch();
  }
}

function isEllipsis(cell) {
  return cell.scrollWidth > cell.clientWidth + 1;
}

export function fillTable(table, panel, rows, frame, tools) {
  if (panel.figures.length) {
    fillFigures(table, panel, rows[0], frame, tools);
    return;
  }
  const { format } = tools;
  const shown = shownColumns(panel).length ? shownColumns(panel) : panel.columns;
  const head = element("thead");
  const titles = element("tr");
  for (const column of shown) {
    const cell = element("th", isNumber(column) ? "number-cell" : "", column.title || column.name);
    cell.scope = "col";
    titles.append(cell);
  }
  head.append(titles);
  const lines = element("tbody");
  for (const row of rows) {
    const line = element("tr", row.is_new ? "new" : "");
    shown.forEach((column, at) => {
      const text = format.cell(column, row[column.name], frame.today);
      const cell = element("td", isNumber(column) ? "number-cell" : "");
      // A code's name is one of few and is read whole.
      if (at === 0 && Object.keys(column.labels).length) cell.classList.add("whole");
      if (at === 0) {
        cell.append(nameOf(panel, row, text, frame, tools), ...markLine(panel, row, frame, tools));
      } else {
        cell.textContent = tools.isPlain ? text : format.short(text);
      }
      cell.title = text;
      line.append(cell);
    });
    const { in_time: part, decided } = row;
    if (decided !== undefined) {
      line.lastElementChild.title = `${format.value(part)} / ${format.value(decided)}`;
    }
    lines.append(line);
  }
  table.replaceChildren(head, lines);
}

function fillFigures(table, panel, row, frame, { format }) {
  const units = new Map(panel.columns.map((column) => [column.name, column]));
  const lines = element("tbody");
  for (const figure of panel.figures) {
    const line = element("tr");
    const name = element("th", "", figure.title);
    name.scope = "row";
    const value = row ? format.cell(units.get(figure.column), row[figure.column], frame.today) : "";
    line.append(name, element("td", "number-cell", value || format.nothing));
    lines.append(line);
  }
  table.replaceChildren(lines);
}

export function makeBars(panel, body, tools) {
  const { format, texts } = tools;
  const share = panel.columns.find((column) => column.unit === "share");
  const [name, amount] = shownColumns(panel);
  return whenChanged((rows, frame) => {
    const list = element("ul", "shares");
    const most = Math.max(1, ...rows.map((row) => row[amount.name] ?? 0));
    for (const row of rows) {
      const item = element("li");
      const text = format.cell(name, row[name.name], frame.today);
      const part = share ? row[share.name] : row[amount.name] / most;
      item.append(
        nameOf(panel, row, text, frame, tools),
        element("b", "", share ? format.value(part, "share") : format.cell(amount, row[amount.name])),
        element("span", "of", share ? format.cell(amount, row[amount.name]) : ""),
        bar(part, "plain"),
        ...markLine(panel, row, frame, tools),
      );
      list.append(item);
    }
    body.replaceChildren(rows.length ? list : element("p", "empty", texts.empty));
  });
}

const BEFORE = { received: "+", to_resolve: "=", open_at_end: "+" };

export function makeBalance(panel, body, { format, texts }) {
  return whenChanged(([row], frame) => {
    if (!row) {
      body.replaceChildren(element("p", "empty", texts.empty));
      return;
    }
    const list = element("dl", "ledger");
    for (const column of shownColumns(panel)) {
      const line = element("div", column.name);
      line.dataset.figure = column.name;
      const name = element("dt");
      const before = element("i", "", BEFORE[column.name] ?? "");
      before.setAttribute("aria-hidden", "true");
      name.append(before, element("span", "", column.title));
      line.append(name, element("dd", "", format.value(row[column.name], column.unit)));
      list.append(line);
    }
    const state = frame.balance;
    const difference = format.value(Math.abs(row.difference), "dossiers");
    const words = fill(texts[state] ?? "", { difference });
    const verdict = element("p", `verdict ${state}`);
    const icon = { balanced: "good", balancing: "notice", unbalanced: "alarm" }[state];
    if (icon) verdict.append(sign(icon, words));
    verdict.append(element("span", "", words));
    body.replaceChildren(list, verdict);
  });
}
