// @ts-check
/** Registers the service worker, by which the pages can be installed as an app and say so when there is no network. */
const ADDRESS = "/service-worker.js";

/** The content policy wants to know what may be loaded as a program: this one address. */
const types = /** @type {any} */ (globalThis).trustedTypes;
const rules = { createScriptURL: () => ADDRESS };
const address = types ? types.createPolicy("app", rules).createScriptURL(ADDRESS) : ADDRESS;

navigator.serviceWorker?.register(address, { scope: "/" }).catch(() => {
  // Without it everything works, but for the page shown without a network.
});
