// @ts-check
/**
 * The page of a task: load the elements it uses, show only the questions whose `when` holds, keep drafts and time,
 * hand in and go on.
 */
import { AnnotatorElement } from "tagwerk/answers/base.js";
import { answersOf, dropDone, keepDrafts, questionsOf } from "tagwerk/answers/drafts.js";
import "tagwerk/answers/keys.js";
import { deliver, fetchAhead, put, waiting } from "tagwerk/answers/outbox.js";

/** @typedef {import("tagwerk/answers/outbox.js").Outcome} Outcome */

const READ_INSTRUCTIONS = "tagwerk.instructions.";
const IDLE_MS = 60_000;
const TICK_MS = 1000;
const AHEAD_AFTER_MS = 300;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

const root = document.documentElement;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-task]"));

dropDone();
const person = document.body.dataset.person ?? "";
const someWait = waiting(person).length > 0;
const run = deliver(person, told);
run();
rememberInstructions();
offerUndo();
const kinds = new Set([...document.querySelectorAll("[data-kind]")].map((q) => /** @type {HTMLElement} */ (q).dataset.kind));
await Promise.all([...kinds].map((kind) => import(`tagwerk/answers/${kind}/${kind}.js`)));
if (form) await work(form);
root.toggleAttribute("data-ready", true);

/** @param {HTMLFormElement} form */
async function work(form) {
  const drafts = keepDrafts(form);
  keepTime(form);
  const note = document.querySelector("[data-break]");
  if (note instanceof HTMLElement) import("tagwerk/answers/breaks.js").then(({ remindOfBreaks }) => remindOfBreaks(form, note));
  await showWhen(form);
  handIn(form, drafts);
  saveBeforeStop(drafts);
  if (form.dataset.advance !== undefined) goOnAlone(form);
  if (form.dataset.swipe !== undefined) import("tagwerk/answers/swipe.js").then(({ swipe }) => swipe(form));
  if (new URLSearchParams(location.search).has("ahead")) arrive();
  // The reply to what waits here says where the next one is.
  if (!someWait) setTimeout(() => fetchAhead(form), AHEAD_AFTER_MS);
}

/** A task that was fetched ahead comes to hand: its time begins, and its address is as ever. */
function arrive() {
  history.replaceState(null, "", location.pathname);
  const left = /** @type {(HTMLElement & {renew?(): Promise<boolean>}) | null} */ (document.querySelector("tw-time-left"));
  customElements.whenDefined("tw-time-left").then(() => left?.renew?.());
}

/** Questions with a condition are there only while it holds; one that is not there has no answer.
 * @param {HTMLFormElement} form */
async function showWhen(form) {
  const conditional = questionsOf(form).filter((question) => question.dataset.when);
  if (conditional.length === 0) return;
  const { evaluate } = await import("tagwerk/answers/when.js");
  const update = () => {
    for (const question of conditional) {
      const holds = evaluate(JSON.parse(question.dataset.when ?? "null"), given(form));
      question.disabled = !holds;
      question.hidden = !holds;
    }
  };
  form.addEventListener("input", update);
  update();
}

/** The answers of the questions that are there. @param {HTMLFormElement} form */
function given(form) {
  const there = new Set(questionsOf(form).filter((q) => !q.disabled).map((q) => q.dataset.question));
  return Object.fromEntries(Object.entries(answersOf(form)).filter(([name]) => there.has(name)));
}

/** Stopping gives back what nothing was entered for: what was entered goes to the server first.
 * @param {{flush(): Promise<boolean>}} drafts */
function saveBeforeStop(drafts) {
  document.querySelector("form[data-stops]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await drafts.flush()) /** @type {HTMLFormElement} */ (event.target).submit();
  });
}

/** @param {HTMLFormElement} form @param {{submitting(): void}} drafts */
function handIn(form, drafts) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // another way out of the task
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    drafts.submitting();
    if (form.dataset.outbox === undefined && !navigator.onLine) {
      event.preventDefault();
      showKept("offline");
      addEventListener("online", () => form.requestSubmit(), { once: true });
      return;
    }
    form.setAttribute("aria-busy", "true");
    const item = form.dataset.outbox === undefined ? null : put(form);
    if (!item) return; // an ordinary form, or a browser that keeps nothing: the form goes as forms go
    event.preventDefault();
    if (form.dataset.ahead) location.assign(form.dataset.ahead);
    else run();
  });
  form.addEventListener("formdata", (event) => {
    if (form.dataset.ahead) event.formData.set("_ahead", form.dataset.ahead.split("/")[3]);
  });
  addEventListener("pageshow", () => {
    // Back from the cache of the browser: the same answer may be sent again, it counts once.
    form.removeAttribute("aria-busy");
  });
  form.addEventListener("invalid", () => queueMicrotask(() => firstWrong(form)), true);
}

/** What became of an answer: go on, or say it. @param {Outcome} outcome */
function told({ item, reply, refused, code, later }) {
  const own = item.task === form?.dataset.task;
  const busy = form?.getAttribute("aria-busy") === "true";
  showKept(later);
  if (later) form?.removeAttribute("aria-busy");
  else if (own && reply) location.assign(reply.next);
  // The server's own page says best what is wrong and what to do.
  else if (own && busy) form?.submit();
  else if (reply) confirmed(reply);
  else if (code !== "assignment_not_found") say("refused", refused ?? "", item.url);
}

