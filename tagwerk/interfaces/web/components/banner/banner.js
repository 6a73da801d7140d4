// @ts-check
/** Ctrl+Z presses the banner's "Undo" where nothing on the page has a step of its own to undo. */
document.addEventListener("keydown", (event) => {
  const undo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const inField = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  if (!undo || inField || event.defaultPrevented) return;
  const form = document.querySelector("form[data-undo]");
  if (form instanceof HTMLFormElement) {
    event.preventDefault();
    form.requestSubmit();
  }
});
