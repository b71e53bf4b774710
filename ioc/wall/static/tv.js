// TV mode: boards in turn, nothing to click. The next board is built and filled out of sight and
// takes the place of the one before only when it shows figures, so that no screen is ever empty.

import { kept, reloadWhenThere } from "./address.js";
import { mountBoard } from "./board.js";
import { fill, say } from "./dom.js";
import { listen } from "./stream.js";

const DEFAULT_SECONDS = 20;
const MIN_SECONDS = 5;
// Time for charts to be drawn before a board is shown.
const SETTLE_MS = 400;
// A page that stays for months is made anew now and then.
const AGE_MS = 12 * 3600000;

export function readTv(boards) {
  const query = new URLSearchParams(location.search);
  const wanted = (query.get("boards") ?? "").split(",").map((id) => id.trim());
  const found = wanted.map((id) => boards.find((board) => board.id === id)).filter(Boolean);
  const every = /^(\d+)(s|m)?$/.exec(query.get("every") ?? "");
  const seconds = every ? Number(every[1]) * (every[2] === "m" ? 60 : 1) : DEFAULT_SECONDS;
  return {
    boards: found.length ? found : boards.filter((board) => !board.signed_in).slice(0, 1),
    everyMs: Math.max(MIN_SECONDS, seconds) * 1000,
  };
}

export function runTv({ boards, everyMs }, tools, { onFrame, onSilence }) {
  const holder = document.getElementById("board");
  const openedAt = performance.now();
  let at = -1;
  let current = null;
  let waiting = null;

  function open(number) {
    const board = boards[number];
    const view = mountBoard(board, tools);
    view.grid.classList.add("behind");
    holder.append(view.grid);
    let isFirst = true;
    const stream = listen(`/events/${board.id}?${kept()}`, {
      onFrame(frame) {
        view.show(frame);
        if (current?.view === view || !current) onFrame(frame, board);
        if (!isFirst) return;
        isFirst = false;
        waiting.isSettling = true;
        setTimeout(() => show({ view, stream, board, number, frame }), current ? SETTLE_MS : 0);
      },
      onSilence: () => { if (!current || current.view === view) onSilence(); },
    });
    waiting = { view, stream, isSettling: false };
  }

  function show(next) {
    const before = current;
    current = next;
    waiting = null;
    at = next.number;
    next.view.grid.classList.remove("behind");
    if (before) close(before);
    onFrame(next.frame, next.board);
    document.documentElement.dataset.board = next.board.id;
    if (boards.length > 1) {
      const words = fill(tools.texts.tv_next, { number: at + 1, count: boards.length });
      say(document.getElementById("turn"), words);
    }
  }

  function close({ view, stream }) {
    stream.close();
    view.unmount();
  }

  open(0);
  setInterval(() => {
    if (performance.now() - openedAt > AGE_MS) reloadWhenThere();
    if (boards.length < 2 || !current) return;
    // Shown in a moment: taken down now, it would be shown all the same, as an empty screen.
    if (waiting?.isSettling) return;
    if (waiting) close(waiting);  // its figures never came
    open((at + 1) % boards.length);
  }, everyMs);
}
