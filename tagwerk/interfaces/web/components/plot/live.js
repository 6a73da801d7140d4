// @ts-check
/**
 * A time series by uPlot, in the place of the drawing from the server: one can point at a moment and read the values.
 * The drawing stays on the page (hidden) for the picture; the table is for those who do not see either.
 */
import uPlot from "packages/uplot.js";
import { inked } from "tagwerk/components/plot/picture.js";

/** @typedef {{data: (number | null)[][], band: boolean, zone: string, number: Intl.NumberFormatOptions}} Live */

const DAY = 86_400;
// As on the server: English pages are read in Europe more than in America.
const LOCALE = document.documentElement.lang.replace(/^en$/, "en-GB");

/** @param {HTMLElement} element */
export function live(element) {
  const area = element.querySelector(".plot-area");
  const frame = element.querySelector(".plot-frame");
  const text = element.querySelector("[data-live]")?.textContent;
  if (!(area instanceof HTMLElement) || !(frame instanceof HTMLElement) || !text) return;
  /** @type {Live} */
  const given = JSON.parse(text);
  const { width, height } = frame.getBoundingClientRect();
  const place = document.createElement("div");
  const plot = new uPlot(options(element, given, width, height), /** @type {uPlot.AlignedData} */ (given.data), place);
  frame.hidden = true;
  frame.after(place);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
  // Colours follow the scheme, whether the system or the page changes it.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw(false));
  new MutationObserver(() => plot.redraw(false)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

/** @param {HTMLElement} element @param {Live} given @param {number} width @param {number} height
 * @returns {uPlot.Options} */
function options(element, given, width, height) {
  const lines = given.data.length - 1 - (given.band ? 2 : 0);
  const ink = (/** @type {number} */ number) => () => inked(element, `plot-ink-${number}`);
  const axis = { stroke: () => inked(element, "plot-basis"), ticks: { show: false }, font: font(element), gap: 6 };
  const grid = { stroke: () => inked(element, "plot-grid-ink"), width: 1 };
  const number = new Intl.NumberFormat(LOCALE, given.number);
  const hidden = { stroke: "transparent", points: { show: false } };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    tzDate: (/** @type {number} */ seconds) => uPlot.tzDate(new Date(seconds * 1000), given.zone),
    scales: { y: { range: (_plot, low, high) => uPlot.rangeNum(Math.min(0, low), Math.max(0, high), 0.05, true) } },
    axes: [
      { ...axis, grid: { show: false }, values: (_plot, splits, _axis, _space, step) => moments(splits, step, given.zone) },
      { ...axis, grid, size: side, values: (_plot, splits) => splits.map((value) => number.format(value)) },
    ],
    series: [
      {},
      ...Array.from({ length: lines }, (_none, place) => ({ stroke: ink(place + 1), width: 2, dash: DASHES[place] })),
      ...(given.band ? [hidden, hidden] : []),
    ],
    bands: given.band ? [{ series: [lines + 1, lines + 2], fill: () => inked(element, "plot-band-ink") }] : [],
    hooks: { setCursor: [(plot) => read(element, plot, number, given)] },
  };
}

/** @type {(number[] | undefined)[]} */
const DASHES = [undefined, [6, 5], [1, 5], [10, 4, 1, 4]];

/** As wide as the longest number. @param {uPlot} plot @param {string[] | null} values */
function side(plot, values) {
  if (!values) return 40;
  plot.ctx.save();
  plot.ctx.font = plot.axes[1]?.font?.[0] ?? plot.ctx.font;
  const widest = Math.max(...values.map((value) => plot.ctx.measureText(value).width));
  plot.ctx.restore();
  return Math.ceil(widest / devicePixelRatio) + 12;
}

/** The words under the axis: as fine as its steps. @param {number[]} splits @param {number} step @param {string} zone */
function moments(splits, step, zone) {
  const parts = step < DAY ? TIME : step < 28 * DAY ? DATE : MONTH;
  const format = new Intl.DateTimeFormat(LOCALE, { ...parts, timeZone: zone });
  const day = new Intl.DateTimeFormat(LOCALE, { ...DATE, timeZone: zone });
  let before = "";
  return splits.map((seconds) => {
    const moment = new Date(seconds * 1000);
    const today = day.format(moment);
    const text = step < DAY && today !== before ? today : format.format(moment);
    before = today;
    return text;
  });
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const { TIME, DATE, MONTH } = {
  TIME: { hour: "2-digit", minute: "2-digit" },
  DATE: { day: "numeric", month: "short" },
  MONTH: { month: "short", year: "numeric" },
};

/** What stands under the pointer is written beside the names. @param {HTMLElement} element @param {uPlot} plot
 * @param {Intl.NumberFormat} number @param {Live} given */
function read(element, plot, number, given) {
  const place = plot.cursor.idx;
  const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short", timeZone: given.zone });
  const values = given.data.map((line) => (place == null ? null : (line[place] ?? null)));
  const spots = element.querySelectorAll(".plot-read");
  spots.forEach((spot, line) => {
    const [value, low] = [values[line + 1], given.band && line === spots.length - 1 ? values.at(-1) : undefined];
    spot.textContent = value == null ? "" : low == null ? number.format(value) : `${number.format(low)}–${number.format(value)}`;
  });
  const when = element.querySelector(".plot-when");
  const alone = spots.length ? "" : values[1] == null ? "" : `: ${number.format(values[1])}`;
  if (when) when.textContent = values[0] == null ? "" : `${moment.format(values[0] * 1000)}${alone}`;
}

/** @param {Element} element */
function font(element) {
  const { fontFamily } = getComputedStyle(element);
  return `12px ${fontFamily}`;
}
