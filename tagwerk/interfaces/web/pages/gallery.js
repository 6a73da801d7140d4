// @ts-check
/** The scheme that the address asks for: also for who is signed in and has chosen another one. */
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
