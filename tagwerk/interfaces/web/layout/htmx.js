// @ts-check
/**
 * htmx for pages of requesters and operators ({% uses "layout/htmx.js" %}); never on the page of a task.
 *
 * The content policy trusts one source of markup: answers of our own server that htmx puts into the page. Scripts in
 * them come in empty, and code in attributes stays forbidden.
 */
import htmx from "packages/htmx.js";

/** @type {{createHTML(text: string): string, createScript(text: string): string}} */
const rules = { createHTML: (text) => text, createScript: () => "" };
const types = /** @type {any} */ (globalThis).trustedTypes;

htmx.registerExtension("tagwerk", {
  init: (/** @type {any} */ api) => api.initSecurity(types ? types.createPolicy("htmx", rules) : rules),
});

export default htmx;
