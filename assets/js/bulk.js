// Shows how many rows are chosen, and chooses all of the page.
const boxes = (bar) => [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(bar.dataset.bulk)}"]`)];

const show = (bar) => {
  const all = boxes(bar);
  const chosen = all.filter((box) => box.checked).length;
  bar.dataset.chosen = chosen;
  const place = bar.querySelector("[data-bulk-count]");
  const number = new Intl.NumberFormat(document.documentElement.lang).format(chosen);
  place.textContent = chosen ? `${bar.dataset.some} ${number}` : bar.dataset.none;
  const every = bar.querySelector("[data-bulk-all]");
  every.checked = all.length > 0 && chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
};

const showEach = () => {
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.querySelector("[data-bulk-all-box]").hidden = false;
    show(bar);
  }
};

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-bulk-all]")) {
    const bar = event.target.closest("[data-bulk]");
    for (const box of boxes(bar)) box.checked = event.target.checked;
  }
  showEach();
});
document.addEventListener("htmx:after:swap", showEach);
window.addEventListener("pageshow", showEach);
