// @ts-check
/**
 * Toasts: `say("Saved")`, or a "toast" event with {text}, which a response may cause by its header
 * HX-Trigger: {"toast": {"text": "Saved"}}. Words that ask for an action belong into a banner.
 */
const SHOWN_MS = 5000;

/** @param {string} text */
export function say(text) {
  const place = document.querySelector(".toasts");
  if (!(place instanceof HTMLElement) || !text) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  if (!place.matches(":popover-open")) place.showPopover();
  place.append(toast);
  const leave = () => {
    if (toast.matches(":hover")) return void setTimeout(leave, SHOWN_MS);
    toast.remove();
    if (!place.childElementCount) place.hidePopover();
  };
  setTimeout(leave, SHOWN_MS);
}

document.addEventListener("toast", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  say(typeof detail === "string" ? detail : (detail?.text ?? detail?.value ?? ""));
});
