// Curves over time. Animation is off: it costs a browser half a core at two frames a second.

import { element, say } from "./dom.js";

const RECEIVED = "#56b4e9";
const RESOLVED = "#f0e442";
const TEXT = "#c3d0e4";
const LINES = "#24334d";
const ZONE_MS = 7 * 3600000;

export function makeSeries(panel, body, { echarts, format, texts, stepNote }) {
  const [start, first, second] = panel.columns;
  const canvas = element("div", "chart");
  const nothing = element("p", "empty", texts.empty);
  nothing.hidden = true;
  body.append(canvas, nothing);
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  let last = "";
  new ResizeObserver(() => {
    last = "";
    chart.resize();
  }).observe(canvas);

  return (rows, frame) => {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const now = JSON.stringify([rows, frame.period, frame.today, size]);
    if (now === last) return;
    last = now;
    say(stepNote, texts[`by_${frame.period.step}`]);
    nothing.hidden = rows.length > 0;
    canvas.hidden = rows.length === 0;
    if (canvas.hidden) return;
    const starts = buckets(frame.period, frame.today, rows.map((row) => row[start.name]));
    const found = new Map(rows.map((row) => [row[start.name], row]));
    const until = lastDay(frame);
    const values = (name) => starts.map((day) => found.get(day)?.[name] ?? (day > until ? null : 0));
    chart.setOption(
      {
        animation: false,
        textStyle: { fontFamily: "Roboto, sans-serif", color: TEXT },
        grid: { left: 3.6 * size, right: size, top: 2.6 * size, bottom: 1.9 * size },
        legend: {
          top: 0, right: 0, itemGap: 1.5 * size, itemWidth: 1.5 * size, itemHeight: 0.8 * size,
          textStyle: { color: TEXT, fontSize: 1.05 * size },
        },
        xAxis: {
          type: "category",
          data: starts.map((day) => axisDay(day, frame.period.step)),
          axisLine: { lineStyle: { color: LINES } },
          axisTick: { show: false },
          axisLabel: { color: TEXT, fontSize: 0.95 * size, hideOverlap: true },
        },
        yAxis: {
          type: "value",
          min: 0,
          minInterval: 1,
          splitNumber: 4,
          splitLine: { lineStyle: { color: LINES } },
          axisLabel: {
            color: TEXT, fontSize: 0.95 * size, formatter: (value) => format.value(value),
          },
        },
        series: [
          {
            name: first.title, type: "bar", data: values(first.name), color: RECEIVED,
            barCategoryGap: "28%", itemStyle: { borderRadius: [0.15 * size, 0.15 * size, 0, 0] },
          },
          {
            name: second.title, type: "line", data: values(second.name), color: RESOLVED,
            symbol: "circle", symbolSize: 0.42 * size, showSymbol: starts.length < 70,
            lineStyle: { width: 0.19 * size },
          },
        ],
      },
      true,
    );
  };
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
