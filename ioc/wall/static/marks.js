// "Called, waiting": shown beside every unit or dossier that somebody marked.

import { button, element, fill, sign } from "./dom.js";
import { openDialog } from "./dialog.js";

const HOURS = [2, 4, 8, 24, 72];
const KINDS = { unit: "unit", dossier: "dossier" };

// What a row is about: the column that its link hands on, or one of these names.
export function subjectOf(panel, row) {
  for (const kind of ["dossier", "unit"]) {
    const column = panel.link?.sets[kind] ?? kind;
    if (row[column]) return { kind: KINDS[kind], subject: String(row[column]) };
  }
  return null;
}

export function findMark(frame, { kind, subject }) {
  return frame.marks.find((mark) => mark.kind === kind && mark.subject === subject);
}

export function markWords(mark, { texts, format }, today) {
  const until = format.moment(mark.until * 1000, today);
  return fill(texts.mark_by, { note: mark.note || "–", author: mark.author, until });
}

// What was said, in words: screens on a wall have no pointer to ask with.
export function markLine(panel, row, frame, tools) {
  const about = tools.isPlain ? null : subjectOf(panel, row);
  const mark = about && findMark(frame, about);
  return mark ? [element("p", "mark-words", markWords(mark, tools, frame.today))] : [];
}

// The sign of a mark, and for people who signed in the button that sets one.
export function markBadge(panel, row, frame, tools) {
  const about = subjectOf(panel, row);
  if (!about) return null;
  const mark = findMark(frame, about);
  const label = row.name || about.subject;
  if (!tools.person) {
    if (!mark) return null;
    const badge = element("span", "badge marked");
    const words = markWords(mark, tools, frame.today);
    badge.title = words;
    badge.append(sign("marked", words));
    return badge;
  }
  const words = mark ? markWords(mark, tools, frame.today) : tools.texts.mark;
  const made = button(mark ? "badge marked" : "badge free", "", (event) => {
    event.preventDefault();
    openMark(about, label, mark, tools, frame.today);
  });
  made.title = words;
  made.append(sign("marked", `${words}: ${label}`));
  return made;
}

function openMark(about, label, mark, tools, today) {
  const { texts } = tools;
  const form = element("form", "mark-form");
  if (mark) form.append(element("p", "mark-now", markWords(mark, tools, today)));
  const noteLabel = element("label", "", texts.mark_note);
  const note = element("textarea");
  note.maxLength = 200;
  note.rows = 3;
  note.value = mark?.note ?? "";
  noteLabel.append(note);
  const hoursLabel = element("label", "", texts.mark_until);
  const hours = element("select");
  for (const each of HOURS) {
    const option = element("option", "", fill(texts.mark_hours, { hours: each }));
    option.value = String(each);
    option.selected = each === 4;
    hours.append(option);
  }
  hoursLabel.append(hours);
  const error = element("p", "error");
  error.setAttribute("role", "alert");
  const actions = element("div", "actions");
  const submit = element("button", "primary", texts.mark_save);
  actions.append(submit);
  form.append(element("p", "warning", texts.mark_warning), noteLabel, hoursLabel, error, actions);
  const dialog = openDialog(fill(texts.mark_title, { subject: label }), form, texts);

  async function send(content) {
    submit.disabled = true;
    error.textContent = "";
    try {
      const answer = await fetch("/marks", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...about, ...content }),
      });
      if (answer.ok) {
        dialog.close();
        return;
      }
      const { error: code } = await answer.json();
      error.textContent = code === "personal_data" ? texts.mark_personal : texts.mark_failed;
    } catch {
      error.textContent = texts.mark_failed;
    }
    submit.disabled = false;
  }

  if (mark) actions.append(button("", texts.mark_end, () => send({ end: true })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ note: note.value, hours: Number(hours.value) });
  });
  note.focus();
}
