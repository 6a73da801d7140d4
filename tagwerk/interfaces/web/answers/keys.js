// @ts-check
/**
 * One keyboard for the whole page, wherever the focus is.
 *
 * Single keys go to the active question (the last one entered), never while somebody types, and can be switched off
 * (WCAG 2.1.4). Which key does what a person chooses in the settings; the page's root carries it. Ctrl+Enter submits,
 * Ctrl+Z takes back the last step on the page, or the answer before where there is none.
 */
import { AnnotatorElement, asProgram } from "tagwerk/answers/base.js";

/** @typedef {AnnotatorElement<any>} Question */

const ROOT = document.documentElement;
const FULL = "tagwerk.full";
const NO_TYPING = new Set(["radio", "checkbox", "button", "submit", "range"]);
const FORM = "form[data-task]";
/** @type {Record<string, string>} */
const KEYS = {
  submit: "Enter", skip: "s", next_question: "]", previous_question: "[", instructions: "i", timer: "t", full_screen: "f", help: "?",
  ...JSON.parse(ROOT.dataset.keys ?? "{}"),
};
/** @type {Record<string, () => boolean>} */
const ACTIONS = {
  next_question: () => walk(1),
  previous_question: () => walk(-1),
  skip: () => open("leave"),
  help: () => open("keys"),
  instructions: toggleInstructions,
  timer: toggleTimer,
  full_screen: toggleFull,
};

/** @type {Question | null} */ let active = null;
/** Questions in the order of the steps made in them. @type {Question[]} */ const steps = [];
/** @type {Question[]} */ const undone = [];
let travelling = false;

const keysAreOn = () => !ROOT.hasAttribute("data-keys-off");

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
  if (all.length === 0) return false;
  const here = active ? all.indexOf(active) : direction > 0 ? -1 : 0;
  const next = all[(here + direction + all.length) % all.length];
  activate(next);
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
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

/** Take back the answer before this task, while it is offered. */
function takeBack() {
  const form = document.querySelector("form[data-undo]");
  if (form instanceof HTMLFormElement) form.requestSubmit();
  return form !== null;
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
  return event.shiftKey ? travel(undone, steps, "redo") : travel(steps, undone, "undo") || takeBack();
}

/** @param {KeyboardEvent} event */
function pressedAlone(event) {
  if (event.key === KEYS.submit) return enter(event);
  if (event.key.length === 1 && !keysAreOn()) return false;
  for (const [name, act] of Object.entries(ACTIONS)) {
    if (name === "timer" && !document.querySelector("tw-timer")) continue;
    if (event.key.toLowerCase() === KEYS[name].toLowerCase()) return act();
  }
  const question = ownerOf(event) ?? (active?.disabled ? null : active) ?? questions()[0];
  if (!question?.key(event)) return false;
  activate(question);
  question.dispatchEvent(new Event("chosen", { bubbles: true }));
  return true;
}

/** Submits what is complete; on a button or a link Enter presses that. @param {KeyboardEvent} event */
function enter(event) {
  if (event.key.length === 1 && !keysAreOn()) return false;
  const form = taskForm();
  const pressed = event.target instanceof HTMLElement && event.target.closest("button, a, summary, select, dialog");
  if (!form || pressed || !questions().every((question) => question.form !== form || question.validity.valid)) return false;
  form.requestSubmit();
  return true;
}

/** @param {string} id */
function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

function toggleInstructions() {
  const box = document.getElementById("instructions");
  if (!(box instanceof HTMLDetailsElement)) return false;
  box.open = !box.open;
  if (box.open) box.scrollIntoView({ block: "nearest" });
  return true;
}

/** The worker's timer, where the task is paid by the hour. */
function toggleTimer() {
  const timer = /** @type {(HTMLElement & {toggle?(): void}) | null} */ (document.querySelector("tw-timer"));
  timer?.toggle?.();
  return timer !== null;
}

/** The whole screen where the browser allows it; in any case nothing but the work, from task to task. */
function toggleFull() {
  const full = ROOT.toggleAttribute("data-full");
  sessionStorage.setItem(FULL, full ? "on" : "off");
  if (full) ROOT.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || !document.querySelector(FORM)) return;
  if (document.querySelector("dialog:modal, :popover-open")) return;
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
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.dataset.keysSwitch === undefined) return;
  ROOT.toggleAttribute("data-keys-off", !box.checked);
  const body = new URLSearchParams({ keys_on: box.checked ? "on" : "" });
  if (box.dataset.keysSwitch) fetch(box.dataset.keysSwitch, { method: "POST", body, headers: asProgram() }).catch(() => {});
});

/** What a button on the page does: the same as its key. */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-does], [data-keys-help], [data-closes]") : null;
  if (!(button instanceof HTMLElement)) return;
  if (button.dataset.closes !== undefined) button.closest("dialog")?.close();
  else ACTIONS[button.dataset.does ?? "help"]?.();
});

document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && ROOT.hasAttribute("data-full")) toggleFull();
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  /** @type {HTMLInputElement} */ (box).checked = keysAreOn();
}
ROOT.toggleAttribute("data-full", sessionStorage.getItem(FULL) === "on");
