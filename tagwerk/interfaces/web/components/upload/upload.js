// @ts-check
/**
 * <tw-upload> around a form with files: says how much has been sent, then that the server is at work. Without it the
 * form is sent as any other.
 */
class Upload extends HTMLElement {
  connectedCallback() {
    this.querySelector("form")?.addEventListener("submit", (event) => this.#send(event));
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.ariaBusy === "true") return event.preventDefault();
    const body = new FormData(form, event.submitter);
    if (![...body.values()].some((value) => value instanceof File && value.size > 0)) return;
    event.preventDefault();
    form.ariaBusy = "true";
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => this.#say(sent.loaded / sent.total));
    request.addEventListener("load", () => this.#arrived(form, request));
    request.addEventListener("error", () => this.#again(form));
    request.open("POST", form.action);
    request.responseType = "document";
    request.send(body);
    this.#say(0);
  }

  /** @param {number} share */
  #say(share) {
    const state = this.querySelector(".upload-state");
    const [words, bar] = [state?.querySelector("span"), state?.querySelector("progress")];
    if (!(state instanceof HTMLElement) || !words || !bar) return;
    state.hidden = false;
    words.textContent = (share < 1 ? this.dataset.sending : this.dataset.reading) ?? "";
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value");
  }

  /** Done: on to where the server sends us. Refused: its page, with the reason, takes the place of this one.
   * @param {HTMLFormElement} form @param {XMLHttpRequest} request */
  #arrived(form, request) {
    if (request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    const main = request.responseXML?.querySelector("main");
    if (!main) return this.#again(form);
    document.querySelector("main")?.replaceWith(document.adoptNode(main));
    const problem = document.querySelector("main [role=alert]");
    if (problem instanceof HTMLElement) problem.focus();
  }

  /** What cannot be told apart is left to the browser: it sends the form itself and shows what comes.
   * @param {HTMLFormElement} form */
  #again(form) {
    form.ariaBusy = null;
    form.submit();
  }
}

customElements.define("tw-upload", Upload);
