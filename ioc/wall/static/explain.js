// What a panel says, how old it is, its rows as a table and as files, and how it is asked for.

import { exportAddress } from "./address.js";
import { readAt, troubleOf } from "./age.js";
import { openDialog } from "./dialog.js";
import { button, element, fill, link, say } from "./dom.js";
import { fillTable } from "./tables.js";

export function openExplanation(board, panel, tools, follow) {
  const { texts, format, values } = tools;
  const body = element("div", "explanation");
  const part = (title, ...nodes) => {
    const section = element("section");
    section.append(element("h3", "", title), ...nodes);
    body.append(section);
  };

  const definitions = [element("p", "", fill(panel.definition, values))];
  if (panel.figures.length) {
    const list = element("dl", "definitions");
    for (const figure of panel.figures) {
      list.append(
        element("dt", "", figure.title),
        element("dd", "", fill(figure.definition, values)),
      );
    }
    definitions.push(list);
  }
  part(texts.explain_definition, ...definitions);

  const age = element("p");
  part(texts.explain_age, age);

  const files = element("p", "files");
  for (const kind of ["xlsx", "csv"]) {
    const file = link(exportAddress(board.id, panel.id, kind), "button", texts[`export_${kind}`]);
    file.download = "";
    files.append(file);
  }
  const address = new URL(location.href);
  address.hash = panel.id;
  const copy = button("button", texts.copy_link, async () => {
    await navigator.clipboard?.writeText(address.href);
    say(copy, texts.copied);
  });
  files.append(copy);
  part(texts.explain_export, files);

  const table = element("table");
  const scroller = element("div", "scroller");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", texts.explain_table);
  scroller.append(table);
  part(texts.explain_table, scroller);

  const bound = element("pre");
  const query = element("pre", "query", tools.queries[panel.sql]);
  for (const [node, label] of [[bound, texts.explain_values], [query, texts.explain_query]]) {
    node.tabIndex = 0;
    node.setAttribute("role", "region");
    node.setAttribute("aria-label", label);
  }
  part(texts.explain_values, bound);
  part(texts.explain_query, query);

  const stop = follow((rows, frame) => {
    const at = readAt(panel, frame);
    const read = at ? format.moment(at, frame.today) : format.nothing;
    const complete = frame.status.complete_up_to;
    const ages = fill(texts.explain_age_text, {
      read, complete: complete ? format.moment(complete, frame.today) : format.nothing,
    });
    const trouble = troubleOf(panel, frame, tools);
    say(age, trouble ? `${ages} ${trouble}.` : ages);
    fillTable(table, panel, rows, frame, tools);
    const lines = panel.parameters.map((name) => `${name} = ${frame.bound[name] ?? ""}`);
    say(bound, lines.join("\n") || format.nothing);
  });
  history.replaceState(null, "", address);
  return openDialog(fill(texts.explain, { title: panel.title }), body, texts, () => {
    stop();
    history.replaceState(null, "", location.pathname + location.search);
  });
}
