// The keyboard: everything that the mouse does.

export function bindKeys(does) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;  // the browser closes it on Escape
    if (event.target.closest?.("input, select, textarea, .scroller")) return;
    if (/^[1-9]$/.test(event.key)) {
      does.number(Number(event.key));
      return;
    }
    const action = {
      ArrowLeft: () => does.neighbour(-1),
      ArrowRight: () => does.neighbour(1),
      f: does.filter,
      t: does.theme,
      "?": does.help,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}
