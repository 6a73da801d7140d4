// @ts-check
/**
 * <tw-timer data-start="…" data-pause="…" data-seen="…">: the worker's timer of a task that is paid by the hour.
 * The server keeps the time; this counts along, says every while that the page is there, and what is measured is shown
 * with what it pays. A screen reader hears when it starts, pauses, every ten minutes and at the limit; in between it can
 * be read, in whole minutes.
 */
const TICK_MS = 1000;
const ASLEEP_MS = 120_000; // a page that did not tick for so long was away
const STEP_MINUTES = 10;
const SOON_SECONDS = 300;
const RATE_SECONDS = 3_600;
const MICROS = 1e6;

class Timer extends HTMLElement {
  /** @type {number | undefined} */ #clock;
  #running = false;
  #seconds = 0; // when it was last known …
  #since = 0; // … at this moment of this page
  #tickedAt = 0;
  #beatAt = 0;
  #offset = 0; // of the server's clock
  #step = 0;
  #limit = "";

  connectedCallback() {
    const form = this.closest("form");
    this.#part("toggle").addEventListener("click", () => this.toggle());
    this.#take({ seconds: Number(this.dataset.seconds), running: this.dataset.running !== undefined, now: this.dataset.now ?? "", lost: this.dataset.lost !== undefined, said: "", most_seconds: Number(this.dataset.most), most_micros: Number(this.dataset.mostMicros), most: this.dataset.mostText ?? "" });
    this.#step = Math.floor(this.seconds / 60 / STEP_MINUTES);
    this.#clock = setInterval(() => this.#tick(), TICK_MS);
    form?.addEventListener("formdata", (event) => {
      if (!this.#running) return;
      event.formData.set("_timer_until", this.#until());
    });
    addEventListener("pagehide", () => { if (this.#running) this.#send(this.dataset.seen ?? "", true, this.#until()); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.#beat(); });
    addEventListener("online", () => this.#beat());
    if (this.dataset.fresh !== undefined) this.#ask(this.dataset.start ?? "", this.dataset.wordsRuns);
    else if (this.#running) this.#beat();
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
  }

  /** All its time up to now. */
  get seconds() {
    return Math.floor(this.#seconds + (this.#running ? (Date.now() - this.#since) / 1000 : 0));
  }

  /** Pause it, or go on. */
  toggle() {
    if (this.#running) {
      this.#stop(Date.now());
      this.#ask(this.dataset.pause ?? "", this.dataset.wordsPaused, new Date(Date.now() + this.#offset).toISOString());
    } else this.#ask(this.dataset.start ?? "", this.dataset.wordsGoesOn);
  }

  #tick() {
    const now = Date.now();
    // The computer slept: what passed meanwhile is not this timer's.
    if (this.#running && now - this.#tickedAt > ASLEEP_MS) {
      const until = this.#until();
      this.#stop(this.#tickedAt);
      this.#ask(this.dataset.seen ?? "", undefined, until);
    }
    this.#tickedAt = now;
    this.#show();
    if (this.#running && now - this.#beatAt > Number(this.dataset.beat) * 1000) this.#beat();
  }

  /** Say that the page is there and, while its timer counts, until when: after a lost connection it goes on there. */
  #beat() {
    this.#ask(this.dataset.seen ?? "", undefined, this.#running ? this.#until() : undefined);
  }

  /** The last moment at which this page was awake, on the server's clock. */
  #until() {
    return new Date(Math.min(Date.now(), this.#tickedAt) + this.#offset).toISOString();
  }

  /** @param {number} at */
  #stop(at) {
    this.#seconds += Math.max(0, (at - this.#since) / 1000);
    this.#running = false;
  }

  /**
   * What the server says counts.
   * @param {{seconds: number, running: boolean, now: string, lost: boolean, said: string, most_seconds: number, most_micros: number, most: string}} told
   */
  #take(told) {
    const here = Date.now();
    const agreed = told.most_seconds > Number(this.dataset.most);
    Object.assign(this.dataset, { most: String(told.most_seconds), mostMicros: String(told.most_micros), mostText: told.most });
    if (told.now) this.#offset = Date.parse(told.now) - here;
    this.#seconds = told.seconds;
    this.#since = this.#tickedAt = this.#beatAt = here;
    const ended = this.#running && !told.running;
    this.#running = told.running;
    if (told.said) this.#say(told.said);
    else if (told.lost && !told.running) this.#say(this.dataset.wordsLost ?? "");
    else if (told.running && this.#part("said").textContent === this.dataset.wordsOffline) this.#say(this.dataset.wordsGoesOn ?? "");
    else if (ended) this.#say(this.dataset.wordsPaused ?? "");
    this.#show();
    if (agreed) this.#say(this.#filled("wordsAgreed"));
  }

  #show() {
    const seconds = this.seconds;
    const most = Number(this.dataset.most);
    const left = most - seconds;
    this.dataset.state = left <= 0 ? "over" : left <= SOON_SECONDS && this.#running ? "soon" : this.#running ? "runs" : "paused";
    this.toggleAttribute("data-running", this.#running);
    this.#part("clock").textContent = clock(seconds);
    this.#part("amount").textContent = this.#amount(seconds);
    this.#part("label-pause").hidden = !this.#running;
    this.#part("label-start").hidden = this.#running;
    this.#write("state-words", this.#filled(this.#running ? "wordsStateRuns" : "wordsStatePaused"));
    if (!this.#running) return;
    const limit = left <= 0 ? "over" : left <= SOON_SECONDS && most > 2 * SOON_SECONDS ? "soon" : "";
    const step = Math.floor(seconds / 60 / STEP_MINUTES);
    if (limit !== this.#limit) {
      this.#limit = limit;
      this.#say(limit === "over" ? this.#filled("wordsOver") : limit === "soon" ? (this.dataset.wordsSoon ?? "") : "");
    } else if (step > this.#step) {
      this.#write("voice", this.#filled("wordsStep"));
    }
    this.#step = step;
  }

  /** What so much time pays without asking. @param {number} seconds */
  #amount(seconds) {
    const paid = Math.min(seconds, Number(this.dataset.most));
    const micros = Math.min(Number(this.dataset.mostMicros), (Number(this.dataset.rate) * paid) / RATE_SECONDS);
    const format = new Intl.NumberFormat(this.lang || undefined, { style: "currency", currency: this.dataset.currency });
    return format.format(micros / MICROS);
  }

  /** Its words with the time in whole minutes, what it pays, and the limit. @param {string} words */
  #filled(words) {
    const minutes = Math.floor(this.seconds / 60);
    const time = new Intl.NumberFormat(this.lang || undefined, { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
    return (this.dataset[words] ?? "").replace("{time}", time).replace("{amount}", this.#amount(minutes * 60)).replace("{most}", this.dataset.mostText ?? "");
  }

  /** To see and to hear. @param {string} text */
  #say(text) {
    this.#part("said").hidden = !text;
    this.#write("said", text);
    this.#write("voice", text);
  }

  /** Only what is new: the same again would be read out again. @param {string} name @param {string} text */
  #write(name, text) {
    const part = this.#part(name);
    if (part.textContent !== text) part.textContent = text;
  }

  /** @param {string} url @param {string} [words] what to say when it is done @param {string} [at] */
  async #ask(url, words, at) {
    this.#beatAt = Date.now();
    try {
      const answer = await this.#send(url, false, at);
      if (answer.ok && !answer.redirected) {
        const told = await answer.json();
        this.#take(told);
        if (words && !told.said && !told.lost) this.#say(words);
      } else if (answer.status === 404 || answer.status === 409) {
        if (this.#running) this.#stop(Date.now());
        const { message } = await answer.json();
        this.#say(message ?? "");
      }
    } catch {
      if (this.#running) this.#say(this.dataset.wordsOffline ?? "");
    }
  }

  /** @param {string} url @param {boolean} keepalive @param {string} [at] */
  #send(url, keepalive, at) {
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    const headers = { Accept: "application/json", "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "" };
    return fetch(url, { method: "POST", headers, keepalive, body: new URLSearchParams(at ? { at } : {}) });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-${name}]`));
  }
}

/** @param {number} seconds */
function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

customElements.define("tw-timer", Timer);

export {};
