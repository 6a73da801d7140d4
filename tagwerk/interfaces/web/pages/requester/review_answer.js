// Keys of a reviewer, beside those of the questions: V asks for a better answer, X rejects. Each opens its form and goes
// into it, so nothing is decided by one key. The button says when the answer was changed.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-review]"));
const send = /** @type {HTMLButtonElement} */ (form.querySelector("button[data-changed]"));

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const at = event.composedPath()[0];
  return at instanceof HTMLElement && at.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (document.documentElement.hasAttribute("data-keys-off")) return;
  const found = form.querySelector(`details[data-review-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!(found instanceof HTMLDetailsElement)) return;
  event.preventDefault();
  found.open = true;
  /** @type {HTMLElement | null} */ (found.querySelector("textarea, select"))?.focus();
});

form.addEventListener("change", (event) => {
  const at = event.target;
  if (at instanceof Element && at.closest("details.review-more")) return;
  const words = send.firstChild;
  if (words) words.textContent = `${send.dataset.changed} `;
});
