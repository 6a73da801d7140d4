// @ts-check
/**
 * <tw-plot>: a plot drawn by the server, with its table. Its figures can be saved as CSV, its picture as PNG; a time
 * series comes alive (uPlot) when somebody points at it, so that no page waits for that.
 */
class Plot extends HTMLElement {
  connectedCallback() {
    const ways = this.querySelector(".plot-ways");
    if (ways instanceof HTMLElement) ways.hidden = false;
    this.querySelector('[data-save="csv"]')?.addEventListener("click", () => save(this, "csv", csv(this)));
    this.querySelector('[data-save="png"]')?.addEventListener("click", async () => {
      const { picture } = await import("tagwerk/components/plot/picture.js");
      save(this, "png", await picture(this));
    });
    if (this.querySelector("[data-live]")) {
      this.querySelector(".plot-area")?.addEventListener("pointerenter", () => this.#live(), { once: true });
    }
  }

  async #live() {
    const { live } = await import("tagwerk/components/plot/live.js");
    live(this);
  }
}

/** The figures of the table, one line each: numbers and times as programs read them.
 * @param {Element} plot */
function csv(plot) {
  const lines = [...plot.querySelectorAll("table tr")].map((row) => [...row.querySelectorAll("th, td")].map(value).join(","));
  return new Blob([`\uFEFF${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
}

/** @param {Element} cell */
function value(cell) {
  const data = cell.querySelector("data");
  if (data) return data.value;
  const text = cell.textContent.trim();
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text; // no table program takes a name for a formula
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {HTMLElement} plot @param {string} suffix @param {Blob} blob */
function save(plot, suffix, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${plot.dataset.name || "plot"}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

customElements.define("tw-plot", Plot);
