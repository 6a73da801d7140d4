// @ts-check
/**
 * <tw-palette>: Ctrl+K (or the button in the head) opens it; words find pages, projects, tasks and people; arrows
 * choose, Enter goes there. The focus stays in the field, as a combobox has it. Without it the button leads to a page.
 */
const REST_MS = 120;

class Palette extends HTMLElement {
  /** @type {number | undefined} */ #timer;
  /** @type {XMLHttpRequest | undefined} */ #asked;

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  get #field() {
    return /** @type {HTMLInputElement} */ (this.querySelector(".palette-field"));
  }

  get #list() {
    return /** @type {HTMLElement} */ (this.querySelector(".palette-hits"));
  }

  get #options() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.#list.querySelectorAll("[role=option]")]);
  }

  get #chosen() {
    return this.#options.find((option) => option.ariaSelected === "true");
  }

  connectedCallback() {
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) this.#open(event);
    });
    for (const way of document.querySelectorAll("[data-palette]")) {
      way.addEventListener("click", (event) => this.#open(event));
    }
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), REST_MS);
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.querySelector("form")?.addEventListener("submit", (event) => {
      if (!this.#chosen) return;
      event.preventDefault();
      this.#chosen.click();
    });
    this.#list.addEventListener("pointermove", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.#choose(option);
    });
  }

  /** @param {Event} event */
  #open(event) {
    event.preventDefault();
    if (this.#dialog.open) return void this.#dialog.close();
    this.#dialog.showModal();
    this.#field.select();
    this.#ask();
  }

  /** The list comes as a document of its own, which no content policy mistakes for text that became markup. */
  #ask() {
    this.#asked?.abort();
    const request = (this.#asked = new XMLHttpRequest());
    request.open("GET", `${this.dataset.url}?q=${encodeURIComponent(this.#field.value)}`);
    request.setRequestHeader("X-Palette", "1");
    request.responseType = "document";
    request.addEventListener("load", () => {
      const found = request.responseXML?.querySelector("[data-words]");
      if (request.status !== 200 || !(found instanceof HTMLElement)) return;
      this.#list.replaceChildren(document.adoptNode(found));
      this.#list.scrollTop = 0;
      this.#choose(this.#options[0]);
      const words = this.querySelector(".palette-words");
      if (words) words.textContent = found.dataset.words ?? "";
    });
    request.send();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const options = this.#options;
    const here = this.#chosen ? options.indexOf(this.#chosen) : -1;
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1 + options.length, PageDown: options.length - 1, PageUp: 0 };
    const there = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (there === undefined || event.isComposing || !options.length) return;
    event.preventDefault();
    this.#choose(options[there % options.length]);
    this.#chosen?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Element | undefined} wanted */
  #choose(wanted) {
    for (const option of this.#options) option.ariaSelected = String(option === wanted);
    this.#field.ariaExpanded = String(Boolean(wanted));
    if (wanted) this.#field.setAttribute("aria-activedescendant", wanted.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }
}

customElements.define("tw-palette", Palette);
