// Small helpers: texts only ever become text nodes, never markup.

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function link(address, className = "", text = "") {
  const made = element("a", className, text);
  made.href = address;
  return made;
}

export function button(className, text, onClick) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

// Touch the page only where something changed.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Draw anew only when what is shown changed.
export function whenChanged(draw, { force } = {}) {
  let last = "";
  const show = (rows, frame) => {
    const now = JSON.stringify([rows, frame.balance, frame.has_data, frame.marks, frame.today]);
    if (now !== last) {
      last = now;
      draw(rows, frame);
    }
  };
  force?.(() => { last = ""; });
  return show;
}

const SIGNS = {
  alarm: "M12 3 1.8 21h20.4zM11 9.5h2v6h-2zm0 7.4h2v2h-2z",
  notice: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zM11 7h2v6.2h-2zm0 7.9h2v2h-2z",
  good: "M9.5 18.2 3.6 12.3l1.9-1.9 4 4 9-9 1.9 1.9z",
  marked: "M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2 1.1.4 2.3.6 3.6.6.6 0 1 .4 1 1V20c"
    + "0 .6-.4 1-1 1A17 17 0 0 1 3 4c0-.6.4-1 1-1h3.5c.6 0 1 .4 1 1 0 1.3.2 2.5.6 3.6.1.3 0 .7-.2 1z",
  lock: "M7 10V7.5a5 5 0 0 1 10 0V10h1.5v11h-13V10zm2 0h6V7.5a3 3 0 0 0-6 0z",
};

// A sign beside the colour, with words for those who see neither.
export function sign(name, words) {
  const space = "http://www.w3.org/2000/svg";
  const image = document.createElementNS(space, "svg");
  image.setAttribute("viewBox", "0 0 24 24");
  image.setAttribute("class", `sign sign-${name}`);
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", words);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SIGNS[name]);
  path.setAttribute("fill-rule", "evenodd");
  image.append(path);
  return image;
}
