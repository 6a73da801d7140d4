// @ts-check
/** A field for the time zone starts with that of this computer, unless somebody chose another than UTC. */
for (const field of document.querySelectorAll("select[data-own-time-zone]")) {
  if (!(field instanceof HTMLSelectElement) || !["", "UTC"].includes(field.value)) continue;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...field.options].some((option) => option.value === zone)) field.value = zone;
}