/** Say that the answer waits in this browser, and for what. @param {"offline" | "signed-out" | undefined} why */
function showKept(why) {
  for (const note of document.querySelectorAll("[data-kept]")) {
    /** @type {HTMLElement} */ (note).hidden = /** @type {HTMLElement} */ (note).dataset.kept !== why;
  }
}

/** The answer to the task before is there: it can be undone for a while. @param {import("tagwerk/answers/outbox.js").Reply} reply */
function confirmed(reply) {
  const sitting = document.querySelector("[data-sitting]");
  if (sitting && reply.sitting) sitting.textContent = reply.sitting;
  if (form) setTimeout(() => fetchAhead(form, reply.ahead), AHEAD_AFTER_MS);
  if (reply.status === "late") say("late", "", "");
  else if (reply.undo_seconds > 0) {
    const banner = say("submitted", "", "");
    banner?.querySelector("form")?.setAttribute("action", reply.undo);
    banner?.setAttribute("data-gone-after", String(reply.undo_seconds));
    offerUndo();
  }
}

/** Show one of the page's prepared notes. @param {string} which @param {string} text @param {string} href */
function say(which, text, href) {
  const template = document.querySelector(`template[data-note="${which}"]`);
  if (!(template instanceof HTMLTemplateElement)) return null;
  const note = /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
  const words = note.querySelector("[data-text]");
  if (words) words.textContent = text;
  note.querySelector("a")?.setAttribute("href", href);
  document.querySelector("[data-said]")?.remove();
  note.dataset.said = which;
  document.querySelector(".task-notes")?.prepend(note);
  return note;
}

/** What can be undone for a while only goes away when the while is over; “My work” leads to the answer after that. */
function offerUndo() {
  for (const offer of document.querySelectorAll("[data-gone-after]")) {
    const wait = () => {
      // Not under somebody's hands.
      if (offer.matches(":hover, :focus-within")) setTimeout(wait, TICK_MS);
      else offer.remove();
    };
    setTimeout(wait, Number(offer.getAttribute("data-gone-after")) * TICK_MS);
  }
}

/** One question with one choice: choosing is handing in, for who wants it so. Who walks through the options with the
 * arrow keys, which choose on the way, has not chosen: a click, Space, Enter or the option's own key does.
 * @param {HTMLFormElement} form */
function goOnAlone(form) {
  const [question] = questionsOf(form);
  const go = () => { if (question.value !== null && question.validity.valid) form.requestSubmit(); };
  let walks = false;
  addEventListener("keydown", ({ key }) => { walks = key.startsWith("Arrow"); }, true);
  addEventListener("keyup", () => { walks = false; }, true);
  form.addEventListener("chosen", go);
  form.addEventListener("click", ({ target }) => {
    // Arrow keys click too. The change follows the click.
    if (!walks && target instanceof HTMLInputElement && target.type === "radio") setTimeout(go);
  });
}

/** How long somebody really worked: while the page is visible and something was done in the last minute.
 * @param {HTMLFormElement} form */
function keepTime(form) {
  let active = Number(form.dataset.activeMs ?? 0);
  let last = performance.now();
  let sign = last;
  const tick = () => {
    const now = performance.now();
    // A page in the background wakes rarely: what passed there is no work.
    if (!document.hidden && now - sign < IDLE_MS) {
      const more = Math.min(now - last, 2 * TICK_MS);
      active += more;
      form.dispatchEvent(new CustomEvent("worked", { detail: more }));
    }
    last = now;
  };
  for (const type of SIGNS) {
    addEventListener(type, () => { sign = performance.now(); }, { passive: true, capture: true });
  }
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("formdata", (event) => {
    if (event.target !== form && !(event.target instanceof HTMLElement && event.target.closest("#leave"))) return;
    tick();
    event.formData.set("_active_ms", String(Math.round(active)));
  });
}

/** Instructions stay as somebody left them, for each project; another version opens again, marked as changed. */
function rememberInstructions() {
  const box = document.getElementById("instructions");
  if (!(box instanceof HTMLDetailsElement) || !box.dataset.of) return;
  const key = READ_INSTRUCTIONS + box.dataset.of;
  const version = box.dataset.version ?? "";
  const [seen, state] = (localStorage.getItem(key) ?? "").split(" ");
  const changed = box.querySelector("[data-changed]");
  if (changed instanceof HTMLElement) changed.hidden = !seen || seen === version;
  box.open = seen !== version || state === "open";
  const keep = () => localStorage.setItem(key, `${version} ${box.open ? "open" : "closed"}`);
  box.addEventListener("toggle", keep);
  // Whoever hands the first answer in has read them; the next task has the room.
  form?.addEventListener("submit", () => { if (seen !== version) localStorage.setItem(key, `${version} closed`); });
}

/** @param {HTMLFormElement} form */
function firstWrong(form) {
  const wrong = [...form.elements].find((e) => e instanceof AnnotatorElement && e.willValidate && !e.validity.valid);
  if (!(wrong instanceof AnnotatorElement)) return;
  wrong.focus();
  wrong.scrollIntoView({ block: "nearest" });
}
