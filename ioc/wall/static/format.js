// Numbers, days and moments as people here write them: 88.646; 99,45 %; 14:03 30/09/2024.

import { fill } from "./dom.js";

const ZONE = "Asia/Ho_Chi_Minh";
const NOTHING = "–";
const WORKING_DAY_HOURS = 8;

export function makeFormat(language, words, shortNames) {
  const locale = language === "en" ? "en-GB" : "vi-VN";
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const hundredths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const months = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  const percent = language === "en" ? "%" : "\u00a0%";

  function share(value) {
    if (value === null) return NOTHING;
    let rounded = Math.round(value * 10000) / 100;
    // "100 %" and "0 %" are said only where they are true.
    if (value < 1 && rounded === 100) rounded = 99.99;
    if (value > 0 && rounded === 0) rounded = 0.01;
    return hundredths.format(rounded) + percent;
  }

  // With its sign; from a small beginning a change says nothing but that it is large.
  function change(value) {
    if (value >= 10) return `> +999${percent}`;
    const text = tenths.format(value * 100).replace("-", "\u2212");
    return (value > 0 ? "+" : "") + text + percent;
  }

  // From a day on in days: nobody divides 5.936 hours by eight at a glance.
  function workingTime(hours) {
    if (hours < WORKING_DAY_HOURS) return fill(words.working_hours, { n: tenths.format(hours) });
    const days = hours / WORKING_DAY_HOURS;
    return fill(words.working_days, { n: (days < 10 ? tenths : whole).format(days) });
  }

  const writers = {
    share,
    instant: (value, today) => (value ? moment(value, today) : NOTHING),
    day: (value) => day(value),
    per_second: (value) => (value < 10 ? tenths : whole).format(value),
    text: (value) => String(value),
    change,
    points: (value) => tenths.format(value),
    working_hours: workingTime,
    seconds: (value) => `${(value < 100 ? tenths : whole).format(value)}\u00a0s`,
    degrees: (value) => hundredths.format(value),
  };

  function write(value, unit, today) {
    if (value === null || value === undefined || value === "") return NOTHING;
    const writer = writers[unit];
    return writer ? writer(value, today) : whole.format(value);
  }

  return {
    nothing: NOTHING,
    day,
    moment,
    clock,
    // A unit's name as it fits on a wall.
    short: (name) => shortNames.reduce((text, [long, brief]) => text.replace(long, brief), name),
    monthName: (iso) => months.format(new Date(iso)),
    // Write a value of a unit of the catalogue.
    value: write,
    // The same, with names for codes.
    cell(column, value, today) {
      return column.labels[value] ?? write(value, column.unit, today);
    },
    // On an axis there is no room for hundredths.
    axis(value, unit) {
      if (unit === "share") return `${tenths.format(value * 100)}${percent}`;
      return (Number.isInteger(value) ? whole : tenths).format(value);
    },
  };
}

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

function split(milliseconds) {
  return Object.fromEntries(
    parts.formatToParts(milliseconds).map((part) => [part.type, part.value]),
  );
}

// 2024-09-30 -> 30/09/2024
function day(iso) {
  const [year, month, dayOfMonth] = iso.split("-");
  return `${dayOfMonth}/${month}/${year}`;
}

function clock(milliseconds) {
  const { hour, minute, second } = split(milliseconds);
  return `${hour}:${minute}:${second}`;
}

// With its day, unless that is today.
function moment(milliseconds, today) {
  const at = split(milliseconds);
  if (`${at.year}-${at.month}-${at.day}` === today) return clock(milliseconds);
  return `${at.hour}:${at.minute} ${at.day}/${at.month}/${at.year}`;
}
