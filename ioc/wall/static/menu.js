// The line below the head: boards, what is chosen, and what can be done.

import { boardAddress, kept } from "./address.js";
import { signInAddress } from "./board.js";
import { openDialog } from "./dialog.js";
import { button, element, fill, link } from "./dom.js";
import { openFilter } from "./filter.js";
import { toggleTheme } from "./theme.js";

const SCOPE = ["unit", "level", "field", "channel", "dossier"];

export function makeMenu(bar, board, tools) {
  const { texts, boards } = tools;
  const nav = element("nav");
  nav.setAttribute("aria-label", texts.menu);
  boards.forEach((each, at) => {
    const tab = link(boardAddress(each.id), "tab");
    const key = element("kbd", "", String(at + 1));
    key.setAttribute("aria-hidden", "true");
    tab.append(key, element("span", "", each.title));
    tab.title = each.definition;
    if (each.id === board.id) tab.setAttribute("aria-current", "page");
    nav.append(tab);
  });

  const scope = element("p", "scope");
  const does = {
    filter: () => openFilter(board, tools),
    theme: toggleTheme,
    help: () => openHelp(tools),
    // -1 and 1: the board before and after this one.
    neighbour(step) {
      const at = boards.findIndex((each) => each.id === board.id) + step;
      location.assign(boardAddress(boards[(at + boards.length) % boards.length].id));
    },
    number(number) {
      if (boards[number - 1]) location.assign(boardAddress(boards[number - 1].id));
    },
  };
  const actions = element("div", "actions");
  actions.append(
    button("", texts.filter_title, does.filter),
    button("", texts.theme, does.theme),
    button("", texts.help, does.help),
  );
  if (tools.person) actions.append(link("/alerts", "button", texts.alerts), signOut(tools));
  else if (tools.accounts) actions.append(link(signInAddress(), "button", texts.sign_in));
  bar.append(nav, scope, actions);
  showScope(scope, board, tools);
  return does;
}

function signOut({ texts, person }) {
  const form = element("form");
  form.method = "post";
  form.action = "/logout";
  form.append(element("button", "", fill(texts.sign_out, { name: person })));
  return form;
}

// What the figures are restricted to, each with the way out of it; for a unit the way up.
async function showScope(scope, board, tools) {
  const { texts } = tools;
  const now = kept();
  const set = SCOPE.filter((name) => now.get(name) && board.variables.includes(name));
  if (!set.length) return;
  const { units, fields } = await tools.choices();
  const unitOf = new Map(units.map((unit) => [unit.code, unit]));
  const fieldOf = new Map(fields.map((field) => [field.code, field]));
  for (const name of set) {
    const value = now.get(name);
    const chip = element("span", "chip");
    if (name === "unit") {
      const way = [];
      for (let unit = unitOf.get(value); unit; unit = unitOf.get(unit.parent)) way.unshift(unit);
      if (!way.length) way.push({ code: value, name: value });
      way.forEach((unit, at) => {
        if (at) chip.append(element("i", "", "›"));
        if (at === way.length - 1) chip.append(element("b", "", unit.name));
        else chip.append(link(boardAddress(board.id, { unit: unit.code }), "", unit.name));
      });
    } else {
      const said = {
        level: () => texts[`level_${value}`],
        field: () => fieldOf.get(value)?.name,
        channel: () => texts[`channel_${value}`],
        dossier: () => value,
      }[name]();
      chip.append(element("b", "", said ?? value));
    }
    const away = link(boardAddress(board.id, { [name]: "" }), "away", "×");
    away.setAttribute("aria-label", `${texts.filter_reset}: ${texts[`filter_${name}`]}`);
    chip.append(away);
    scope.append(chip);
  }
}

function openHelp({ texts, boards }) {
  const body = element("div");
  const list = element("dl", "keys");
  const lines = [
    [`1 – ${Math.min(9, boards.length)}`, texts.help_boards],
    ["← →", texts.help_neighbours],
    ["F", texts.help_filter],
    ["T", texts.theme],
    ["Tab", texts.help_tab],
    ["Esc", texts.help_escape],
    ["?", texts.help],
  ];
  for (const [key, text] of lines) {
    const name = element("dt");
    name.append(element("kbd", "", key));
    list.append(name, element("dd", "", text));
  }
  body.append(element("h3", "", texts.help_keys), list, element("p", "", texts.help_colours));
  openDialog(texts.help, body, texts);
}
