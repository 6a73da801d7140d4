// @ts-check
/** <tw-copy>: its button puts the text of the code beside it on the clipboard, and says so. */
const SAID_MS = 2000;

class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button?.addEventListener("click", () => this.#copy(button));
  }

  /** @param {HTMLButtonElement} button */
  async #copy(button) {
    const code = this.parentElement?.querySelector("code");
    await navigator.clipboard.writeText(code?.textContent ?? "");
    const before = button.textContent;
    button.textContent = this.dataset.copied ?? "";
    button.role = "status";
    setTimeout(() => {
      button.textContent = before;
      button.removeAttribute("role");
    }, SAID_MS);
  }
}

customElements.define("tw-copy", Copy);
