// Saves a form while it is being filled in. The form says data-autosave (where to), and carries `revision`.
// The answer is JSON: {"revision": 7, "saved": "14:03", "totals": {"costs": "49 650"}}; 409 or 412 is: somebody else was faster.
import { clean } from "./dirty.js";

const WAIT = 800;
const AGAIN = 5000;
const timers = new WeakMap();
const running = new WeakSet();

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

const save = async (form) => {
  if (running.has(form)) return plan(form, WAIT);
  running.add(form);
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  say(form, "saving");
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { Accept: "application/json" },
    });
    if (answer.status === 409 || answer.status === 412) return say(form, "stale");
    const told = await answer.json();
    if (told.revision !== undefined && form.elements.revision) form.elements.revision.value = told.revision;
    for (const [name, sum] of Object.entries(told.totals ?? {})) {
      const place = form.querySelector(`[data-total="${CSS.escape(name)}"]`);
      if (place) place.textContent = sum;
    }
    if (answer.ok) {
      clean();
      say(form, "saved", `${form.querySelector("[data-save-status]")?.dataset.saved} ${told.saved}`);
    } else say(form, "failed", told.sentence);
  } catch {
    say(form, "failed");
    plan(form, AGAIN);
  } finally {
    running.delete(form);
  }
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form && event.target.type !== "file") plan(form, WAIT);
});
window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    if (form.querySelector('[data-save-status][data-state="failed"]')) plan(form, 0);
  }
});
document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));
