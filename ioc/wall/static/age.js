// Of which moment a panel's figures are, and what is said when that is not now.

import { fill } from "./dom.js";

// The frames of an older release have no such fields; they must still reach the check of the build,
// which loads the page anew.

// The head calls everything old after as long.
const OLD_AFTER_MS = 5000;

export function readAt(panel, frame) {
  return frame.asked?.[panel.sql] ?? frame.read_at;
}

export function isWaiting(panel, frame) {
  return frame.waiting?.[panel.sql] !== undefined;
}

export function troubleOf(panel, frame, { texts, format }) {
  const say = (text, at) => fill(text, { moment: format.moment(at, frame.today) });
  const failing = frame.faults[panel.sql];
  if (failing !== undefined) return say(texts.fault, failing);
  const waiting = frame.waiting?.[panel.sql];
  if (waiting !== undefined) return say(texts.waiting, waiting);
  const at = frame.asked?.[panel.sql];
  return at !== undefined && frame.now - at > OLD_AFTER_MS ? say(texts.old_panel, at) : "";
}
