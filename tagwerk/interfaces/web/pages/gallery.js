// @ts-check
/** Samples that need a hand: the button of the toast. */
import { say } from "tagwerk/components/toast/toast.js";

document.getElementById("sample-say")?.addEventListener("click", () => say("The filter is saved."));
