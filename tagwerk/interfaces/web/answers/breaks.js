// @ts-check
/**
 * A quiet line after so much active work without a break, for who wants it. It is announced once, and stays on the pages
 * of tasks until somebody sends it away or takes a break; what was worked is counted in this browser, over all tasks.
 */
const KEY = "tagwerk.worked.";
const MINUTE = 60_000;
const BREAK_MS = 5 * MINUTE; // so long without a sign of anybody is a break

/** @typedef {{active: number, at: number, told: number, sent: number}} Worked `told`, `sent`: for how many times the minutes */

/** @param {HTMLFormElement} form @param {HTMLElement} note */
export function remindOfBreaks(form, note) {
  const minutes = Number(note.dataset.break);
  const key = KEY + form.dataset.person;
  const words = /** @type {HTMLElement} */ (note.querySelector("[data-words]"));

  const now = () => {
    /** @type {Worked} */ const found = { active: 0, at: 0, told: 0, sent: 0, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
    return Date.now() - found.at > BREAK_MS ? { active: 0, at: Date.now(), told: 0, sent: 0 } : found;
  };
  /** @param {Worked} worked */
  const keep = (worked) => localStorage.setItem(key, JSON.stringify({ ...worked, at: Date.now() }));
  /** @param {Worked} worked */
  const show = (worked) => {
    const times = Math.floor(worked.active / (minutes * MINUTE));
    note.hidden = times <= worked.sent;
    if (note.hidden || note.dataset.times === String(times)) return worked;
    note.dataset.times = String(times);
    if (times > worked.told) note.setAttribute("role", "status"); // said aloud on the first page that shows it
    words.textContent = (words.dataset.words ?? "").replace("{time}", spent(times * minutes));
    return { ...worked, told: times };
  };
  form.addEventListener("worked", (event) => {
    const worked = now();
    keep(show({ ...worked, active: worked.active + /** @type {CustomEvent<number>} */ (event).detail }));
  });
  note.querySelector("[data-goes-on]")?.addEventListener("click", () => {
    const worked = now();
    keep(show({ ...worked, sent: Math.floor(worked.active / (minutes * MINUTE)) }));
  });
  show(now());
}

/** “1 minute”, “50 minutes”, in the language of the page. @param {number} minutes */
function spent(minutes) {
  return new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
}
