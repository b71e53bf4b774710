// Rankings, tables, bars and the balance: rows of text with a bar where it helps.

import { element, fill, sign } from "./dom.js";

// Draw anew only when the rows changed.
function whenChanged(draw) {
  let last = "";
  return (rows, frame) => {
    const now = JSON.stringify([rows, frame.balance, frame.has_data]);
    if (now !== last) {
      last = now;
      draw(rows, frame);
    }
  };
}

function bar(share, kind) {
  const track = element("div", `track under-${kind}`);
  const filled = element("div", `filled ${kind}`);
  filled.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  track.append(filled);
  return track;
}

export function makeRanking(panel, body, { format, texts }) {
  const overdue = panel.columns.some((column) => column.name === "overdue");
  return whenChanged((rows, frame) => {
    const list = element("ol", "ranks");
    // Counts are drawn against the largest one, shares against the whole.
    const most = Math.max(...rows.map((row) => row.overdue ?? 1));
    for (const row of rows) {
      const item = element("li");
      const name = element("span", "name", row.name);
      name.title = row.name;
      if (row.parent) name.append(element("small", "", row.parent));
      const share = format.value(row.share, "share");
      const count = (value) => format.value(value, "dossiers");
      const small = overdue
        ? `/ ${count(row.open)} · ${share}`
        : `${count(row.in_time)} / ${count(row.decided)}`;
      const strong = element("b", "", overdue ? count(row.overdue) : share);
      item.append(name, strong, element("span", "of", small), overdue ? bar(row.overdue / most, "late") : bar(row.share, "in-time"));
      list.append(item);
    }
    body.replaceChildren(
      rows.length
        ? list
        : element("p", "empty", overdue && frame.has_data ? texts.none_overdue : texts.empty),
    );
  });
}

export function makeTable(panel, body, { format, texts }) {
  const shown = panel.columns.filter((column) => column.title);
  return whenChanged((rows) => {
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const column of shown) head.append(element("th", "", column.title));
    const lines = table.createTBody();
    for (const row of rows) {
      const line = lines.insertRow();
      for (const column of shown) {
        line.insertCell().textContent = label(column, row[column.name], format);
      }
      const { in_time: part, decided } = row;
      if (decided !== undefined) {
        line.lastElementChild.title = `${format.value(part)} / ${format.value(decided)}`;
      }
    }
    body.replaceChildren(rows.length ? table : element("p", "empty", texts.empty));
  });
}

export function makeBars(panel, body, { format, texts }) {
  const [name, amount, share] = panel.columns;
  return whenChanged((rows) => {
    const list = element("ul", "shares");
    for (const row of rows) {
      const item = element("li");
      item.append(
        element("span", "name", label(name, row[name.name], format)),
        element("b", "", format.value(row[share.name], share.unit)),
        element("span", "of", format.value(row[amount.name], amount.unit)),
        bar(row[share.name], "plain"),
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
    for (const column of panel.columns.filter((each) => each.title)) {
      const line = element("div", column.name);
      line.dataset.figure = column.name;
      const value = format.value(row[column.name], column.unit);
      line.append(
        element("i", "", BEFORE[column.name] ?? ""),
        element("dt", "", column.title),
        element("dd", "", value),
      );
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

function label(column, value, format) {
  return column.labels[value] ?? format.value(value, column.unit);
}
