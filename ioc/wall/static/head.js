// The head of the page: where, which days, what time, how current; and the banner over old figures.

import { fill, say } from "./dom.js";

const DAY_MS = 86400000;
const ZONE_MS = 7 * 3600000;

export function makeHead(texts, format) {
  const at = (id) => document.getElementById(id);
  say(at("centre"), texts.centre);
  say(at("status-text"), texts.connecting);

  function showStatus(frame) {
    const { state, complete_up_to: complete } = frame.status;
    const words = state === "live" ? texts.live : texts.catching_up;
    const moment = complete ? format.moment(complete, frame.today) : format.nothing;
    at("status").dataset.state = state;
    const upTo = fill(texts.complete, { moment });
    say(at("status-text"), state === "stale" ? upTo : `${words} · ${upTo}`);
    if (state === "stale") showBanner(frame.status.since, frame.status.reason, frame.today);
    else hideBanner();
  }

  function showBanner(since, reason, today) {
    const moment = since ? format.moment(since, today) : "";
    const what = since ? fill(texts.stale, { moment }) : texts.stale_unknown;
    say(at("banner"), `${what} (${texts[`reason_${reason}`]})`);
    at("banner").hidden = false;
    document.body.classList.add("old");
  }

  function hideBanner() {
    at("banner").hidden = true;
    document.body.classList.remove("old");
  }

  function showPeriod(frame) {
    const { period } = frame;
    say(at("period"), periodName(period, texts, format));
    const notes = [];
    if (period.newest) notes.push(texts.period_newest);
    if (period.at !== null) {
      // The end of a day is said as its last minute, not as the next day's first.
      const shown = (period.at + ZONE_MS) % DAY_MS === 0 ? period.at - 1000 : period.at;
      notes.push(fill(texts.as_of, { moment: format.moment(shown, frame.today) }));
    }
    if (!notes.length && !["range", "all", "today", "week", "half"].includes(period.name)) {
      notes.push(`${format.day(period.from)} – ${format.day(period.to)}`);
    }
    say(at("period-note"), notes.join(" · "));
    at("period-note").dataset.notice = String(period.newest || period.at !== null);
  }

  return {
    show(frame, board) {
      const province = frame.answers.province?.[0]?.[1] ?? "";
      say(at("province"), province ? `${province} · ${board.title}` : board.title);
      document.title = province ? `IOC · ${board.title} · ${province}` : `IOC · ${board.title}`;
      say(at("clock"), `${format.clock(frame.now)}  ${format.day(frame.today)}`);
      if (board.variables.includes("period")) {
        showPeriod(frame);
      } else {
        say(at("period"), "");
        say(at("period-note"), "");
      }
      showStatus(frame);
    },
    silent(lastFrame) {
      at("status").dataset.state = "stale";
      say(at("status-text"), texts.connecting);
      showBanner(lastFrame?.now ?? 0, "connection", lastFrame?.today ?? "");
    },
  };
}

function periodName(period, texts, format) {
  const [year, month] = period.from.split("-").map(Number);
  const name = period.name === "range" && period.from === period.to ? "day" : period.name;
  return fill(texts[`period_${name}`] ?? texts.period_range, {
    from: format.day(period.from),
    to: format.day(period.to),
    year,
    month,
    monthName: format.monthName(period.from),
    quarter: Math.ceil(month / 3),
  });
}
