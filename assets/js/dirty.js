// Asks before leaving a form whose words would be lost. A form says data-dirty; autosave and sending make it clean.
let dirty = false;
export const clean = () => { dirty = false; };

document.addEventListener("input", (event) => { if (event.target.closest?.("form[data-dirty]")) dirty = true; });
document.addEventListener("submit", clean);
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
