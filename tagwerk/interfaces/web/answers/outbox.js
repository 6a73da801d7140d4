// @ts-check
/**
 * What was handed in stays in this browser until the server has confirmed it: it survives a lost connection, a closed
 * page and a server that is away, and is sent again and again, which counts once (the same answer gives the same reply).
 * Meanwhile the next task is fetched ahead, with its pictures, so that handing in goes on at once.
 */
import { asProgram } from "tagwerk/answers/base.js";
import { dropDraft } from "tagwerk/answers/drafts.js";

const PREFIX = "tagwerk.outbox.";
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;

/** @typedef {{task: string, person: string, url: string, body: string, at: number}} Item */
/** @typedef {{status: string, undo: string, undo_seconds: number, next: string, sitting: string, ahead: string | null}} Reply */
/** What became of an item. `later`: nobody knows; it stays here.
 * @typedef {{item: Item, reply?: Reply, refused?: string, code?: string, later?: "offline" | "signed-out"}} Outcome */

/** Put the form's answer here; null where this browser keeps nothing. @param {HTMLFormElement} form @returns {Item | null} */
export function put(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken"); // the token of the page that sends it counts
  const fields = [...data].map(([name, value]) => [name, String(value)]);
  const item = {
    task: form.dataset.task ?? "", person: form.dataset.person ?? "", url: location.pathname,
    body: new URLSearchParams(fields).toString(), at: Date.now(),
  };
  try {
    localStorage.setItem(PREFIX + item.task, JSON.stringify(item));
  } catch {
    return null;
  }
  return item;
}

/** What waits here for this person, the oldest first. @param {string} person @returns {Item[]} */
export function waiting(person) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const items = keys.map((key) => /** @type {Item} */ (JSON.parse(localStorage.getItem(key) ?? "null")));
  return items.filter((item) => item?.person === person).sort((one, other) => one.at - other.at);
}

/** Send all that waits, now and whenever it may go better; tell what became of each.
 * @param {string} person @param {(outcome: Outcome) => void} tell @returns {() => Promise<void>} */
export function deliver(person, tell) {
  let wait = FIRST_WAIT_MS;
  let busy = false;
  /** @type {number | undefined} */ let again;
  const run = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(again);
    // Asked anew each time: the next answer is often handed in while the one before is on its way.
    for (let [item] = waiting(person); item; [item] = waiting(person)) {
      const outcome = await send(item);
      tell(outcome);
      if (outcome.later) {
        again = setTimeout(run, wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
        break;
      }
      wait = FIRST_WAIT_MS;
      // What was changed in the meantime is another answer, and still waits.
      if (localStorage.getItem(PREFIX + item.task) === JSON.stringify(item)) localStorage.removeItem(PREFIX + item.task);
      if (outcome.reply) dropDraft(item.task);
    }
    busy = false;
  };
  addEventListener("online", () => { wait = FIRST_WAIT_MS; run(); });
  return run;
}

/** @param {Item} item @returns {Promise<Outcome>} */
async function send(item) {
  try {
    const answer = await fetch(item.url, { method: "POST", headers: asProgram(), body: new URLSearchParams(item.body) });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.ok && isJson) return { item, reply: await answer.json() };
    if (answer.redirected || answer.status === 403) return { item, later: "signed-out" };
    if (!isJson || answer.status >= 500 || answer.status === 429) return { item, later: "offline" };
    const { message, code } = await answer.json();
    return { item, refused: message, code };
  } catch {
    return { item, later: "offline" };
  }
}

/** Fetch the next task ahead; the form knows its address once it lies here.
 * @param {HTMLFormElement} form @param {string | null} [known] where it is, if the server has said so already */
export async function fetchAhead(form, known) {
  try {
    const href = known === undefined ? await askAhead(form) : known;
    if (!href) return;
    const page = await fetch(href);
    if (!page.ok || page.redirected) return;
    await page.text();
    form.dataset.ahead = href;
    for (const [, address, kind] of (page.headers.get("Link") ?? "").matchAll(/<([^>]+)>; rel=preload; as=(\w+)/g)) fetchMedium(address, kind);
  } catch {
    // Without it, handing in leads to the next task by way of the server.
  }
}

/** @param {HTMLFormElement} form @returns {Promise<string | null>} */
async function askAhead(form) {
  const url = form.dataset.aheadUrl;
  if (!url) return null;
  const body = new URLSearchParams({ from: form.dataset.task ?? "" });
  const told = await fetch(url, { method: "POST", headers: asProgram(), body });
  return told.ok && !told.redirected ? (await told.json()).href : null;
}

/** @param {string} address @param {string} kind */
function fetchMedium(address, kind) {
  const medium = kind === "image" ? new Image() : document.createElement(kind === "audio" ? "audio" : "video");
  if (medium instanceof HTMLMediaElement) medium.preload = "auto";
  else medium.referrerPolicy = "no-referrer";
  medium.src = address;
}
