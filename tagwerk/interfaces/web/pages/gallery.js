// @ts-check
/** Samples that need a hand: the button of the toast, and the scheme that the address asks for. */
import { say } from "tagwerk/components/toast/toast.js";

document.getElementById("sample-say")?.addEventListener("click", () => say("The filter is saved."));

// Also for who is signed in and has chosen another one.
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
