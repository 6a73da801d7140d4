// @ts-check
/**
 * Unfinished work is never lost: kept in this browser at once, on the server after a pause, and dropped only when the
 * server has the answer. A draft knows on which one of the server's it stands; another window's is never overwritten
 * without a word.
 */
import { AnnotatorElement, asProgram } from "tagwerk/answers/base.js";

const PREFIX = "tagwerk.draft.";
const LOCAL_MS = 150;
const SERVER_MS = 3000;
const LONGEST_MS = 15_000; // however long somebody types without a pause: it also holds the task
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

/** `seen`: when the server's draft was kept on which this one stands.
 * @typedef {{at: number, seen: string, answers: Record<string, unknown>}} Draft */

/** The questions of a form by their names. @param {HTMLFormElement} form */
export function questionsOf(form) {
  const found = [...form.elements].filter((element) => element instanceof AnnotatorElement);
  return /** @type {AnnotatorElement<any>[]} */ (found);
}

/** What the form holds now, by question. @param {HTMLFormElement} form @returns {Record<string, unknown>} */
export function answersOf(form) {
  const pairs = questionsOf(form).map((question) => [question.dataset.question ?? question.name, question.value]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}

/** Keep what is answered in this form. @param {HTMLFormElement} form */
export function keepDrafts(form) {
  const keeper = new DraftKeeper(form);
  keeper.restore();
  form.addEventListener("input", (event) => { if (event.target instanceof AnnotatorElement) keeper.touched(); });
  addEventListener("pagehide", () => keeper.leave());
  addEventListener("storage", (event) => { if (event.key === keeper.key && event.newValue) keeper.conflict(); });
  return keeper;
}

class DraftKeeper {
  /** @type {number | undefined} */ #soon;
  /** @type {number | undefined} */ #later;
  #unsaved = false;
  #unsent = false;
  #since = 0; // when something began to be unsent
  /** @type {Promise<void> | undefined} */ #sending;
  #stopped = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.task;
    this.seen = form.dataset.draftSeen ?? "";
    this.shown = form.querySelector("[data-saved]");
  }

  /** This browser's draft goes before the server's, which came with the page, unless that was changed elsewhere. */
  restore() {
    const draft = read(this.key);
    if (!draft || JSON.stringify(draft.answers) === JSON.stringify(answersOf(this.form))) return;
    const fill = () => {
      for (const question of questionsOf(this.form)) question.value = draft.answers[question.dataset.question ?? question.name] ?? null;
    };
    if (!this.seen || draft.seen >= this.seen) fill();
    else this.conflict(fill);
  }

  touched() {
    if (this.#stopped) return;
    if (!this.#unsent) this.#since = Date.now();
    this.#unsaved = this.#unsent = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#later);
    this.#soon = setTimeout(() => this.#keepHere(), LOCAL_MS);
    this.#later = setTimeout(() => this.#send(), Math.min(SERVER_MS, Math.max(0, this.#since + LONGEST_MS - Date.now())));
  }

  leave() {
    if (this.#unsaved) this.#keepHere();
    if (this.#unsent) this.#send();
  }

  /** Send what is not sent yet; whether the page may go: not while two windows differ. */
  async flush() {
    if (this.#unsaved) this.#keepHere();
    await (this.#unsent && !this.#stopped ? this.#send() : this.#sending);
    return !this.#stopped;
  }

  /** The form is on its way: the answer itself follows, no draft. */
  submitting() {
    if (this.#unsaved) this.#keepHere();
    clearTimeout(this.#later);
    this.#unsent = false;
  }

  /** Two windows, or two devices, have this task: nothing is kept until somebody said which one counts.
   * @param {() => void} [fill] puts what this browser kept into the form */
  conflict(fill) {
    const note = document.querySelector("[data-conflict]");
    if (!(note instanceof HTMLElement) || this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#later);
    note.hidden = false;
    const choose = (/** @type {Event} */ event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button) return;
      note.removeEventListener("click", choose);
      note.hidden = true;
      this.#stopped = this.#unsaved = this.#unsent = false;
      if (button.dataset.keep === "other") {
        localStorage.removeItem(this.key);
        location.reload();
        return;
      }
      fill?.();
      this.seen = "";
      this.touched();
    };
    note.addEventListener("click", choose);
  }

  #keepHere() {
    clearTimeout(this.#soon);
    this.#unsaved = false;
    const draft = { at: Date.now(), seen: this.seen, answers: answersOf(this.form) };
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      return; // The store is full or forbidden: the server's draft remains.
    }
    this.#show("saved-here");
  }

  #send() {
    clearTimeout(this.#later);
    const url = this.form.dataset.draftUrl;
    if (!url) return undefined;
    this.#unsent = false;
    this.#since = Date.now();
    this.#sending = this.#post(url);
    return this.#sending;
  }

  /** @param {string} url */
  async #post(url) {
    try {
      const body = JSON.stringify({ answers: answersOf(this.form), seen: this.seen });
      const headers = { ...asProgram(), "Content-Type": "application/json" };
      const answer = await fetch(url, { method: "POST", headers, body, keepalive: true });
      if (answer.ok) this.#saved(await answer.json());
      else if (answer.headers.get("X-Refusal") === "draft_differs") this.conflict();
      else this.#unsent = true;
    } catch {
      this.#unsent = true; // No network: it stays in this browser, and goes with the next step.
    }
  }

  /** @param {{saved_at: string, until: string}} reply */
  #saved({ saved_at, until }) {
    this.seen = saved_at;
    if (!this.#unsaved) this.#keepHere();
    this.#show("saved");
    document.querySelector("tw-time-left")?.setAttribute("until", until);
  }

  /** @param {"saved" | "saved-here"} how */
  #show(how) {
    if (!(this.shown instanceof HTMLElement)) return;
    const words = how === "saved" ? this.shown.dataset.saved : this.shown.dataset.savedHere;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.shown.textContent = `${words} ${time.format(new Date())}`;
    this.shown.dataset.state = how;
  }
}

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** The server has the answer to this task. @param {string} task */
export const dropDraft = (task) => localStorage.removeItem(PREFIX + task);

/** Drop what the server has, and what nobody came back for. */
export function dropDone() {
  for (const task of (document.body.dataset.done ?? "").split(" ").filter(Boolean)) dropDraft(task);
  const old = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && isOld(read(key)));
  for (const key of old) localStorage.removeItem(key);
}

/** @param {Draft | null} draft */
const isOld = (draft) => Date.now() - (draft?.at ?? 0) > KEPT_DAYS * DAY_MS;
