// @ts-check
/**
 * The page of a task: load the elements it uses, show only the questions whose `when` holds, keep drafts and time,
 * send once.
 */
import "tagwerk/answers/keys.js";
import { AnnotatorElement } from "tagwerk/answers/base.js";
import { answersOf, dropDone, keepDrafts, questionsOf } from "tagwerk/answers/drafts.js";
import { keepTime } from "tagwerk/answers/meter.js";
import { evaluate } from "tagwerk/answers/when.js";

dropDone();
const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("form[data-task]")]);
const kinds = new Set([...document.querySelectorAll("[data-kind]")].map((q) => /** @type {HTMLElement} */ (q).dataset.kind));
await Promise.all([...kinds].map((kind) => import(`tagwerk/answers/${kind}/${kind}.js`)));
for (const form of forms) {
  const drafts = keepDrafts(form);
  keepTime(form);
  showWhen(form);
  sendOnce(form, drafts);
}
document.documentElement.toggleAttribute("data-ready", true);

/** Questions with a condition are there only while it holds; one that is not there has no answer.
 * @param {HTMLFormElement} form */
function showWhen(form) {
  const conditional = questionsOf(form).filter((question) => question.dataset.when);
  if (conditional.length === 0) return;
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

/** @param {HTMLFormElement} form @param {{submitting(): void}} drafts */
function sendOnce(form, drafts) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent || !online(form)) {
      event.preventDefault();
      return;
    }
    sent = true;
    drafts.submitting();
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    sent = false; // Back from the cache of the browser: the same answer may be sent again, it counts once.
    form.removeAttribute("aria-busy");
  });
  form.addEventListener("invalid", () => queueMicrotask(() => firstWrong(form)), true);
}

/** Without a network the answer stays here, and the page says so. @param {HTMLFormElement} form */
function online(form) {
  const note = form.querySelector("[data-offline]");
  if (note instanceof HTMLElement) note.hidden = navigator.onLine;
  return navigator.onLine;
}

/** @param {HTMLFormElement} form */
function firstWrong(form) {
  const wrong = [...form.elements].find((e) => e instanceof AnnotatorElement && e.willValidate && !e.validity.valid);
  if (!(wrong instanceof AnnotatorElement)) return;
  wrong.focus();
  wrong.scrollIntoView({ block: "nearest" });
}
