// @ts-check
/**
 * One keyboard for the whole page, wherever the focus is.
 *
 * Single keys go to the active question (the last one entered), never while somebody types, and can be switched off
 * (WCAG 2.1.4). Ctrl+Enter submits, Ctrl+Z takes back the last step on the page, [ and ] walk through the questions,
 * ? shows all keys.
 */
import { AnnotatorElement } from "tagwerk/answers/base.js";

/** @typedef {AnnotatorElement<any>} Question */

const SWITCH = "tagwerk.keys";
const NO_TYPING = new Set(["radio", "checkbox", "button", "submit", "range"]);
const FORM = "form[data-task]";

/** @type {Question | null} */ let active = null;
/** Questions in the order of the steps made in them. @type {Question[]} */ const steps = [];
/** @type {Question[]} */ const undone = [];
let travelling = false;

export const keysAreOn = () => localStorage.getItem(SWITCH) !== "off";

/** Make a question the one that single keys are meant for. @param {Question} question */
export function activate(question) {
  if (active === question) return;
  active?.removeAttribute("data-active");
  active = question;
  question.setAttribute("data-active", "");
}

/** Questions that can be answered now, in the order of the page. @returns {Question[]} */
function questions() {
  return [...document.querySelectorAll(`${FORM} *`)].filter(isQuestion).filter((q) => !q.disabled && !q.closest("[hidden]"));
}

/** @param {unknown} node @returns {node is Question} */
const isQuestion = (node) => node instanceof AnnotatorElement;

/** @param {Event} event @returns {Question | undefined} */
const ownerOf = (event) => event.composedPath().find(isQuestion);

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !NO_TYPING.has(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select"));
}

/** Walk to the next or the previous question. @param {1 | -1} direction */
function walk(direction) {
  const all = questions();
  if (all.length === 0) return;
  const here = active ? all.indexOf(active) : direction > 0 ? -1 : 0;
  const next = all[(here + direction + all.length) % all.length];
  activate(next);
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** @param {Question[]} from @param {Question[]} to @param {"undo" | "redo"} way */
function travel(from, to, way) {
  const question = from.pop();
  if (!question) return false;
  travelling = true;
  question[way]();
  travelling = false;
  to.push(question);
  activate(question);
  return true;
}

/** The form of the task that is being worked on. @returns {HTMLFormElement | null} */
function taskForm() {
  return active?.form ?? /** @type {HTMLFormElement | null} */ (document.querySelector(FORM));
}

/** Keys with Ctrl or Cmd work while typing too. @param {KeyboardEvent} event */
function pressedTogether(event) {
  if (event.key === "Enter") {
    const form = taskForm();
    form?.requestSubmit();
    return form !== null;
  }
  if (event.key.toLowerCase() !== "z" || isTyping(event.target)) return false;
  return event.shiftKey ? travel(undone, steps, "redo") : travel(steps, undone, "undo");
}

/** @param {KeyboardEvent} event */
function pressedAlone(event) {
  if (event.key === "Enter") return enter(event);
  if (event.key.length === 1 && !keysAreOn()) return false;
  if (event.key === "[" || event.key === "]") {
    walk(event.key === "]" ? 1 : -1);
    return true;
  }
  if (event.key === "?") return showHelp();
  const question = ownerOf(event) ?? (active?.disabled ? null : active) ?? questions()[0];
  if (!question?.key(event)) return false;
  activate(question);
  return true;
}

/** Enter submits what is complete; on a button or a link it presses that. @param {KeyboardEvent} event */
function enter(event) {
  const form = taskForm();
  const pressed = event.target instanceof HTMLElement && event.target.closest("button, a, summary, select, dialog");
  if (!form || pressed || !questions().every((question) => question.form !== form || question.validity.valid)) return false;
  form.requestSubmit();
  return true;
}

function showHelp() {
  const help = document.getElementById("keys");
  if (!(help instanceof HTMLDialogElement)) return false;
  if (!help.open) help.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || !document.querySelector(FORM)) return;
  const inDialog = document.querySelector("dialog:modal");
  if (inDialog) return;
  const together = event.ctrlKey || event.metaKey;
  if (!together && (event.altKey || isTyping(event.target))) return;
  if (together ? pressedTogether(event) : pressedAlone(event)) event.preventDefault();
}, true);

for (const type of ["focusin", "pointerdown"]) {
  document.addEventListener(type, (event) => {
    const question = ownerOf(event);
    if (question) activate(question);
  }, true);
}

document.addEventListener("change", (event) => {
  if (travelling || !isQuestion(event.target)) return;
  steps.push(event.target);
  undone.length = 0;
});

document.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || !event.target.matches("[data-keys-switch]")) return;
  localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  showSwitch();
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-keys-help]")) showHelp();
});

function showSwitch() {
  document.documentElement.toggleAttribute("data-keys-off", !keysAreOn());
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    /** @type {HTMLInputElement} */ (box).checked = keysAreOn();
  }
}

showSwitch();
