// @ts-check
/** A button with data-opens="id" opens the dialog of that id; one with data-open comes opened (an error inside). */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
  if (button instanceof HTMLElement) show(document.getElementById(button.dataset.opens ?? ""));
});

for (const dialog of document.querySelectorAll("dialog[data-open]")) show(dialog);

/** @param {Element | null} dialog */
function show(dialog) {
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
