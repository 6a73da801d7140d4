// Enter goes on to the next answer, wherever the focus is, unless it is on something that Enter means something to.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const at = event.composedPath()[0];
  if (at instanceof HTMLElement && at.matches("a, button, input, select, textarea, summary")) return;
  document.getElementById("next")?.click();
});
