// @ts-check
/** Where a row of tabs is wider than the screen, the current one is brought into its middle. */
for (const tab of document.querySelectorAll(":is(.tabs, .nav) [aria-current]")) {
  const row = tab.closest("ul");
  if (!row || row.scrollWidth <= row.clientWidth) continue;
  const [inner, outer] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
