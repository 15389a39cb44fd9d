// Shows how far a file has got. A form says data-upload; the answer's page takes the place of this one.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-upload]") || !form.querySelector('input[type="file"]')?.files.length) return;
  event.preventDefault();
  const bar = form.querySelector("progress") ?? form.appendChild(document.createElement("progress"));
  bar.max = 100;
  bar.hidden = false;
  bar.setAttribute("aria-label", form.dataset.upload || form.querySelector("label")?.textContent || "");
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (now) => { if (now.lengthComputable) bar.value = (100 * now.loaded) / now.total; });
  request.addEventListener("load", () => {
    if (request.status < 400) window.location.assign(request.responseURL);
    else {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const said = page.querySelector("main");
      if (said) document.querySelector("main").replaceWith(said);
      document.querySelector(".gf-summary")?.focus();
    }
  });
  request.addEventListener("error", () => { bar.hidden = true; form.submit(); });
  request.open("POST", form.action);
  request.send(new FormData(form, event.submitter));
});
