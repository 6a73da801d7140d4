// @ts-check
/**
 * A plot as a picture: drawn anew from what stands on the page, in its colours, with its words. The content policy
 * lets no SVG be loaded as an image, so its few shapes are drawn one by one.
 */
const [WIDTH, PAD, LINE, SCALE] = [960, 24, 24, 2];

/** @param {HTMLElement} plot @returns {Promise<Blob>} */
export async function picture(plot) {
  const rows = [...plot.querySelectorAll(".plot-bars tbody tr")];
  const parts = [...plot.querySelectorAll(".plot-parts tbody tr")];
  const legend = [...plot.querySelectorAll(".plot-legend li")];
  const top = PAD + 2 * LINE + (legend.length ? LINE : 0) + 8;
  const heat = [...plot.querySelectorAll(".plot-heat tr")];
  const body = heat.length ? heat.length * 2 * LINE : rows.length ? rows.length * 2 * LINE : parts.length ? (parts.length + 2) * LINE : 400 + LINE;
  const height = top + body + PAD;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(SCALE, SCALE);
  pen.fillStyle = inked(plot, "plot-paper");
  pen.fillRect(0, 0, WIDTH, height);
  words(pen, plot, ".plot-head strong", PAD, PAD + 16, 600, 18);
  words(pen, plot, ".plot-basis", PAD, PAD + 16 + LINE, 400, 14);
  key(pen, legend, PAD + 2 * LINE + 16);
  if (heat.length) map(pen, heat, top);
  else if (rows.length) bars(pen, rows, top);
  else if (parts.length) stack(pen, plot, parts, top);
  else frame(pen, plot, { left: PAD, top, width: WIDTH - 2 * PAD, height: 400 });
  return new Promise((done) => canvas.toBlob((blob) => done(/** @type {Blob} */ (blob)), "image/png"));
}

