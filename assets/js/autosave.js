// Saves a form while it is being filled in. The form says data-autosave (where to), and carries `revision` and `seen`.
// The answer is JSON: {"revision": 7, "seen": "…", "saved": "…", "totals": {"costs": "49 650"}}; 422 with a sentence is:
// something does not fit, the rest is saved; 412 with "html" is: somebody else was faster, and both versions are shown.
// Without a connection the words stay in the form and in this tab's own storage, and are sent as soon as there is one.
import { clean } from "./dirty.js";

const WAIT = 800;
const AGAIN = 5000;
const timers = new WeakMap();
const running = new WeakSet();
const typed = new WeakMap();

const say = (form, state, words) => {
  const place = form.querySelector("[data-save-status]");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = words ?? place.dataset[state];
};

const plan = (form, wait) => {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), wait));
};

const words = (form) => {
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  return new URLSearchParams(sent);
};

// The tab's own copy of what could not be sent yet; without storage there is none, and nothing else changes.
const place = (form) => `unsaved ${form.dataset.autosave} ${form.elements.section?.value ?? ""}`;
const store = (form, what) => {
  try {
    if (what) sessionStorage.setItem(place(form), what);
    else sessionStorage.removeItem(place(form));
  } catch { /* storage is full or forbidden */ }
};

const restore = (form) => {
  let kept;
  try { kept = sessionStorage.getItem(place(form)); } catch { return; }
  if (!kept) return;
  const before = new URLSearchParams(kept);
  for (const control of form.elements) {
    if (!control.name || ["hidden", "file", "submit"].includes(control.type) || control.tagName === "BUTTON") continue;
    const values = before.getAll(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
  // What somebody had before them when they wrote decides whether anybody else was faster.
  if (form.elements.seen && before.has("seen")) form.elements.seen.value = before.get("seen");
  plan(form, 0);
};

const take = (form, told) => {
  for (const name of ["revision", "seen"]) {
    if (told[name] !== undefined && form.elements[name]) form.elements[name].value = told[name];
  }
  for (const [name, sum] of Object.entries(told.totals ?? {})) {
    const output = form.querySelector(`[data-total="${CSS.escape(name)}"]`);
    if (output) output.textContent = sum;
  }
};

const showBoth = (form, told) => {
  form.dataset.conflict = "shown";
  const both = form.querySelector("[data-conflict]");
  if (!both) return;
  both.innerHTML = told.html;
  both.firstElementChild?.scrollIntoView({ block: "nearest" });
  both.firstElementChild?.focus();
};

const save = async (form) => {
  if (form.dataset.conflict) return;
  if (running.has(form)) return plan(form, WAIT);
  running.add(form);
  const sent = words(form);
  const version = typed.get(form);
  say(form, "saving");
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: sent,
      headers: { Accept: "application/json" },
    });
    if (answer.status >= 500) throw new Error(answer.statusText);
    const told = await answer.json();
    take(form, told);
    if (answer.status === 409 || answer.status === 412) {
      say(form, "stale", told.sentence);
      if (told.html) showBoth(form, told);
    } else if (answer.ok) {
      store(form, null);
      if (typed.get(form) === version) clean();
      say(form, "saved", `${form.querySelector("[data-save-status]")?.dataset.saved} ${told.saved}`);
    } else {
      store(form, sent.toString());
      say(form, "failed", told.sentence);
    }
  } catch {
    store(form, sent.toString());
    say(form, "failed");
    plan(form, AGAIN);
  } finally {
    running.delete(form);
  }
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form || event.target.type === "file") return;
  typed.set(form, (typed.get(form) ?? 0) + 1);
  plan(form, WAIT);
});
window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    if (form.querySelector('[data-save-status][data-state="failed"]')) plan(form, 0);
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-drop-mine]");
  const form = link?.closest("form[data-autosave]");
  if (!form) return;
  clean();
  store(form, null);
});
document.addEventListener("submit", (event) => {
  clearTimeout(timers.get(event.target));
  if (event.target.matches?.("form[data-autosave]")) store(event.target, null);
});
for (const form of document.querySelectorAll("form[data-autosave]")) restore(form);
