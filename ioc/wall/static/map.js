// Units as bubbles at their coordinates, without map tiles: nothing is fetched from elsewhere. The
// area stands for the number; colour and form for the share, in the catalogue's bands. Units that
// share one place stand apart in a column of names.

import { rowAddress } from "./address.js";
import { element } from "./dom.js";
import { keepDrawn } from "./drawing.js";
import { placeLabels } from "./map_labels.js";
import { colours, size } from "./theme.js";

const FORMS = ["circle", "diamond", "triangle"];
const LABELS = 6;
// Names are tried for more units than get one: in a crowd there is no room.
const CANDIDATES = 24;
const LETTERS = 0.9;
// Room for the names of those that stand apart, in rem; else for half a bubble.
const NAMES = 17;
const MARGIN = 2;

export function makeMap(panel, body, tools) {
  const { echarts, format, texts } = tools;
  const amount = panel.columns.find((column) => column.name === "n")
    ?? panel.columns.find((column) => column.unit === "dossiers");
  const share = panel.columns.find((column) => column.unit === "share");
  const canvas = element("div", "chart");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", panel.title);
  const nothing = element("p", "empty", texts.empty);
  nothing.hidden = true;
  body.append(canvas, nothing);
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  let last = "";
  let newest = null;

  function show(rows, frame) {
    newest = [rows, frame];
    const theme = document.documentElement.dataset.theme;
    const now = JSON.stringify([rows, size(), theme, chart.getWidth(), chart.getHeight()]);
    if (now === last) return;
    last = now;
    const placed = rows.filter((row) => row.latitude !== null && row.longitude !== null);
    nothing.hidden = placed.length > 0;
    canvas.hidden = placed.length === 0;
    if (!canvas.hidden) chart.setOption(options(placed), true);
  }

  function options(rows) {
    const rem = size();
    const colour = colours();
    const box = window(rows, chart.getWidth(), chart.getHeight(), rem);
    const most = Math.max(1, ...rows.map((row) => row[amount.name]));
    const sizeOf = (row) => rem * Math.max(0.5, 1.4 * Math.sqrt(row[amount.name] / most));
    const sides = labelSides(rows, box, rem, sizeOf);
    const limits = (share?.thresholds ?? []).map(({ at }) => at).slice(0, FORMS.length - 2);
    const band = (row) => {
      const value = share ? row[share.name] ?? 0 : 0;
      return value <= 0 ? 0 : 1 + limits.filter((limit) => value >= limit).length;
    };
    const names = bandNames(share, limits, format);
    const axis = { type: "value", show: false };
    return {
      animation: false,
      textStyle: { fontFamily: "Roboto, sans-serif", color: colour.text },
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      legend: share ? {
        bottom: 0, left: 0, itemWidth: rem, itemHeight: rem, itemGap: 1.2 * rem,
        selectedMode: false, data: names,
        textStyle: { color: colour.text, fontSize: rem },
      } : undefined,
      tooltip: tools.isTv ? undefined : {
        renderMode: "richText", confine: true, backgroundColor: colour.ground,
        borderColor: colour.lines, textStyle: { color: colour.text, fontSize: rem },
        formatter: ({ data }) => describe(data.row),
      },
      xAxis: { ...axis, min: box.west, max: box.east },
      yAxis: { ...axis, min: box.south, max: box.north },
      series: names.map((name, at) => ({
        name, type: "scatter", symbol: FORMS[at], color: colour.bands[at],
        itemStyle: { opacity: 0.8, borderColor: colour.ground, borderWidth: 1 },
        data: rows.filter((row) => band(row) === at).map((row) => ({
          row,
          value: [row.longitude, row.latitude],
          symbolSize: sizeOf(row),
          label: {
            show: Boolean(row.stands_apart) || sides.has(row), formatter: format.short(row.name),
            ...(row.stands_apart
              ? { position: "left", width: (NAMES - 1) * rem, overflow: "truncate" }
              : { position: sides.get(row), distance: 2 }),
            color: colour.text, fontSize: LETTERS * rem, textBorderColor: colour.ground,
            textBorderWidth: 3,
          },
        })),
      })),
    };
  }

  function labelSides(rows, box, rem, sizeOf) {
    const [width, height] = [chart.getWidth(), chart.getHeight()];
    const spots = rows.map((row) => ({
      row,
      x: ((row.longitude - box.west) / (box.east - box.west)) * width,
      y: ((box.north - row.latitude) / (box.north - box.south)) * height,
      radius: sizeOf(row) / 2,
    }));
    const wanted = spots.filter(({ row }) => !row.stands_apart)
      .sort((a, b) => b.radius - a.radius).slice(0, CANDIDATES);
    const ink = document.createElement("canvas").getContext("2d");
    ink.font = `${LETTERS * rem}px Roboto, sans-serif`;
    return placeLabels(spots, wanted, {
      most: LABELS, width, height: height - 2 * rem, textHeight: 1.2 * LETTERS * rem,
      textWidth: (row) => ink.measureText(format.short(row.name)).width,
    });
  }

  function describe(row) {
    const lines = panel.columns
      .filter((column) => column.title && column.unit !== "degrees" && column.name !== "name")
      .map((column) => `${column.title}: ${format.cell(column, row[column.name])}`);
    return [row.name, ...lines].join("\n");
  }

  if (panel.link && !tools.isTv) {
    chart.on("click", ({ data }) => {
      const address = data?.row && rowAddress(panel.link, data.row);
      if (address) location.assign(address);
    });
  }
  keepDrawn(chart, canvas, () => {
    last = "";
    if (newest) show(...newest);
  }, tools.onUnmount);
  return show;
}

// A degree of longitude is shorter than one of latitude; the picture keeps their proportion.
function window(rows, width, height, rem) {
  const of = (name) => rows.map((row) => row[name]);
  const [west, east] = [Math.min(...of("longitude")), Math.max(...of("longitude"))];
  const [south, north] = [Math.min(...of("latitude")), Math.max(...of("latitude"))];
  const shrink = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const left = (rows.some((row) => row.stands_apart) ? NAMES : MARGIN) * rem;
  const free = {
    x: Math.max(1, width - left - MARGIN * rem), y: Math.max(1, height - (MARGIN + 3) * rem),
  };
  const scale = Math.max(((east - west) * shrink) / free.x, (north - south) / free.y, 1e-6);
  const spare = {
    x: free.x * (scale / shrink) - (east - west), y: free.y * scale - (north - south),
  };
  return {
    west: west - spare.x / 2 - left * (scale / shrink),
    east: east + spare.x / 2 + MARGIN * rem * (scale / shrink),
    south: south - spare.y / 2 - 3 * rem * scale,  // above the legend
    north: north + spare.y / 2 + MARGIN * rem * scale,
  };
}

function bandNames(share, limits, format) {
  const title = share?.title ?? "";
  const said = limits.map((limit) => format.axis(limit, "share"));
  return [
    `${title} 0`, ...said.slice(0, 1).map((limit) => `< ${limit}`),
    ...said.map((limit) => `≥ ${limit}`),
  ];
}
