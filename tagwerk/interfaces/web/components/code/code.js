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
    const words = button.querySelector("span");
    if (!words) return;
    const before = words.textContent;
    words.textContent = this.dataset.copied ?? "";
    words.role = "status";
    setTimeout(() => {
      words.textContent = before;
      words.removeAttribute("role");
    }, SAID_MS);
  }
}

customElements.define("tw-copy", Copy);
