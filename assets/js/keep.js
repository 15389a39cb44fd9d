// Keeps the words of a form in this browser until they are sent, where nobody is signed in to whom they could belong.
// The form says data-keep (whose words these are), and data-kept where the server has just written them itself.
const DAYS = 14 * 24 * 60 * 60 * 1000;
const place = (form) => `kept ${form.dataset.keep}`;

const words = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf_token");

const store = (form) => {
  try { localStorage.setItem(place(form), JSON.stringify({ at: Date.now(), words: words(form) })); } catch { /* storage is full or forbidden */ }
};

const restore = (form) => {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(place(form))); } catch { return; }
  if (!kept || Date.now() - kept.at > DAYS) return;
  const before = new Map(kept.words);
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.tagName === "BUTTON" || control.tagName === "FIELDSET") continue;
    if (control.type === "checkbox") control.checked = before.has(control.name);
    else if (before.has(control.name)) control.value = before.get(control.name);
  }
};

// What was answered needs no keeping: the page that shows the outcome has no such form any more.
const forget = () => {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("kept ") && !document.querySelector(`form[data-keep="${CSS.escape(name.slice(5))}"]`)) localStorage.removeItem(name);
    }
  } catch { /* storage is forbidden */ }
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form) store(form);
});
for (const form of document.querySelectorAll("form[data-keep]")) form.dataset.kept === undefined ? restore(form) : store(form);
forget();
