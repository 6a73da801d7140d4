// @ts-check
import { AnnotatorElement, h, keyOf, plainKeys } from "tagwerk/answers/base.js";

/**
 * <tw-rating>: a number on a scale, as a row of buttons, a slider or a number field.
 * config: { label, help, as: "likert" | "slider" | "number", points: [{value, label}] | min, max, step, labels }
 * value: a number
 *
 * @typedef {{value: number, label: string}} Point
 * @extends {AnnotatorElement<number>}
 */
export class Rating extends AnnotatorElement {
  /** @type {HTMLInputElement[]} */ #points = [];
  /** @type {HTMLInputElement | null} */ #field = null;
  /** @type {HTMLOutputElement | null} */ #shown = null;
  /** @type {string[]} */ #keys = [];

  build() {
    if (this.config.as === "likert") this.#buildPoints();
    else if (this.config.as === "slider") this.#buildSlider();
    else this.#buildNumber();
    this.anchor = this.#field ?? this.#points[0] ?? null;
  }

  #buildPoints() {
    /** @type {Point[]} */ const points = this.config.points;
    this.#keys = keysFor(points.map((point) => point.value));
    this.#points = points.map(({ value }, place) => this.control({
      type: "radio", name: `${this.labelId}-group`, value: String(value), onchange: () => this.commit(value),
      "aria-keyshortcuts": this.#keys[place],
    }));
    const between = points.slice(1, -1).some((point) => point.label);
    this.body.append(between ? this.#spelledOut(points) : this.#compact(points));
  }

  /** Every point with its words. @param {Point[]} points */
  #spelledOut(points) {
    const cells = points.map(({ value, label }, place) => h("label", { className: "scale-cell" }, this.#points[place],
      h("span", { className: "scale-value" }, String(value)), h("span", { className: "scale-label" }, this.words(label)),
      ...(this.#keys[place] ? [h("kbd", { ariaHidden: "true" }, this.#keys[place])] : [])));
    return h("div", { className: "scale" }, ...cells);
  }

  /** A row of numbers, with words at its ends at most. @param {Point[]} points */
  #compact(points) {
    const first = points[0], last = points[points.length - 1];
    const cells = points.map(({ value, label }, place) => {
      if (label) this.#points[place].setAttribute("aria-label", `${value}, ${label}`);
      const key = this.#keys[place];
      return h("label", { className: "point" }, this.#points[place], h("span", {}, String(value)),
        ...(key && key !== String(value) ? [h("kbd", { ariaHidden: "true" }, key)] : []));
    });
    const ends = h("div", { className: "slider-ends", ariaHidden: "true" },
      end(first.value, first.label), end(last.value, last.label));
    ends.hidden = !first.label && !last.label;
    return h("div", { className: "points" }, h("div", { className: "points-row" }, ...cells), ends);
  }

  #buildSlider() {
    const { min, max, step, labels } = this.config;
    this.#shown = h("output", { className: "slider-value" });
    this.#field = this.control({
      type: "range", min, max, step, className: "slider", "aria-labelledby": this.labelId,
      oninput: () => this.follow(Number(this.#field?.value)), onchange: () => this.commit(Number(this.#field?.value)),
      // A click on the spot where the thumb already stands changes nothing, but is an answer.
      onclick: () => this.commit(Number(this.#field?.value)),
    });
    const ends = h("div", { className: "slider-ends" }, end(min, labels[0]), end(max, labels[1]));
    this.body.append(h("div", { className: "slider-row" }, this.#field, this.#shown), ends);
  }

  #buildNumber() {
    const { min, max, step } = this.config;
    this.#field = this.control({
      type: "number", min, max, step, inputMode: step % 1 === 0 ? "numeric" : "decimal", className: "number-field",
      "aria-labelledby": this.labelId, oninput: () => this.follow(this.#typed()), onchange: () => this.commit(this.#typed()),
    });
    this.body.append(h("div", { className: "number-row" }, this.#field,
      h("span", { className: "quiet" }, this.say("range", { low: min, high: max }))));
  }

  #typed() {
    return this.#field?.value === "" ? null : Number(this.#field?.value);
  }

  /** @param {number | null} value */
  show(value) {
    for (const point of this.#points) point.checked = value !== null && Number(point.value) === value;
    if (!this.#field) return;
    if (this.config.as === "slider") this.#showSlider(value);
    else if (this.#typed() !== value) this.#field.value = value === null ? "" : String(value);
  }

  /** A slider that nobody has moved says so: its middle is no answer. @param {number | null} value */
  #showSlider(value) {
    if (!this.#field || !this.#shown) return;
    this.#field.value = String(value ?? (this.config.min + this.config.max) / 2);
    this.#field.toggleAttribute("data-unset", value === null);
    this.#shown.textContent = value === null ? this.say("unset") : String(value);
    this.#field.setAttribute("aria-valuetext", this.#shown.textContent);
  }

  /** @param {number | null} value */
  follow(value) {
    super.follow(value);
    if (this.config.as === "slider") this.#showSlider(value);
  }

  /** @param {number | null} value */
  commit(value) {
    super.commit(value);
    if (this.config.as === "slider") this.#showSlider(value);
  }

  /** @param {number | null} value */
  problem(value) {
    const { min, max, step } = this.config;
    if (this.config.as === "likert" || value === null) return null;
    const steps = (value - min) / step;
    const fits = value >= min && value <= max && Math.abs(steps - Math.round(steps)) < NEARLY;
    return fits ? null : this.say("off_scale", { low: min, high: max, step });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const point = this.#points[this.#keys.indexOf(event.key.toLowerCase())];
    if (!point || point.disabled) return false;
    point.checked = true;
    point.focus({ preventScroll: true });
    this.commit(Number(point.value));
    return true;
  }
}

const NEARLY = 1e-9; // 0.1 + 0.2

/** Each value's own digit where all have one (1 to 10: the 0 is the ten), else their places. @param {number[]} values */
function keysFor(values) {
  const own = plainKeys && values.every((value) => Number.isInteger(value) && value >= 0 && value <= 9);
  return values.map((value, place) => (own ? String(value) : keyOf(place)));
}

/** @param {number} value @param {string} label */
function end(value, label) {
  return h("span", { dir: "auto" }, label ? `${value} · ${label}` : String(value));
}

customElements.define("tw-rating", Rating);
