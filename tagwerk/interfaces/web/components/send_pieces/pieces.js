// @ts-check
/** Files in pieces: a broken connection goes on where it stopped, and the same file sent again on another day too. */
export const PIECE_BYTES = 4_000_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** @typedef {{received: number, stored?: number, refused?: [string, string][]}} Reply */
/** @typedef {{url: string, token: string, sent: (bytes: number) => void, waits: (waits: boolean) => void}} Way */

/** What the server knows a file by. @param {File} file */
export function marksOf(file) {
  return { name: file.name, size: String(file.size), changed: String(file.lastModified) };
}

/** Send a file, piece by piece; the last reply, or why it is refused.
 * @param {File} file @param {Way} way @returns {Promise<Reply | string>} */
export async function sendInPieces(file, way) {
  let reply = await post(file, null, way);
  while (typeof reply !== "string" && reply.received < file.size) {
    way.sent(reply.received);
    reply = await post(file, reply.received, way);
  }
  return reply;
}

/** A piece, again and again until it is there.
 * @param {File} file @param {number | null} offset @param {Way} way @returns {Promise<Reply | string>} */
async function post(file, offset, way) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      const answer = await fetch(way.url, { method: "POST", body: body(file, offset, way.token), headers: { Accept: "application/json" } });
      if (answer.status < 500 && answer.status !== 429) {
        way.waits(false);
        const reply = await answer.json();
        if (answer.ok) return reply;
        if (reply.code === "piece_elsewhere") return await post(file, null, way);
        return String(reply.message);
      }
    } catch {
      // The connection broke: what is there stays there.
    }
    way.waits(true);
    await pause(wait);
  }
}

/** @param {File} file @param {number | null} offset @param {string} token */
function body(file, offset, token) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token);
  for (const [name, value] of Object.entries(marksOf(file))) data.set(name, value);
  if (offset !== null) {
    data.set("offset", String(offset));
    data.set("piece", file.slice(offset, offset + PIECE_BYTES), "piece");
  }
  return data;
}

/** Some time, or less where the network comes back before. @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    addEventListener("online", () => { clearTimeout(timer); resolve(null); }, { once: true });
  });
}

/** The token of the form in an element. @param {Element} element */
export function tokenIn(element) {
  const token = element.querySelector("[name=csrfmiddlewaretoken]");
  return token instanceof HTMLInputElement ? token.value : "";
}
