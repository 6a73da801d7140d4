// @ts-check
/** How long somebody really worked: while the page is visible and something was done in the last minute. */

const IDLE_MS = 60_000;
const TICK_MS = 1000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** Send the active time along with the form. @param {HTMLFormElement} form */
export function keepTime(form) {
  let active = Number(form.dataset.activeMs ?? 0);
  let last = performance.now();
  let sign = last;
  const tick = () => {
    const now = performance.now();
    // A page in the background wakes rarely: what passed there is no work.
    if (!document.hidden && now - sign < IDLE_MS) active += Math.min(now - last, 2 * TICK_MS);
    last = now;
  };
  for (const type of SIGNS) {
    addEventListener(type, () => { sign = performance.now(); }, { passive: true, capture: true });
  }
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  form.addEventListener("formdata", (event) => {
    tick();
    event.formData.set("_active_ms", String(Math.round(active)));
  });
}
