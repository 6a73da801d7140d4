// @ts-check
/** The example task: what is answered stays on the page, and the page says so. */
import { answersOf } from "tagwerk/answers/drafts.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-example]"));
const done = /** @type {HTMLElement | null} */ (document.querySelector("[data-example-done]"));

/** Show the one and hide the other. @param {boolean} answered */
function show(answered) {
  if (!form || !done) return;
  form.hidden = answered;
  done.hidden = !answered;
  (answered ? done : /** @type {HTMLElement | null} */ (form.querySelector("[data-question]")))?.focus();
}

// Before anything that sends answers hears of it.
document.addEventListener("submit", (event) => {
  if (!form || event.target !== form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const record = document.querySelector("[data-example-record]");
  if (record) record.textContent = JSON.stringify(answersOf(form));
  show(true);
}, true);

document.querySelector("[data-example-again]")?.addEventListener("click", () => show(false));
