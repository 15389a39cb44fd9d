// What scripts add to pages that work without them. Each module listens on the document, so swapped parts need no second visit.
import "./js/autosave.js";
import "./js/bulk.js";
import "./js/count.js";
import "./js/dirty.js";
import "./js/scheme.js";
import "./js/upload.js";
