// @ts-check
/**
 * <tw-send-pieces> around a form with files: sends each of them in pieces, so that a broken connection goes on where it
 * stopped, and the same file chosen again on another day too. Without it the form is sent as any other.
 */
const PIECE_BYTES = 4_000_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** @typedef {{received: number, stored?: number, refused?: [string, string][]}} Reply */

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
    let reply = await this.#post(file, null, line);
    while (reply && reply.received < file.size) {
      bar.value = reply.received;
      const end = Math.min(file.size, reply.received + PIECE_BYTES);
      if (end === file.size) this.#say(line, this.dataset.checking ?? "");
      reply = await this.#post(file, reply.received, line);
    }
    if (!reply) return false;
    bar.value = file.size;
    if (reply.refused?.length) {
      this.#refuse(line, reply.refused.map(([name, why]) => (name === file.name ? why : `${name}: ${why}`)).join(" "));
      return false;
    }
    this.#say(line, this.dataset.sent ?? "");
    return true;
  }

  /** A piece, again and again until it is there; null where it is refused.
   * @param {File} file @param {number | null} offset @param {HTMLElement} line @returns {Promise<Reply | null>} */
  async #post(file, offset, line) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      try {
        const answer = await fetch(this.dataset.url ?? "", { method: "POST", body: this.#body(file, offset), headers: { Accept: "application/json" } });
        if (answer.status < 500 && answer.status !== 429) {
          this.#note("");
          const reply = await answer.json();
          if (answer.ok) return reply;
          if (reply.code === "piece_elsewhere") return await this.#post(file, null, line);
          this.#refuse(line, reply.message);
          return null;
        }
      } catch {
        // The connection broke: what is there stays there.
      }
      this.#note(this.dataset.waiting ?? "");
      await pause(wait);
    }
  }

  /** @param {File} file @param {number | null} offset */
  #body(file, offset) {
    const body = new FormData();
    const token = this.querySelector("[name=csrfmiddlewaretoken]");
    body.set("csrfmiddlewaretoken", token instanceof HTMLInputElement ? token.value : "");
    body.set("name", file.name);
    body.set("size", String(file.size));
    body.set("changed", String(file.lastModified));
    if (offset !== null) {
      body.set("offset", String(offset));
      body.set("piece", file.slice(offset, offset + PIECE_BYTES), "piece");
    }
    return body;
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

/** Some time, or less where the network comes back before. @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    addEventListener("online", () => { clearTimeout(timer); resolve(null); }, { once: true });
  });
}

customElements.define("tw-send-pieces", SendPieces);
