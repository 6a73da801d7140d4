// @ts-check
/**
 * <tw-time-left until="2026-11-20T12:00:00Z" renew="/…">: how long a task is still held.
 * Says politely when five minutes and one minute are left, and offers more time where it can be had.
 */
const SOON_SECONDS = [60, 300];
const TICK_MS = 1000;

class TimeLeft extends HTMLElement {
  /** @type {number | undefined} */ #timer;
  /** @type {number} */ #told = Infinity;
  #clock = document.createElement("span");
  #voice = document.createElement("span");
  #more = document.createElement("button");

  connectedCallback() {
    this.#clock.ariaHidden = "true";
    this.#voice.className = "only-read";
    this.#voice.role = "status";
    this.#more.type = "button";
    this.#more.className = "button button-quiet";
    this.#more.textContent = this.dataset.more ?? "";
    this.#more.hidden = true;
    this.#more.addEventListener("click", () => this.renew());
    this.replaceChildren(this.#clock, this.#voice, this.#more);
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  get seconds() {
    return Math.round((Date.parse(this.getAttribute("until") ?? "") - Date.now()) / 1000);
  }

  #tick() {
    const left = this.seconds;
    const soon = SOON_SECONDS.find((limit) => left <= limit);
    this.dataset.state = left <= 0 ? "over" : soon ? "soon" : "calm";
    this.#clock.textContent = left <= 0 ? (this.dataset.over ?? "") : `${clock(left)} ${this.dataset.left}`;
    this.#more.hidden = !this.hasAttribute("renew") || left <= 0 || !soon;
    if (left <= 0) this.#say(0, this.dataset.over ?? "");
    else if (soon) this.#say(soon, (this.dataset.soon ?? "").replace("{minutes}", String(soon / 60)));
  }

  /** Each limit is announced once. @param {number} limit @param {string} text */
  #say(limit, text) {
    if (limit >= this.#told) return;
    this.#told = limit;
    this.#voice.textContent = text;
  }

  static observedAttributes = ["until"];

  attributeChangedCallback() {
    if (this.isConnected && this.#timer) this.#tick();
  }

  /** Hold the task for longer, as far as that is possible. */
  async renew() {
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    const headers = { Accept: "application/json", "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "" };
    const answer = await fetch(this.getAttribute("renew") ?? "", { method: "POST", headers }).catch(() => null);
    if (!answer?.ok) return;
    const { until } = await answer.json();
    this.#told = Infinity;
    this.setAttribute("until", until);
  }
}

/** @param {number} seconds */
function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

customElements.define("tw-time-left", TimeLeft);
