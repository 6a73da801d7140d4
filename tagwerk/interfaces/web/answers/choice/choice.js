// @ts-check
import { AnnotatorElement, h, keyOf, placeOf } from "tagwerk/answers/base.js";

/**
 * <tw-choice>: one option, or any number of them.
 * config: { label, help, options: [{value, label}], many, other }
 * value: "pos" | ["a", "b"]; own words are {other: "…"}
 *
 * Native radio buttons and checkboxes: screen readers, touch and arrow keys come for free.
 *
 * @typedef {string | {other: string}} Picked
 * @extends {AnnotatorElement<Picked | Picked[]>}
 */
export class Choice extends AnnotatorElement {
  /** @type {HTMLInputElement[]} */ #inputs = [];
  /** @type {HTMLInputElement | null} */ #words = null;
  /** @type {HTMLInputElement | null} */ #other = null;

  build() {
    const { options = [], many, other } = this.config;
    const group = `${this.labelId}-group`;
    const type = many ? "checkbox" : "radio";
    this.#inputs = options.map((/** @type {{value: string}} */ option) =>
      this.control({ type, name: group, value: option.value, onchange: () => this.#read() }));
    const labels = options.map((/** @type {{label: string}} */ option, /** @type {number} */ place) =>
      this.#row(this.#inputs[place], place, this.words(option.label)));
    if (other) labels.push(this.#ownWords(type, group, options.length));
    this.body.append(h("div", { className: options.length > MANY ? "choices choices-many" : "choices" }, ...labels));
    this.anchor = this.#inputs[0] ?? null;
  }

  /** @param {HTMLInputElement} input @param {number} place @param {HTMLElement} words */
  #row(input, place, words) {
    const key = keyOf(place);
    if (key) input.setAttribute("aria-keyshortcuts", key);
    return h("label", { className: "choices-row" }, input, words,
      ...(key ? [h("kbd", { ariaHidden: "true" }, key)] : []));
  }

  /** @param {string} type @param {string} group @param {number} place */
  #ownWords(type, group, place) {
    this.#words = this.control({
      type: "text", className: "choices-words", maxLength: LONGEST_OTHER, dir: "auto", ariaLabel: this.say("other_words"),
      oninput: () => this.follow(this.#picked()), onchange: () => this.commit(this.#picked()),
    });
    this.#other = this.control({ type, name: group, value: "", onchange: () => this.#read() });
    this.#inputs.push(this.#other);
    return h("div", { className: "choices-other" }, this.#row(this.#other, place, h("span", {}, this.say("other"))), this.#words);
  }

  #read() {
    if (this.#words) this.#words.hidden = !this.#other?.checked;
    this.commit(this.#picked());
  }

  /** @returns {Picked | Picked[] | null} */
  #picked() {
    const picked = this.#inputs.filter((input) => input.checked).map((input) => this.#meaning(input));
    return this.config.many && picked.length ? picked : (picked[0] ?? null);
  }

  /** @param {HTMLInputElement} input @returns {Picked} */
  #meaning(input) {
    return input === this.#other ? { other: this.#words?.value ?? "" } : input.value;
  }

  /** @param {Picked | Picked[] | null} value */
  show(value) {
    const picked = value === null ? [] : [value].flat();
    const own = picked.find((item) => typeof item === "object");
    for (const input of this.#inputs) {
      input.checked = input === this.#other ? Boolean(own) : picked.includes(input.value);
    }
    if (this.#words) {
      this.#words.hidden = !own;
      const words = typeof own === "object" ? own.other : "";
      if (this.#words.value !== words) this.#words.value = words;
    }
  }

  /** @param {Picked | Picked[] | null} value */
  problem(value) {
    const silent = [value].flat().some((item) => item !== null && typeof item === "object" && !item.other.trim());
    return silent ? this.say("other_missing") : null;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const input = this.#inputs[placeOf(event)];
    if (!input || input.disabled) return false;
    input.checked = this.config.many ? !input.checked : true;
    this.#read();
    if (input === this.#other && input.checked) this.#words?.focus();
    else input.focus({ preventScroll: true });
    return true;
  }
}

const MANY = 8; // from here on in columns where there is room
const LONGEST_OTHER = 500;

customElements.define("tw-choice", Choice);
