// One board on the page: its panels, built once, then shown frame after frame.

import { isWaiting, troubleOf } from "./age.js";
import { openExplanation } from "./explain.js";
import { button, element, fill, link, say, sign } from "./dom.js";
import { makeFeed, makeTimeline } from "./feed.js";
import { makeFacts, makeFigures } from "./figures.js";
import { fitColumns, makeBalance, makeBars, makeRanking, makeTable } from "./tables.js";

const MAKERS = {
  figures: makeFigures,
  facts: makeFacts,
  ranking: makeRanking,
  table: makeTable,
  dossiers: makeTable,
  bars: makeBars,
  balance: makeBalance,
  feed: makeFeed,
  timeline: makeTimeline,
};
// Drawn by code that is large and comes later: the figures stand before it is there.
const CHARTS = {
  series: async () => (await import("./charts.js")).makeSeries,
  map: async () => (await import("./map.js")).makeMap,
};
// One line of sums stands even where no dossier has come yet; it is not shown then. How the pipeline
// does is shown all the more.
const SUMS = new Set(["figures", "balance"]);
// Lists may be longer than their panel: what does not fit is in the panel's window.
const FITTED = new Set(["ranking", "table", "dossiers", "bars", "feed"]);
const RETRY_MS = 3000;

export function mountBoard(board, tools) {
  const grid = element("main", "grid");
  grid.dataset.board = board.id;
  const unmounts = [];
  const panels = board.panels.map((panel) => makePanel(board, panel, {
    ...tools, onUnmount: (action) => unmounts.push(action),
  }));
  grid.append(...panels.map(({ box }) => box));
  return {
    grid,
    show(frame) {
      for (const panel of panels) panel.show(frame);
    },
    explain(id) {
      panels.find((panel) => panel.id === id)?.explain();
    },
    unmount() {
      for (const action of unmounts) action();
      grid.remove();
    },
  };
}

function makePanel(board, panel, tools) {
  const box = element("section", `panel ${panel.kind}`);
  box.dataset.panel = panel.id;
  box.setAttribute("aria-label", panel.title);
  if (panel.large) box.classList.add("large");
  const { column, row, width, height } = panel.place;
  box.style.gridArea = `${row + 1} / ${column + 1} / span ${height} / span ${width}`;
  const byName = (line) => Object.fromEntries(
    panel.columns.map(({ name }, at) => [name, line[at]]),
  );

  const followers = new Set();
  let newest = null;
  function explain() {
    openExplanation(board, panel, { ...tools, isPlain: true }, (follower) => {
      followers.add(follower);
      if (newest) follower(...newest);
      return () => followers.delete(follower);
    });
  }
  const mine = { ...tools, explain, boardId: board.id };

  const fault = element("p", "fault");
  fault.setAttribute("role", "alert");
  fault.hidden = true;
  const isBare = panel.kind === "figures";
  const body = isBare ? box : element("div", "body");
  if (!isBare) {
    const head = element("div", "head");
    const title = element("h2");
    if (tools.isTv) {
      title.append(element("span", "", panel.title));
    } else {
      const opener = button("title", panel.title, explain);
      opener.title = fill(panel.definition, tools.values);
      title.append(opener);
    }
    mine.stepNote = element("small");
    title.append(mine.stepNote);
    head.append(title);
    box.append(head, body);
    if (!["facts", "feed", "timeline"].includes(panel.kind)) {
      box.append(element("p", "definition", fill(panel.definition, tools.values)));
    }
  }

  let draw = null;
  const fit = FITTED.has(panel.kind) ? makeFit(body, tools) : () => {};
  const isHidden = panel.signed_in || board.signed_in;
  if (isHidden && !tools.person) {
    body.append(needsPerson(tools));
  } else if (CHARTS[panel.kind]) {
    loadChart(panel, body, mine).then((made) => {
      draw = made;
      if (newest) draw(...newest);
    });
  } else {
    draw = MAKERS[panel.kind](panel, body, mine);
  }
  box.append(fault);

  return {
    id: panel.id,
    box,
    explain,
    show(frame) {
      const found = (frame.answers[panel.sql] ?? []).map(byName);
      const isUncounted = !frame.has_data && panel.of_dossiers && SUMS.has(panel.kind);
      const rows = isUncounted ? [] : found;
      newest = [rows, frame];
      const trouble = troubleOf(panel, frame, tools);
      fault.hidden = trouble === "";
      box.classList.toggle("old", trouble !== "");
      box.ariaBusy = String(isWaiting(panel, frame));
      say(fault, trouble);
      draw?.(rows, frame);
      fit();
      for (const follower of followers) follower(rows, frame);
    },
  };
}

// Hides the last lines until the rest fits, so that no line is cut in half.
function makeFit(body, { onUnmount }) {
  let fitted = null;
  function fit() {
    const list = body.firstElementChild;
    if (!list || list === fitted) return;
    fitted = list;
    if (list.tagName === "TABLE") {
      fitColumns(list, () => body.scrollWidth > body.clientWidth + 1);
    }
    const lines = [...list.querySelectorAll("tbody tr, li")];
    const showFirst = (count) => {
      for (const [at, line] of lines.entries()) line.hidden = at >= count;
    };
    showFirst(lines.length);
    if (list.offsetHeight === 0 || !overflows(body, list)) return;
    // By halves: every look makes the browser lay the board out anew.
    let [fitting, tooMany] = [1, lines.length];
    while (tooMany - fitting > 1) {
      const count = (fitting + tooMany) >> 1;
      showFirst(count);
      if (overflows(body, list)) tooMany = count;
      else fitting = count;
    }
    showFirst(fitting);
  }
  function again() {
    fitted = null;
    fit();
  }
  const observer = new ResizeObserver(again);
  observer.observe(body);
  document.fonts.addEventListener("loadingdone", again);  // letters have other widths then
  onUnmount(() => {
    observer.disconnect();
    document.fonts.removeEventListener("loadingdone", again);
  });
  return fit;
}

function overflows(body, list) {
  return body.scrollHeight > body.clientHeight + 1 || list.scrollHeight > list.clientHeight + 1;
}

function needsPerson({ texts, accounts, isTv }) {
  const note = element("p", "empty locked");
  note.append(sign("lock", ""), element("span", "", texts.sign_in_needed));
  if (accounts && !isTv) note.append(link(signInAddress(), "", texts.sign_in));
  return note;
}

export function signInAddress() {
  const after = location.pathname + location.search;
  return `/login?lang=${document.documentElement.lang}&next=${encodeURIComponent(after)}`;
}

async function loadChart(panel, body, tools) {
  for (;;) {
    try {
      const [{ echarts }, make] = await Promise.all([
        import(document.documentElement.dataset.charts), CHARTS[panel.kind](),
      ]);
      return make(panel, body, { ...tools, echarts });
    } catch {
      // A server that went away meanwhile. A module that failed once is not asked for again by the
      // browser, so the page loads anew.
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
      await tools.reload();
    }
  }
}
