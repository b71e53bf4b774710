// Addresses of boards: every variable that is set goes along.

const OWN = ["boards", "every", "token"];

export function readAddress() {
  const id = location.pathname.split("/")[2] ?? "province";
  return { board: decodeURIComponent(id), query: kept() };
}

export function kept() {
  const query = new URLSearchParams(location.search);
  for (const name of OWN) query.delete(name);
  return query;
}

// `changes`: variable -> value; an empty one is taken away.
export function boardAddress(board, changes = {}) {
  const query = kept();
  if ("period" in changes || "from" in changes) {
    for (const name of ["period", "from", "to", "at"]) query.delete(name);
  }
  for (const [name, value] of Object.entries(changes)) {
    if (value === "" || value === null || value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `/board/${encodeURIComponent(board)}${text ? `?${text}` : ""}`;
}

export function rowAddress(link, row) {
  const changes = {};
  for (const [variable, column] of Object.entries(link.sets)) changes[variable] = row[column] ?? "";
  const leads = Object.values(changes);
  if (leads.length && leads.every((value) => value === "")) return null;
  return boardAddress(link.board, changes);
}

export function exportAddress(board, panel, kind) {
  const text = new URLSearchParams(kept());
  text.set("lang", document.documentElement.lang);
  return `/export/${encodeURIComponent(board)}/${encodeURIComponent(panel)}.${kind}?${text}`;
}

// A page that asks a server which is away gets the browser's error page and stays there.
export async function reloadWhenThere() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    const isPage = (answer.headers.get("content-type") ?? "").startsWith("text/html");
    if ((answer.ok && isPage) || answer.type === "opaqueredirect") location.reload();
  } catch {
    // Away: whoever called tries again.
  }
}
