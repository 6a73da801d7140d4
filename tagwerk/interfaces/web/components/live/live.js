// @ts-check
/**
 * <tw-live data-seconds="10" hx-get="…" hx-trigger="look">: asks for itself again every so many seconds.
 *
 * Not while nobody looks: in a hidden tab it waits, and looks at once when one comes back. Not while somebody is in it
 * (focus, a selection, the pointer on a plot): it would be taken out of their hands. Nothing is announced. What comes
 * without an address is the last of it.
 */
import "tagwerk/layout/htmx.js";

/** What was open before a part was replaced, by its id. @type {Map<string, boolean[]>} */
const wasOpen = new Map();

class Live extends HTMLElement {
  #timer = 0;
  #looked = Date.now();

  connectedCallback() {
    this.#reopen();
    const seconds = Number(this.dataset.seconds);
    if (!seconds) return;
    this.#timer = setInterval(() => this.#look(), seconds * 1000);
    document.addEventListener("visibilitychange", this.#back);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#back);
  }

  #back = () => {
    if (Date.now() - this.#looked >= Number(this.dataset.seconds) * 1000) this.#look();
  };

  #look() {
    if (document.hidden || this.#inUse) return;
    this.#looked = Date.now();
    wasOpen.set(this.id, [...this.querySelectorAll("details")].map((one) => one.open));
    this.dispatchEvent(new CustomEvent("look"));
  }

  get #inUse() {
    const selected = getSelection();
    return (
      this.contains(document.activeElement) ||
      this.querySelector("tw-plot:hover") !== null ||
      (selected?.type === "Range" && this.contains(selected.anchorNode))
    );
  }

  #reopen() {
    const before = wasOpen.get(this.id) ?? [];
    this.querySelectorAll("details").forEach((one, place) => (one.open ||= before[place] ?? false));
  }
}

customElements.define("tw-live", Live);