/** The colour of a class, whatever the scheme. @param {Element} plot @param {string} name */
export function inked(plot, name) {
  const probe = document.createElement("span");
  probe.className = name;
  probe.hidden = true;
  plot.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** @param {CanvasRenderingContext2D} pen @param {Element} element @param {number} weight @param {number} size */
function write(pen, element, weight, size) {
  const { color, fontFamily } = getComputedStyle(element);
  pen.fillStyle = color;
  pen.font = `${weight} ${size}px ${fontFamily}`;
}

/** @param {CanvasRenderingContext2D} pen @param {Element} plot @param {string} selector @param {number} x
 * @param {number} y @param {number} weight @param {number} size */
function words(pen, plot, selector, x, y, weight, size) {
  const element = plot.querySelector(selector);
  if (!element) return;
  write(pen, element, weight, size);
  pen.fillText(element.textContent.trim(), x, y, WIDTH - 2 * PAD);
}

/** @param {CanvasRenderingContext2D} pen @param {Element[]} legend @param {number} y */
function key(pen, legend, y) {
  let x = PAD;
  for (const item of legend) {
    const swatch = /** @type {Element} */ (item.firstElementChild);
    pen.fillStyle = getComputedStyle(swatch).borderBlockStartColor;
    pen.fillRect(x, y - 7, 20, 4);
    write(pen, item, 400, 14);
    const name = (item.childNodes[1]?.textContent ?? "").trim();
    pen.fillText(name, x + 26, y);
    x += 26 + pen.measureText(name).width + 24;
  }
}

/** @param {CanvasRenderingContext2D} pen @param {Element[]} rows @param {number} top */
function bars(pen, rows, top) {
  const wide = WIDTH - 2 * PAD;
  rows.forEach((row, place) => {
    const [name, number] = [row.querySelector("th"), row.querySelector("td :first-child")];
    const y = top + place * 2 * LINE;
    if (!name || !number) return;
    write(pen, name, 400, 15);
    pen.fillText(name.textContent, PAD, y + 15, wide * 0.8);
    pen.textAlign = "end";
    pen.fillText(number.textContent ?? "", WIDTH - PAD, y + 15);
    pen.textAlign = "start";
    for (const shape of row.querySelectorAll("rect")) {
      pen.fillStyle = getComputedStyle(shape).fill;
      pen.fillRect(PAD + (wide * shape.x.baseVal.value) / 100, y + 22, (wide * shape.width.baseVal.value) / 100, 10);
    }
  });
}

/** A heat map: names at the head and at the side, and a coloured field for each number.
 * @param {CanvasRenderingContext2D} pen @param {Element[]} rows @param {number} top */
function map(pen, rows, top) {
  const columns = rows[0].children.length;
  const names = (WIDTH - 2 * PAD) / 4;
  const wide = (WIDTH - 2 * PAD - names) / Math.max(1, columns - 1);
  rows.forEach((row, place) => {
    [...row.children].forEach((cell, column) => {
      const x = column ? PAD + names + (column - 1) * wide : PAD;
      const y = top + place * 2 * LINE;
      if (place && column) {
        pen.fillStyle = getComputedStyle(cell).backgroundColor;
        pen.fillRect(x + 1, y + 1, wide - 2, 2 * LINE - 2);
      }
      write(pen, cell, 400, 14);
      pen.textAlign = column ? "end" : "start";
      pen.fillText(cell.textContent.trim(), column ? x + wide - 8 : x, y + LINE + 5, column ? wide - 12 : names - 8);
    });
  });
  pen.textAlign = "start";
}

/** One bar of parts, and below it what they are.
 * @param {CanvasRenderingContext2D} pen @param {Element} plot @param {Element[]} parts @param {number} top */
function stack(pen, plot, parts, top) {
  const wide = WIDTH - 2 * PAD;
  for (const shape of /** @type {NodeListOf<SVGRectElement>} */ (plot.querySelectorAll(".plot-stack rect"))) {
    pen.fillStyle = getComputedStyle(shape).fill;
    pen.fillRect(PAD + (wide * shape.x.baseVal.value) / 100, top, (wide * shape.width.baseVal.value) / 100, LINE);
  }
  parts.forEach((part, place) => {
    const [mark, name, number] = [".plot-mark", "th", "td"].map((selector) => part.querySelector(selector));
    if (!mark || !name || !number) return;
    const y = top + (place + 2) * LINE;
    pen.fillStyle = getComputedStyle(mark).backgroundColor;
    pen.fillRect(PAD, y, 12, 12);
    write(pen, number, 400, 15);
    pen.fillText(name.textContent.trim(), PAD + 20, y + 12, wide * 0.7);
    pen.textAlign = "end";
    pen.fillText(number.textContent.trim(), WIDTH - PAD, y + 12);
    pen.textAlign = "start";
  });
}

/** The axes' words, then the shapes between them.
 * @param {CanvasRenderingContext2D} pen @param {Element} plot
 * @param {{left: number, top: number, width: number, height: number}} box */
function frame(pen, plot, box) {
  const ticks = [...plot.querySelectorAll(".plot-y span")];
  const names = [...plot.querySelectorAll(".plot-x span")];
  if (ticks[0]) write(pen, ticks[0], 400, 14);
  const beside = Math.max(0, ...ticks.map((tick) => pen.measureText(tick.textContent ?? "").width)) + 8;
  pen.textAlign = "end";
  ticks.forEach((tick, place) => {
    pen.fillText(tick.textContent ?? "", box.left + beside - 8, box.top + (box.height * place) / Math.max(1, ticks.length - 1) + 5);
  });
  const [left, wide] = [box.left + beside, box.width - beside];
  names.forEach((name, place) => {
    const share = names.length > 1 ? place / (names.length - 1) : 0.5;
    pen.textAlign = share === 0 ? "start" : share === 1 ? "end" : "center";
    pen.fillText(name.textContent ?? "", left + wide * share, box.top + box.height + LINE);
  });
  pen.textAlign = "start";
  const place = new DOMMatrix([wide / 100, 0, 0, box.height / 100, left, box.top]);
  for (const shape of plot.querySelectorAll(".plot-drawing > *")) draw(pen, shape, place);
}

/** @param {CanvasRenderingContext2D} pen @param {Element} shape @param {DOMMatrix} place */
function draw(pen, shape, place) {
  const style = getComputedStyle(shape);
  const path = new Path2D();
  path.addPath(outline(shape), place);
  if (style.fill !== "none") {
    pen.fillStyle = style.fill;
    pen.fill(path);
  }
  if (style.stroke === "none") return;
  pen.strokeStyle = style.stroke;
  pen.lineWidth = parseFloat(style.strokeWidth);
  pen.lineCap = pen.lineJoin = "round";
  pen.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(parseFloat));
  pen.stroke(path);
  pen.setLineDash([]);
}

/** @param {Element} shape */
function outline(shape) {
  const path = new Path2D(shape.getAttribute("d") ?? undefined);
  if (shape instanceof SVGRectElement) {
    path.rect(shape.x.baseVal.value, shape.y.baseVal.value, shape.width.baseVal.value, shape.height.baseVal.value);
  }
  return path;
}
