// @ts-check
import { AnnotatorElement, h, keyOf, placeOf } from "tagwerk/answers/base.js";

/**
 * <tw-comparison>: which of two is better, and by how much.
 * config: { label, help, steps: [{value, label}] } with the steps as they are shown
 * value: a whole number; negative means that the first of `of` is better, whatever side it was shown on
 *
 * @extends {AnnotatorElement<number>}
 */
export class Comparison extends AnnotatorElement {
  /** @type {HTMLInputElement[]} */ #inputs = [];

  build() {
    /** @type {{value: number, label: string}[]} */ const steps = this.config.steps;
    this.#inputs = steps.map(({ value }, place) => this.control({
      type: "radio", name: `${this.labelId}-group`, value: String(value), onchange: () => this.commit(value),
      "aria-keyshortcuts": keyOf(place),
    }));
    const cells = steps.map(({ label }, place) => h("label", { className: "scale-cell" }, this.#inputs[place],
      h("span", { className: "scale-label" }, label), h("kbd", { ariaHidden: "true" }, keyOf(place))));
    this.body.append(h("div", { className: "scale" }, ...cells));
    this.anchor = this.#inputs[0] ?? null;
  }

  /** @param {number | null} value */
  show(value) {
    for (const input of this.#inputs) input.checked = value !== null && Number(input.value) === value;
  }

  /** Keys count from the side shown first. @param {KeyboardEvent} event */
  key(event) {
    const input = this.#inputs[placeOf(event)];
    if (!input || input.disabled) return false;
    input.checked = true;
    input.focus({ preventScroll: true });
    this.commit(Number(input.value));
    return true;
  }
}

customElements.define("tw-comparison", Comparison);
