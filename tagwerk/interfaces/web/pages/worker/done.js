// @ts-check
/** What can be undone for a while only goes away when the while is over; “My work” leads to the answer after that. */
const SECOND_MS = 1000;

for (const offer of document.querySelectorAll("[data-gone-after]")) {
  if (!(offer instanceof HTMLElement)) continue;
  const wait = () => {
    // Not under somebody's hands.
    if (offer.matches(":hover, :focus-within")) setTimeout(wait, SECOND_MS);
    else offer.remove();
  };
  setTimeout(wait, Number(offer.dataset.goneAfter) * SECOND_MS);
}
