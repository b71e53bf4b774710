// Small helpers: texts only ever become text nodes, never markup.

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// Touch the page only where something changed.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const SIGNS = {
  alarm: "M12 3 1.8 21h20.4zM11 9.5h2v6h-2zm0 7.4h2v2h-2z",
  notice: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zM11 7h2v6.2h-2zm0 7.9h2v2h-2z",
  good: "M9.5 18.2 3.6 12.3l1.9-1.9 4 4 9-9 1.9 1.9z",
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
