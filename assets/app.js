// What scripts add to pages that work without them. Each module listens on the document, so swapped parts need no second visit.
import "./js/autosave.js";
import "./js/bulk.js";
import "./js/count.js";
import "./js/dirty.js";
import "./js/scheme.js";
import "./js/upload.js";

// On a phone the list of a form's sections is one line until it is asked for.
if (window.matchMedia("(max-width: 61.99rem)").matches) {
  for (const fold of document.querySelectorAll(".gf-sections-fold")) fold.open = false;
}
