// @ts-check
/**
 * <tw-upload> around a form with a file: says how much has been sent, then that the server is at work. With an address
 * for pieces a large file goes there first, so that a broken connection goes on where it stopped; the form follows with
 * what the file is known by. Without this the form is sent as any other.
 */
import { PIECE_BYTES, marksOf, sendInPieces, tokenIn } from "tagwerk/components/send_pieces/pieces.js";

class Upload extends HTMLElement {
  connectedCallback() {
    this.querySelector("form")?.addEventListener("submit", (event) => this.#send(event));
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.ariaBusy === "true") return event.preventDefault();
    const body = new FormData(form, event.submitter);
    const found = [...body].find(([, value]) => value instanceof File && value.size > 0);
    if (!found) return;
    event.preventDefault();
    form.ariaBusy = "true";
    const [name, file] = /** @type {[string, File]} */ (found);
    if (this.dataset.pieces && file.size > PIECE_BYTES) {
      const refused = await this.#pieces(this.dataset.pieces, file);
      if (refused) return this.#stop(form, refused);
      body.delete(name);
      for (const [key, value] of Object.entries(marksOf(file))) body.set(`arrived_${key}`, value);
    }
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => this.#share(body.has(name) ? sent.loaded / sent.total : 1));
    request.addEventListener("load", () => this.#arrived(form, request));
    request.addEventListener("error", () => this.#stop(form, this.dataset.broken ?? ""));
    request.open("POST", form.action);
    request.responseType = "document";
    request.send(body);
    this.#share(body.has(name) ? 0 : 1);
  }

  /** The file alone; the form then says which one it was. Why it is refused; "": it is there.
   * @param {string} url @param {File} file */
  async #pieces(url, file) {
    const reply = await sendInPieces(file, {
      url,
      token: tokenIn(this),
      sent: (bytes) => this.#share(bytes / file.size),
      waits: (waits) => waits && this.#words(this.dataset.waiting ?? ""),
    });
    return typeof reply === "string" ? reply : "";
  }

  /** @param {number} share */
  #share(share) {
    this.#words((share < 1 ? this.dataset.sending : this.dataset.reading) ?? "");
    const bar = this.querySelector(".upload-state progress");
    if (!(bar instanceof HTMLProgressElement)) return;
    bar.hidden = false;
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value");
  }

  /** @param {string} text */
  #words(text) {
    const state = this.querySelector(".upload-state");
    const words = state?.querySelector("span");
    if (!(state instanceof HTMLElement) || !words) return;
    state.hidden = false;
    if (words.textContent !== text) words.textContent = text;
  }

  /** Nothing is under way any more. @param {HTMLFormElement} form @param {string} text */
  #stop(form, text) {
    form.ariaBusy = null;
    this.#words(text);
    const bar = this.querySelector(".upload-state progress");
    if (bar instanceof HTMLElement) bar.hidden = true;
  }

  /** Done: on to where the server sends us. Refused: its page, with the reason, takes the place of this one.
   * @param {HTMLFormElement} form @param {XMLHttpRequest} request */
  #arrived(form, request) {
    if (request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    const main = request.responseXML?.querySelector("main");
    if (!main) return this.#again(form);
    document.querySelector("main")?.replaceWith(document.adoptNode(main));
    const problem = document.querySelector("main [role=alert]");
    if (problem instanceof HTMLElement) problem.focus();
  }

  /** What cannot be told apart is left to the browser: it sends the form itself and shows what comes.
   * @param {HTMLFormElement} form */
  #again(form) {
    form.ariaBusy = null;
    form.submit();
  }
}

customElements.define("tw-upload", Upload);
