// @ts-check
/**
 * The design step: the preview follows what is typed, rows are leafed through, and a problem's line is selected in the
 * file. That form and file follow each other is htmx's part.
 */
const WAIT_MS = 500;
const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-design]"));
const again = /** @type {HTMLButtonElement} */ (form.querySelector("[data-look]"));
const row = /** @type {HTMLInputElement} */ (form.querySelector("#row"));
const file = /** @type {HTMLDetailsElement} */ (form.querySelector("[data-file]"));
let soon = 0;

again.hidden = true; // the frame follows by itself
file.open = matchMedia("(min-width: 85rem)").matches || form.querySelector("#design-problems li") !== null;

/** Send the form to the frame. */
const look = () => form.requestSubmit(again);

form.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.name === "_width") return;
  clearTimeout(soon);
  soon = setTimeout(look, WAIT_MS);
});
document.addEventListener("htmx:after:swap", look);

form.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element ? event.target : null;
  const step = pressed?.closest("[data-row]")?.getAttribute("data-row");
  if (step) leaf(Number(step));
  const line = pressed?.closest("[data-line]")?.getAttribute("data-line");
  if (line) {
    event.preventDefault();
    select(Number(line));
  }
});

/** @param {number} step */
function leaf(step) {
  const most = Number(row.max);
  row.value = String(Math.min(most, Math.max(1, Number(row.value) + step)));
  look();
}

/** Select a line of the file, and bring it into sight. @param {number} number counted from 1 */
function select(number) {
  const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("yaml"));
  const lines = text.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  file.open = true;
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1]?.length ?? 0));
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, number - 4);
}
export {};
