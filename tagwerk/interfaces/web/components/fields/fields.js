// @ts-check
/** A field for the time zone starts with that of this computer. */
for (const field of document.querySelectorAll("select[data-own-time-zone]")) {
  if (!(field instanceof HTMLSelectElement) || field.value) continue;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...field.options].some((option) => option.value === zone)) field.value = zone;
}
