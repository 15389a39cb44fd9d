// What scripts add to pages that work without them. Each module listens on the document, so swapped parts need no second visit.
import "./js/autosave.js";
import "./js/bulk.js";
import "./js/count.js";
import "./js/dirty.js";
import "./js/keep.js";
import "./js/scheme.js";
import "./js/upload.js";

// On a phone the list of a form's sections is one line until it is asked for.
if (window.matchMedia("(max-width: 61.99rem)").matches) {
  for (const fold of document.querySelectorAll(".gf-sections-fold")) fold.open = false;
}

// A diagram larger than its frame begins at the state of today, or where it begins.
const toToday = (place) => {
  for (const frame of place.querySelectorAll(".gf-drawing")) {
    const node = frame.querySelector(".now, .start");
    if (!node || !frame.clientWidth) continue;
    const [inner, outer] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
    frame.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
  }
};
toToday(document);
document.addEventListener("toggle", (event) => { if (event.target.open) toToday(event.target); }, true);
