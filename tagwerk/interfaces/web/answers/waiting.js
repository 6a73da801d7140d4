// @ts-check
/** Answers that wait in this browser leave from every page of a worker's, before the hold of their task ends. */
const note = document.querySelector("template[data-outbox-of]");
const waits = Object.keys(localStorage).some((key) => key.startsWith("tagwerk.outbox."));

if (note instanceof HTMLTemplateElement && waits) {
  const { deliver } = await import("tagwerk/answers/outbox.js");
  const run = deliver(note.dataset.outboxOf ?? "", ({ item, refused, code }) => {
    if (!refused || code === "assignment_not_found") return;
    const said = /** @type {HTMLElement} */ (document.importNode(note.content, true).firstElementChild);
    const words = said.querySelector("[data-text]");
    if (words) words.textContent = refused;
    said.querySelector("a")?.setAttribute("href", item.url);
    document.getElementById("main")?.prepend(said);
  });
  run();
}

export {};
