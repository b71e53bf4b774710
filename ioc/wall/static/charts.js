// Curves over time. Animation is off: it costs a browser half a core at two frames a second.

import { element, say } from "./dom.js";
import { keepDrawn } from "./drawing.js";
import { colours, size } from "./theme.js";

const MINUTE_MS = 60000;
const ZONE_MS = 7 * 3600000;
const LINES = ["solid", "dashed", "dotted"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];

export function makeSeries(panel, body, tools) {
  const { echarts, format, texts, stepNote } = tools;
  const [start, ...others] = panel.columns;
  const drawn = others.filter((column) => column.title);
  const canvas = element("div", "chart");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", panel.title);
  const nothing = element("p", "empty", texts.empty);
  nothing.hidden = true;
  body.append(canvas, nothing);
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  let last = "";
  let newest = null;
  const isTime = start.unit === "instant";

  function show(rows, frame) {
    newest = [rows, frame];
    const rem = size();
    const theme = document.documentElement.dataset.theme;
    const now = JSON.stringify([rows, frame.period, frame.today, rem, theme]);
    if (now === last) return;
    last = now;
    say(stepNote, isTime ? "" : texts[`by_${frame.period.step}`]);
    nothing.hidden = rows.length > 0;
    canvas.hidden = rows.length === 0;
    if (canvas.hidden) return;
    const points = isTime ? overTime(rows) : overDays(rows, frame);
    chart.setOption(options(points, rem, colours()), true);
  }

  function overTime(rows) {
    return {
      labels: null,
      values: (name) => rows.map((row) => [row[start.name], row[name]]),
    };
  }

  function overDays(rows, frame) {
    const starts = buckets(frame.period, frame.today, rows.map((row) => row[start.name]));
    const found = new Map(rows.map((row) => [row[start.name], row]));
    const until = lastDay(frame);
    // A day without a row had none of what is counted; of a share or a stock nothing is known.
    const gap = (column) => (column.unit === "dossiers" && !isStock(column) ? 0 : null);
    return {
      labels: starts.map((day) => axisDay(day, frame.period.step)),
      values: (name) => {
        const column = panel.columns.find((each) => each.name === name);
        return starts.map((day) => (day > until ? null : found.get(day)?.[name] ?? gap(column)));
      },
    };
  }

  function options({ labels, values }, rem, colour) {
    const bars = drawn.length > 1 && drawn[0].unit === "dossiers" && !isStock(drawn[0]);
    const unit = drawn[0].unit;
    const isScaled = unit === "share" || isStock(drawn[0]);
    return {
      animation: false,
      textStyle: { fontFamily: "Roboto, sans-serif", color: colour.text },
      grid: { left: 3.8 * rem, right: rem, top: 2.6 * rem, bottom: 1.9 * rem },
      tooltip: tools.isTv ? undefined : {
        trigger: "axis", renderMode: "richText", confine: true,
        backgroundColor: colour.ground, borderColor: colour.lines,
        textStyle: { color: colour.text, fontSize: rem },
        valueFormatter: (value) => format.value(value, unit),
      },
      legend: {
        top: 0, right: 0, itemGap: 1.5 * rem, itemWidth: 1.7 * rem, itemHeight: 0.8 * rem,
        textStyle: { color: colour.text, fontSize: 1.05 * rem },
      },
      xAxis: {
        type: labels ? "category" : "time",
        minInterval: labels ? undefined : MINUTE_MS,
        // One point alone stands at the end of some minutes, not in the middle of days.
        min: labels ? undefined : ({ min, max }) => Math.min(min, max - 10 * MINUTE_MS),
        max: labels ? undefined : "dataMax",
        ...(labels ? { data: labels } : {}),
        axisLine: { lineStyle: { color: colour.lines } },
        axisTick: { show: false },
        axisLabel: {
          color: colour.quiet, fontSize: 0.95 * rem, hideOverlap: true,
          ...(labels ? {} : { formatter: (value) => format.clock(value).slice(0, 5) }),
        },
        splitLine: { show: false },
      },
      yAxis: {
        type: "value",
        min: isScaled ? undefined : 0,
        scale: isScaled,
        minInterval: unit === "dossiers" ? 1 : undefined,
        splitNumber: 4,
        splitLine: { lineStyle: { color: colour.lines } },
        axisLabel: {
          color: colour.quiet, fontSize: 0.95 * rem,
          formatter: (value) => format.axis(value, unit),
        },
      },
      series: drawn.map((column, at) => ({
        name: column.title,
        data: values(column.name),
        color: colour.series[at % colour.series.length],
        ...(bars && at === 0
          ? {
              type: "bar", barCategoryGap: "28%",
              itemStyle: { borderRadius: [0.15 * rem, 0.15 * rem, 0, 0] },
            }
          : {
              type: "line",
              connectNulls: isStock(column),  // nothing happened, so it stayed
              symbol: SYMBOLS[at % SYMBOLS.length],
              symbolSize: 0.42 * rem,
              showSymbol: labels ? labels.length < 70 : values(column.name).length < 3,
              lineStyle: {
                width: 0.19 * rem,
                type: LINES[bars ? 0 : at % LINES.length],
              },
              // A filled area says how much, so it may only begin at nothing.
              areaStyle: drawn.length === 1 && !isScaled ? { opacity: 0.18 } : undefined,
            }),
      })),
    };
  }

  keepDrawn(chart, canvas, () => {
    last = "";
    if (newest) show(...newest);
  }, tools.onUnmount);
  return show;
}

// What stands at the end of a day, as against what happened on it.
function isStock(column) {
  return /open|backlog|paused/.test(column.name);
}

// Every step of the period up to today, those without a row too. Days that have not come yet stay
// empty on the right, so that the axis does not move as the month goes on.
function buckets(period, today, known) {
  const days = [];
  const day = new Date(period.from);
  const until = new Date(period.to);
  if (period.step === "month") day.setUTCDate(1);
  if (period.step === "week") day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  while (day <= until) {
    days.push(day.toISOString().slice(0, 10));
    if (period.step === "month") day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCDate(day.getUTCDate() + (period.step === "week" ? 7 : 1));
  }
  return [...new Set([...days, ...known])].sort();
}

function lastDay({ period, today }) {
  if (period.at === null) return today;
  return new Date(period.at + ZONE_MS - 1000).toISOString().slice(0, 10);
}

function axisDay(iso, step) {
  const [year, month, day] = iso.split("-");
  return step === "month" ? `${month}/${year}` : `${Number(day)}/${Number(month)}`;
}
