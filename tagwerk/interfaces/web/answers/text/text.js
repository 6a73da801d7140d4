// @ts-check
import { AnnotatorElement, h, nextId } from "tagwerk/answers/base.js";

/**
 * <tw-text>: words of the worker's own, with counters and limits.
 * config: { label, help, lines, min_words, max_words, min_chars, max_chars, pattern, lang }
 * value: a string
 *
 * @extends {AnnotatorElement<string>}
 */
export class Text extends AnnotatorElement {
  /** @type {HTMLTextAreaElement | HTMLInputElement} */ #field = h("textarea");
  #counter = h("p", { className: "text-counter", id: nextId("counter") });
  /** @type {RegExp | null} */ #pattern = null;
  /** @type {number | undefined} */ #pause;

  build() {
    const { lines = 3, lang, pattern } = this.config;
    const props = {
      id: nextId("text"), dir: "auto", lang: lang ?? "", spellcheck: true, className: "text-field",
      "aria-labelledby": this.labelId, "aria-describedby": this.#counter.id,
      oninput: () => this.#typed(), onchange: () => this.#stop(),
    };
    this.#field = lines === 1 ? this.control({ type: "text", ...props }) : h("textarea", { ...props, rows: lines });
    this.#field.setAttribute("form", "none");
    this.#pattern = compiled(pattern);
    this.body.append(this.#field, this.#counter);
    this.anchor = this.#field;
  }

  /** The value follows each letter, but a step to undo is a burst of typing. */
  #typed() {
    this.#count();
    this.follow(this.#read());
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#stop(), PAUSE_MS);
  }

  #stop() {
    clearTimeout(this.#pause);
    this.commit(this.#read());
  }

  #read() {
    return this.#field.value === "" ? null : this.#field.value;
  }

  /** @param {string | null} value */
  show(value) {
    if (this.#field.value !== (value ?? "")) this.#field.value = value ?? "";
    this.#count();
  }

  #count() {
    const { min_words, max_words, min_chars, max_chars } = this.config;
    const { words, chars } = measure(this.#field.value);
    const parts = [];
    if (min_words || max_words) parts.push(this.#counted("words", words, min_words, max_words));
    if (min_chars || max_chars) parts.push(this.#counted("chars", chars, min_chars, max_chars));
    this.#counter.textContent = parts.join(" · ");
    this.#counter.hidden = parts.length === 0;
  }

  /** @param {"words" | "chars"} unit @param {number} count @param {number | null} least @param {number | null} most */
  #counted(unit, count, least, most) {
    const form = least && most ? `${unit}_between` : least ? `${unit}_least` : `${unit}_most`;
    return this.say(form, { count, least: least ?? 0, most: most ?? 0 });
  }

  /** @param {string | null} value */
  isEmpty(value) { return value === null || value.trim() === ""; }

  /** @param {string | null} value */
  problem(value) {
    const { min_words, max_words, min_chars, max_chars } = this.config;
    const { words, chars } = measure(value ?? "");
    if (min_words && words < min_words) return this.say("too_few_words", { least: min_words, count: words });
    if (max_words && words > max_words) return this.say("too_many_words", { most: max_words, count: words });
    if (min_chars && chars < min_chars) return this.say("too_few_chars", { least: min_chars, count: chars });
    if (max_chars && chars > max_chars) return this.say("too_many_chars", { most: max_chars, count: chars });
    return this.#pattern && !this.#pattern.test((value ?? "").trim()) ? this.say("no_match") : null;
  }
}

const PAUSE_MS = 400;

/** Words are what white space parts; characters are counted as the server counts them, an emoji as one.
 * @param {string} text */
function measure(text) {
  const trimmed = text.trim();
  return { words: trimmed === "" ? 0 : trimmed.split(/\s+/u).length, chars: [...trimmed].length };
}

/** The pattern where the browser understands it; the server asks in any case. @param {string | null} pattern */
function compiled(pattern) {
  if (!pattern) return null;
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

customElements.define("tw-text", Text);
