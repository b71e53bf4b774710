// Begins: reads the catalogue, builds the board that the address names, shows frame after frame.

import { kept, readAddress, reloadWhenThere } from "./address.js";
import { mountBoard } from "./board.js";
import { makeFormat } from "./format.js";
import { makeHead } from "./head.js";
import { bindKeys } from "./keys.js";
import { makeMenu } from "./menu.js";
import { listen } from "./stream.js";
import { readTv, runTv } from "./tv.js";

const root = document.documentElement;
const { build, person, mode } = root.dataset;
const isTv = mode === "tv";
const RETRY_MS = 1500;

async function read(name) {
  const answer = await fetch(`/static/${build}/${name}.${root.lang}.json`);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

// Frames are asked for before the catalogue has come; the newest one waits for the board.
function listenEarly() {
  const ends = { onFrame: null, onSilence: null };
  let newest = null;
  listen(`/events/${readAddress().board}?${kept()}`, {
    onFrame(frame) {
      newest = frame;
      ends.onFrame?.(frame);
    },
    onSilence: () => ends.onSilence?.(),
  });
  return (onFrame, onSilence) => {
    Object.assign(ends, { onFrame, onSilence });
    if (newest) onFrame(newest);
  };
}

async function start() {
  const listenOn = isTv ? null : listenEarly();
  const { texts, boards, periods, queries, values, short_names: shorts } = await read("catalogue");
  const format = makeFormat(root.lang, texts, shorts);
  const head = makeHead(texts, format);
  let lastFrame = null;
  let choices = null;
  const tools = {
    texts, boards, periods, queries, values, format, isTv,
    person: isTv ? "" : person,
    accounts: root.dataset.accounts === "true",
    choices: () => (choices ??= read("choices")),
    shownDay: () => lastFrame?.bound.units_on ?? lastFrame?.period.to
      ?? new Date().toISOString().slice(0, 10),
    reload: reloadWhenThere,
  };

  function onFrame(frame, board) {
    const isOver = tools.person && !frame.private && needsPerson(board);
    if (frame.build !== build || isOver) {
      reloadWhenThere();  // another release, or the session has ended
      return;
    }
    lastFrame = frame;
    head.show(frame, board);
    root.dataset.shown = String(frame.now);
  }
  const onSilence = () => head.silent(lastFrame);

  if (isTv) {
    runTv(readTv(boards), tools, { onFrame, onSilence });
    return;
  }
  const { board: id } = readAddress();
  const board = boards.find((each) => each.id === id);
  const view = mountBoard(board, tools);
  document.getElementById("board").append(view.grid);
  bindKeys(makeMenu(document.getElementById("menu"), board, tools));
  listenOn((frame) => {
    view.show(frame);
    onFrame(frame, board);
  }, onSilence);
  if (location.hash) view.explain(decodeURIComponent(location.hash.slice(1)));
}

function needsPerson(board) {
  return board.signed_in || board.panels.some((panel) => panel.signed_in);
}

// A server that is just starting: try again rather than stay black.
start().catch((error) => {
  console.debug(error);
  setInterval(reloadWhenThere, RETRY_MS);
});
