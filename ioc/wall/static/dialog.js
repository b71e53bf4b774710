// One window over the page at a time; the browser keeps the focus inside and gives it back.

import { button, element } from "./dom.js";

export function openDialog(title, content, texts, onClose = () => {}) {
  for (const open of document.querySelectorAll("dialog")) open.close();
  const dialog = element("dialog");
  const heading = element("h2", "", title);
  heading.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const head = element("div", "dialog-head");
  const close = button("close", "×", () => dialog.close());
  close.setAttribute("aria-label", texts.close);
  head.append(heading, close);
  const body = element("div", "dialog-body");
  body.append(content);
  dialog.append(head, body);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();  // beside the window
  });
  dialog.showModal();
  return dialog;
}
