// @ts-check
/**
 * <tw-send-pieces> around a form with files: sends each of them in pieces, so that a broken connection goes on where it
 * stopped, and the same file chosen again on another day too. Without it the form is sent as any other.
 */
import { PIECE_BYTES, sendInPieces, tokenIn } from "tagwerk/components/send_pieces/pieces.js";

class SendPieces extends HTMLElement {
  connectedCallback() {
    this.querySelector("form")?.addEventListener("submit", (event) => this.#send(event));
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const input = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=file]"));
    const files = [...(input?.files ?? [])];
    event.preventDefault();
    if (form.ariaBusy === "true" || files.length === 0) return;
    form.ariaBusy = "true";
    let whole = true;
    const lines = files.map((file) => this.#line(file));
    for (const [number, file] of files.entries()) whole = (await this.#file(file, lines[number])) && whole;
    form.ariaBusy = null;
    if (whole) location.reload();
    else form.reset();
  }

  /** @param {File} file */
  #line(file) {
    const [list, line] = [this.querySelector("ul"), document.createElement("li")];
    const [name, state, bar] = ["span", "span", "progress"].map((tag) => document.createElement(tag));
    name.textContent = file.name;
    state.className = "pieces-state";
    /** @type {HTMLProgressElement} */ (bar).max = file.size || 1;
    /** @type {HTMLProgressElement} */ (bar).value = 0;
    bar.ariaLabel = file.name;
    line.append(name, state, bar);
    list?.append(line);
    if (list) list.hidden = false;
    return line;
  }

  /** One file, piece by piece; whether all of it could be used.
   * @param {File} file @param {HTMLElement} line */
  async #file(file, line) {
    const bar = /** @type {HTMLProgressElement} */ (line.querySelector("progress"));
    const reply = await sendInPieces(file, {
      url: this.dataset.url ?? "",
      token: tokenIn(this),
      sent: (bytes) => {
        bar.value = bytes;
        if (bytes + PIECE_BYTES >= file.size) this.#say(line, this.dataset.checking ?? "");
      },
      waits: (waits) => this.#note(waits ? (this.dataset.waiting ?? "") : ""),
    });
    if (typeof reply === "string") {
      this.#refuse(line, reply);
      return false;
    }
    bar.value = file.size;
    if (reply.refused?.length) {
      this.#refuse(line, reply.refused.map(([name, why]) => (name === file.name ? why : `${name}: ${why}`)).join(" "));
      return false;
    }
    this.#say(line, this.dataset.sent ?? "");
    return true;
  }

  /** @param {HTMLElement} line @param {string} text */
  #say(line, text) {
    const state = line.querySelector(".pieces-state");
    if (state) state.textContent = text;
  }

  /** @param {HTMLElement} line @param {string} text */
  #refuse(line, text) {
    this.#say(line, text);
    line.querySelector(".pieces-state")?.classList.add("pieces-refused");
    line.querySelector("progress")?.remove();
  }

  /** @param {string} text */
  #note(text) {
    const note = this.querySelector(".pieces-note");
    if (note && note.textContent !== text) note.textContent = text;
  }
}

customElements.define("tw-send-pieces", SendPieces);
