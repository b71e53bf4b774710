// What happened, newest first, and one dossier's way in order.

import { element, sign, whenChanged } from "./dom.js";
import { markLine } from "./marks.js";
import { emptyWords, isNumber, nameOf, shownColumns } from "./tables.js";

export function makeFeed(panel, body, tools) {
  const { format, texts } = tools;
  const columns = shownColumns(panel);
  const moment = panel.columns.find((column) => column.unit === "instant");
  const rest = columns.filter((column) => column !== moment);
  const subject = rest.find((column) => column.name === "name") ?? rest[0];
  // Two lines each: when, what and its state; below whom it is about, and the rest.
  const before = rest.slice(0, rest.indexOf(subject));
  const tops = new Set([...before, ...rest.filter((column) => column.name === "state")]);
  return whenChanged((rows, frame) => {
    const list = element("ol", "feed-list");
    for (const row of rows) {
      const item = element("li", row.is_new ? "new" : "");
      const time = element("time", "", format.cell(moment, row[moment.name], frame.today));
      if (row[moment.name]) time.dateTime = new Date(row[moment.name]).toISOString();
      const [above, below] = [element("p"), element("p")];
      above.append(time);
      for (const column of rest) {
        const text = format.cell(column, row[column.name], frame.today);
        const line = tops.has(column) ? above : below;
        if (column === subject) line.append(nameOf(panel, row, text, frame, tools));
        else if (text && text !== format.nothing) {
          const words = element("span", isNumber(column) ? "amount" : "what", text);
          words.dataset.column = column.name;
          words.dataset.value = row[column.name];
          line.append(words);
        }
      }
      item.append(above, below, ...markLine(panel, row, frame, tools));
      list.append(item);
    }
    body.replaceChildren(rows.length ? list : emptyWords(panel, frame, texts));
  });
}

// A line down the page: every event, pause, leg and apology at its time. What each line is stands
// in words; the dots' forms only repeat it.
export function makeTimeline(panel, body, tools) {
  const { format, texts } = tools;
  const [at, until] = panel.columns.filter((column) => column.unit === "instant");
  const kind = panel.columns.find((column) => column.name === "what");
  const rest = shownColumns(panel).filter((column) => ![at, until, kind].includes(column));
  body.tabIndex = 0;  // it scrolls
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", panel.title);
  return whenChanged((rows, frame) => {
    const list = element("ol", "timeline-list");
    for (const row of rows) {
      const item = element("li");
      item.dataset.what = row.what ?? "";
      const time = element("time", "", format.cell(at, row[at.name], frame.today));
      if (row[at.name]) time.dateTime = new Date(row[at.name]).toISOString();
      const words = element("p");
      if (row.what?.endsWith("late")) words.append(sign("alarm", texts.alarm_sign));
      if (kind) words.append(element("b", "", format.cell(kind, row.what)));
      for (const column of rest) {
        const text = format.cell(column, row[column.name], frame.today);
        if (text && text !== format.nothing) words.append(element("span", "", text));
      }
      if (until && row[until.name]) {
        const end = format.cell(until, row[until.name], frame.today);
        words.append(element("span", "until", `→ ${end}`));
      }
      item.append(time, words);
      list.append(item);
    }
    const nothing = frame.bound.dossier === "" ? texts.choose_dossier : texts.empty;
    body.replaceChildren(rows.length ? list : element("p", "empty", nothing));
  });
}
