// Says how many characters are left, counted as the server counts them: by code points, a line end as one.
export const left = (text, limit) => limit - [...text.replace(/\r\n?/g, "\n")].length;

let later;
const show = (control) => {
  const place = document.querySelector(`[data-counter="${CSS.escape(control.id)}"]`);
  if (!place) return;
  const rest = left(control.value, Number(control.dataset.limit));
  const number = new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(rest));
  place.dataset.state = rest < 0 ? "over" : "left";
  place.textContent = `${rest < 0 ? place.dataset.over : place.dataset.left} ${number}`;
};

if (typeof document !== "undefined") {
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-limit]")) return;
    show(event.target);
    // Read aloud a second after the last key, not at each.
    clearTimeout(later);
    const place = document.querySelector(`[data-counter="${CSS.escape(event.target.id)}"]`);
    place?.removeAttribute("aria-live");
    later = setTimeout(() => place?.setAttribute("aria-live", "polite"), 1000);
  });
}
