// @ts-check
/** A field for a key takes the key that is pressed, under the name that the browser gives it. */
const WALKS = new Set(["Tab", "Shift", "Control", "Alt", "Meta", "AltGraph", "Escape", "Dead", "Process", " "]);
const CLEARS = new Set(["Backspace", "Delete"]);

document.querySelector("[data-press]")?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(event instanceof KeyboardEvent) || !(field instanceof HTMLInputElement)) return;
  if (WALKS.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.value = CLEARS.has(event.key) ? "" : event.key;
});
