// Light and dark at once, where the switch in the footer is used; the cookie makes the server say the same next time.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('.gf-switch button[name="colours"]');
  if (!button) return;
  event.preventDefault();
  document.documentElement.dataset.colorScheme = button.value;
  document.querySelector('meta[name="color-scheme"]').content = button.value === "auto" ? "light dark" : button.value;
  for (const other of button.form.querySelectorAll("button")) other.toggleAttribute("aria-current", other === button);
  button.setAttribute("aria-current", "true");
  const sent = new URLSearchParams(new FormData(button.form));
  sent.set("colours", button.value);
  fetch(button.form.action, { method: "POST", body: sent, redirect: "manual" });
});
