// @ts-check
/**
 * On a phone a choice between two is a swipe: to the left for the first, to the right for the second, and on to the next task.
 * The buttons beneath do the same for who cannot or does not want to swipe; the settings switch it off.
 */
import { questionsOf } from "tagwerk/answers/drafts.js";

const SHARE = 0.3; // of the width of the page: so far is meant
const SLANT = 0.6; // more upright than this is scrolling

/** @param {HTMLFormElement} form */
export function swipe(form) {
  const card = document.querySelector(".task-shown");
  const [question] = questionsOf(form);
  if (!(card instanceof HTMLElement) || !matchMedia("(pointer: coarse)").matches) return;
  /** @type {{value: string}[]} */ const options = question.config.options;
  const hint = document.querySelector("[data-swipe-hint]");
  if (hint instanceof HTMLElement) hint.hidden = false;
  /** @type {{x: number, y: number} | null} */ let from = null;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** @param {number} by */
  const show = (by) => {
    if (!still) card.style.translate = by ? `${by}px` : "";
    card.toggleAttribute("data-swiped", Math.abs(by) > SHARE * innerWidth);
  };
  card.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    const own = event.target instanceof Element && event.target.closest("audio, video, pre, table, summary, a");
    from = event.touches.length === 1 && !own ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  card.addEventListener("touchmove", (event) => {
    if (!from) return;
    const x = event.touches[0].clientX - from.x, y = event.touches[0].clientY - from.y;
    if (Math.abs(y) > SLANT * Math.abs(x) && Math.abs(y) > 10) from = null;
    show(from ? x : 0);
  }, { passive: true });
  card.addEventListener("touchcancel", () => { from = null; show(0); });
  card.addEventListener("touchend", (event) => {
    const by = from ? event.changedTouches[0].clientX - from.x : 0;
    from = null;
    show(0);
    if (Math.abs(by) < SHARE * innerWidth) return;
    question.commit(options[by > 0 ? 1 : 0].value);
    question.show(question.value);
    form.requestSubmit();
  });
}
