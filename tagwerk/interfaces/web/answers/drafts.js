// @ts-check
/**
 * Unfinished work is never lost: kept in this browser at once, on the server after a pause, and dropped only when the
 * server names the assignment as done (`data-done` on any later page).
 */
import { AnnotatorElement } from "tagwerk/answers/base.js";

const PREFIX = "tagwerk.draft.";
const LOCAL_MS = 150;
const SERVER_MS = 3000;
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

/** @typedef {{at: number, answers: Record<string, unknown>}} Draft */

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
  return keeper;
}

class DraftKeeper {
  /** @type {number | undefined} */ #soon;
  /** @type {number | undefined} */ #later;
  #unsaved = false;
  #unsent = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.task;
    this.shown = form.querySelector("[data-saved]");
  }

  /** The draft of this browser goes before an older one of the server, which came with the page. */
  restore() {
    const draft = read(this.key);
    if (!draft || draft.at < Number(this.form.dataset.draftAt ?? 0)) return;
    for (const question of questionsOf(this.form)) {
      const name = question.dataset.question ?? question.name;
      if (name in draft.answers) question.value = draft.answers[name];
    }
  }

  touched() {
    this.#unsaved = this.#unsent = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#later);
    this.#soon = setTimeout(() => this.#keepHere(), LOCAL_MS);
    this.#later = setTimeout(() => this.#send(), SERVER_MS);
  }

  leave() {
    if (this.#unsaved) this.#keepHere();
    if (this.#unsent) this.#send();
  }

  /** The form is on its way: the answer itself follows, no draft. */
  submitting() {
    if (this.#unsaved) this.#keepHere();
    clearTimeout(this.#later);
    this.#unsent = false;
  }

  #keepHere() {
    this.#unsaved = false;
    const draft = { at: Date.now(), answers: answersOf(this.form) };
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      return; // The store is full or forbidden: the server's draft remains.
    }
    this.#show("saved-here");
  }

  async #send() {
    clearTimeout(this.#later);
    const url = this.form.dataset.draftUrl;
    if (!url) return;
    const token = this.form.elements.namedItem("csrfmiddlewaretoken");
    const headers = {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
    };
    this.#unsent = false;
    try {
      const body = JSON.stringify({ answers: answersOf(this.form) });
      const answer = await fetch(url, { method: "POST", headers, body, keepalive: true });
      if (answer.ok) this.#show("saved");
      else this.#unsent = true;
    } catch {
      this.#unsent = true; // No network: it stays in this browser, and goes with the next step.
    }
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

/** Drop what the server has, and what nobody came back for. */
export function dropDone() {
  const done = (document.body.dataset.done ?? "").split(" ").filter(Boolean).map((id) => PREFIX + id);
  const old = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && isOld(read(key)));
  for (const key of [...done, ...old]) localStorage.removeItem(key);
}

/** @param {Draft | null} draft */
const isOld = (draft) => Date.now() - (draft?.at ?? 0) > KEPT_DAYS * DAY_MS;
