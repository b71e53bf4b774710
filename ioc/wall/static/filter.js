// Period and scope: a form in a window; what it says becomes the address.

import { boardAddress, kept } from "./address.js";
import { openDialog } from "./dialog.js";
import { button, element } from "./dom.js";

const LEVELS = ["province", "department", "district", "commune"];

export async function openFilter(board, tools) {
  const { texts } = tools;
  const now = kept();
  const form = element("form", "filter");
  const inputs = {};

  function field(name, label, node) {
    const wrap = element("label", "", label);
    node.name = name;
    wrap.append(node);
    form.append(wrap);
    inputs[name] = node;
    return node;
  }
  function choose(name, label, options) {
    const select = element("select");
    for (const [value, text] of options) {
      const option = element("option", "", text);
      option.value = value;
      option.selected = value === (now.get(name) ?? "");
      select.append(option);
    }
    return field(name, label, select);
  }
  function date(name, label) {
    const input = element("input");
    input.type = "date";
    input.value = now.get(name) ?? "";
    return field(name, label, input);
  }

  const has = (name) => board.variables.includes(name);
  if (has("period")) {
    const names = tools.periods.map((name) => [name, texts[`period_name_${name}`] ?? name]);
    const period = choose("period", texts.filter_period, [
      ["", texts.period_name_default], ...names, ["range", texts.period_name_range],
    ]);
    if (now.get("from")) period.value = "range";
    const range = [date("from", texts.filter_from), date("to", texts.filter_to)];
    const follow = () => {
      for (const each of range) {
        each.closest("label").hidden = period.value !== "range";
        each.required = period.value === "range";
      }
    };
    period.addEventListener("change", follow);
    follow();
  }
  const dialog = openDialog(texts.filter_title, form, texts);

  if (has("unit") || has("field")) {
    const { units, fields } = await tools.choices();
    const day = tools.shownDay();
    const valid = units.filter((unit) => unit.from <= day && (!unit.to || day < unit.to));
    if (has("unit")) {
      const names = new Map(valid.map((unit) => [unit.code, unit.name]));
      const said = (unit) => {
        const above = names.get(unit.parent);
        return unit.level === "commune" && above ? `${unit.name}, ${above}` : unit.name;
      };
      const order = [...valid].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)
        || said(a).localeCompare(said(b), "vi"));
      choose("unit", texts.filter_unit, [
        ["", texts.filter_all], ...order.map((unit) => [unit.code, said(unit)]),
      ]);
    }
    if (has("field")) {
      choose("field", texts.filter_field, [
        ["", texts.filter_all], ...fields.map(({ code, name }) => [code, name]),
      ]);
    }
  }
  if (has("level")) {
    choose("level", texts.filter_level, [
      ["", texts.filter_all], ...LEVELS.map((level) => [level, texts[`level_${level}`]]),
    ]);
  }
  if (has("channel")) {
    choose("channel", texts.filter_channel, [
      ["", texts.filter_all], ...["1", "2", "3"].map((each) => [each, texts[`channel_${each}`]]),
    ]);
  }
  if (has("dossier") && tools.person) {
    const input = element("input");
    input.value = now.get("dossier") ?? "";
    field("dossier", texts.filter_dossier, input);
  }

  const actions = element("div", "actions");
  actions.append(
    element("button", "primary", texts.filter_apply),
    button("", texts.filter_reset, () => location.assign(boardAddress(board.id, {
      period: "", unit: "", level: "", field: "", channel: "", dossier: "",
    }))),
  );
  form.append(actions);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const changes = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]),
    );
    if (changes.period === "range") changes.period = "";
    else if (has("period")) Object.assign(changes, { from: "", to: "" });
    dialog.close();
    location.assign(boardAddress(board.id, changes));
  });
  form.querySelector("select, input")?.focus();
}
