// @ts-check
/**
 * The base of every answer element: a form-associated custom element in an ordinary form.
 *
 * - configuration: a child <script type="application/json"> (inert data, which needs no nonce)
 * - value: plain JSON, read and written as `.value`, posted as JSON text under `name`; nothing answered posts nothing
 * - events: `input` and `change` after each step of the person, both bubble
 * - validity: `required`, then `problem(value)`; shown in words beneath the question
 * - undo and redo: snapshots, for every kind alike
 * - restoring: by the browser after a crash, by drafts.js after a reload
 *
 * @template V
 */
export class AnnotatorElement extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["readonly", "required"];

  /** @type {ElementInternals} */ internals;
  /** @type {any} */ config = { messages: {} };
  /** Where the keyboard goes when the question is entered. @type {HTMLElement | null} */ anchor = null;
  /** The frame of the question; controls go into it. */ body = h("div", { className: "answer-body" });

  /** @type {V | null} */ #value = null;
  #step = "null"; // the value after the last step, as JSON
  /** @type {string[]} */ #past = [];
  /** @type {string[]} */ #future = [];
  #frame = h("fieldset", { className: "answer" });
  #error = h("p", { className: "answer-error", id: nextId("error"), hidden: true });
  #built = false;
  #disabled = false;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.addEventListener("invalid", (event) => this.#refuse(event));
  }

  // What a form and a script see of an input, this element has too.
  get form() { return this.internals.form; }
  get name() { return this.getAttribute("name") ?? ""; }
  get type() { return this.localName; }
  get required() { return this.hasAttribute("required"); }
  get readOnly() { return this.hasAttribute("readonly"); }
  get disabled() { return this.#disabled; }
  set disabled(off) { this.toggleAttribute("disabled", off); }
  get validity() { return this.internals.validity; }
  get validationMessage() { return this.internals.validationMessage; }
  get willValidate() { return this.internals.willValidate; }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  checkValidity() { return this.internals.checkValidity(); }
  reportValidity() { return this.internals.reportValidity(); }

  /** @returns {V | null} */
  get value() { return this.#value; }
  /** @param {V | null} value */
  set value(value) {
    this.#keep(value);
    this.#step = JSON.stringify(value);
    if (this.#built) this.show(value);
  }

  /** A step of the person; each can be undone. @param {V | null} value */
  commit(value) {
    const after = JSON.stringify(value);
    if (this.#step === after) return;
    this.#past.push(this.#step);
    if (this.#past.length > LONGEST_PAST) this.#past.shift();
    this.#future.length = 0;
    this.#step = after;
    this.#keep(value);
    this.#tell("input", "change");
  }

  /** The value in the middle of a step, as letters are typed or a thumb is moved. @param {V | null} value */
  follow(value) {
    this.#keep(value);
    this.#tell("input");
  }

  undo() {
    this.commit(this.#value);
    this.#travel(this.#past, this.#future);
  }

  redo() { this.#travel(this.#future, this.#past); }

  /** @param {string[]} from @param {string[]} to */
  #travel(from, to) {
    const snapshot = from.pop();
    if (snapshot === undefined) return;
    to.push(this.#step);
    this.value = JSON.parse(snapshot);
    this.#tell("input", "change");
  }

  /** @param {...("input" | "change")} events */
  #tell(...events) {
    for (const event of events) this.dispatchEvent(new Event(event, { bubbles: true }));
  }

  /** @param {V | null} value */
  #keep(value) {
    this.#value = value;
    const text = value === null ? null : JSON.stringify(value);
    this.internals.setFormValue(text, text);
    this.#judge();
  }

  #judge() {
    if (!this.#built) return;
    const missing = this.required && this.isEmpty(this.#value);
    const problem = missing ? this.say("required") : this.isEmpty(this.#value) ? null : this.problem(this.#value);
    this.internals.setValidity(
      missing ? { valueMissing: true } : problem ? { customError: true } : {}, problem ?? "", this.anchor ?? undefined);
    if (!problem) this.#showError("");
    else if (!this.#error.hidden) this.#showError(problem);
  }

  /** Say beneath the question what is wrong with its answer. @param {string} text */
  refuse(text) {
    this.#showError(text);
  }

  /** The form asked, and the answer is not one yet: say so beneath the question instead of in a passing bubble.
   * @param {Event} event */
  #refuse(event) {
    event.preventDefault();
    this.#showError(this.validationMessage);
  }

  /** @param {string} text */
  #showError(text) {
    this.#error.textContent = text;
    this.#error.hidden = !text;
    this.toggleAttribute("data-wrong", Boolean(text));
  }

  // Life.

  connectedCallback() {
    if (this.#built) return;
    const data = this.querySelector(':scope > script[type="application/json"]');
    if (data) this.config = JSON.parse(data.textContent || "{}");
    this.config.messages ??= {};
    this.#frameQuestion();
    this.build();
    this.#built = true;
    this.#allow();
    this.value = this.#value ?? this.config.value ?? null;
    this.#judge();
    this.toggleAttribute("data-ready", true);
  }

  #frameQuestion() {
    const legend = h("legend", { id: nextId("legend") }, this.words(this.config.label || this.name));
    if (!this.required && this.config.messages.optional) {
      legend.append(" ", h("span", { className: "answer-optional" }, this.say("optional")));
    }
    this.labelId = legend.id;
    this.#frame.append(legend);
    if (this.config.help) {
      this.#frame.append(h("details", { className: "answer-help" },
        h("summary", {}, this.say("help")), h("p", {}, this.words(this.config.help))));
    }
    this.#frame.setAttribute("aria-describedby", this.#error.id);
    this.#error.setAttribute("role", "alert");
    this.#frame.append(this.body, this.#error);
    this.append(this.#frame);
  }

  #allow() {
    this.body.inert = this.#disabled;
    for (const input of this.body.querySelectorAll("input, textarea, button")) {
      if (input instanceof HTMLTextAreaElement || (input instanceof HTMLInputElement && !CHECKED.has(input.type))) {
        input.readOnly = this.readOnly;
      }
      /** @type {HTMLInputElement} */ (input).disabled =
        this.#disabled || (this.readOnly && !(input instanceof HTMLTextAreaElement));
    }
  }

  attributeChangedCallback() {
    if (!this.#built) return;
    this.#allow();
    this.#judge();
  }

  /** The browser found this element disabled, by its own attribute or a fieldset's. @param {boolean} off */
  formDisabledCallback(off) {
    this.#disabled = off;
    if (this.#built) this.#allow();
  }

  formResetCallback() {
    this.#past.length = this.#future.length = 0;
    this.value = this.config.value ?? null;
    this.#showError("");
  }

  /** @param {string | File | FormData | null} state */
  formStateRestoreCallback(state) {
    if (typeof state === "string") this.value = JSON.parse(state);
  }

  focus() { this.anchor?.focus(); }

  // What a kind says about itself.

  /** Make the controls, in `this.body`. */
  build() {}
  /** Show a value in the controls. @param {V | null} _value */
  show(_value) {}
  /** @param {V | null} value */
  isEmpty(value) { return value === null || value === "" || (Array.isArray(value) && value.length === 0); }
  /** What is wrong with a value, in words. @param {V | null} _value @returns {string | null} */
  problem(_value) { return null; }
  /** A key pressed anywhere on the page while this question is the active one; true: it was meant for it.
   * @param {KeyboardEvent} _event @returns {boolean} */
  key(_event) { return false; }

  /** A message that the server translated, with its places filled.
   * @param {string} code @param {Record<string, string | number>} [values] */
  say(code, values = {}) {
    const text = String(this.config.messages[code] ?? code);
    return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }

  /** Words of the requester: in the language of the design, whatever that of the page is. @param {string} text */
  words(text) {
    return h("span", { lang: this.config.lang ?? "", dir: "auto" }, text);
  }

  /** A control inside: it belongs to no form, so that only the element's own value is posted.
   * @param {Record<string, any>} props */
  control(props) {
    const input = h("input", props);
    input.setAttribute("form", "none");
    return input;
  }
}

const LONGEST_PAST = 200;
const CHECKED = new Set(["radio", "checkbox", "range"]);

/** The headers of a request that a script sends and whose answer it reads. */
export function asProgram() {
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
  return { Accept: "application/json", "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "" };
}

let ids = 0;
/** An id that no other element of the page has. @param {string} word */
export function nextId(word) {
  ids += 1;
  return `tw-${word}-${ids}`;
}

/** An element with properties and children. Text stays text: it can never become markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [props] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]} */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list" && name !== "form") /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** The keys of the options: the first key for the first option. Whoever likes others has them on the page's root. */
const OPTION_KEYS = document.documentElement.dataset.optionKeys || "1234567890";

/** The place of an option chosen by its key; -1 where the key means none.
 * @param {KeyboardEvent} event */
export function placeOf(event) {
  return event.key.length === 1 ? OPTION_KEYS.indexOf(event.key.toLowerCase()) : -1;
}

/** The key that chooses the option at a place, "" where there is none. @param {number} place */
export function keyOf(place) {
  return OPTION_KEYS[place] ?? "";
}

/** Whether options have the keys 1 to 9 and 0, as on a fresh page. */
export const plainKeys = OPTION_KEYS === "1234567890";
