// Colours are the style sheet's; charts, which are drawn, read them from there.

const root = document.documentElement;

export function colours() {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--text"),
    quiet: read("--quiet"),
    lines: read("--edge"),
    ground: read("--panel"),
    series: ["--series-1", "--series-2", "--series-3", "--series-4"].map(read),
    bands: ["--band-1", "--band-2", "--band-3"].map(read),
  };
}

export function size() {
  return parseFloat(getComputedStyle(root).fontSize);
}

export function toggleTheme() {
  root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
  const query = new URLSearchParams(location.search);
  query.set("theme", root.dataset.theme);
  history.replaceState(null, "", `${location.pathname}?${query}${location.hash}`);
  for (const link of document.querySelectorAll("a[href^='/board/']")) {
    const address = new URL(link.href);
    address.searchParams.set("theme", root.dataset.theme);
    link.href = address.pathname + address.search;
  }
  root.dispatchEvent(new CustomEvent("theme"));
}
