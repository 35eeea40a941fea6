/* What goes with results that follow the typing: the address and the feeds named in the head are those of the search that is shown, a search
   that is not answered says so. The address is set here and not by htmx, which would keep what was searched in the browser's storage. */
(() => {
  "use strict";
  try {
    sessionStorage.removeItem("htmx-current-path-for-history"); // it is written as soon as htmx is there, with or without its history
  } catch {
    /* a browser that keeps nothing */
  }

  const box = document.getElementById("q");
  const failure = document.getElementById("coupure");
  if (!box || !box.form || !failure) return;
  const said = failure.textContent.trim();
  const busy = (is) => {
    const region = document.getElementById("resultats");
    if (region) region.setAttribute("aria-busy", String(is));
  };

  // Other words are corrected again.
  box.addEventListener("input", () => box.form.querySelectorAll("[name=tel_quel]").forEach((one) => one.remove()));

  document.addEventListener("htmx:beforeRequest", () => busy(true));
  document.addEventListener("htmx:afterRequest", () => busy(false));
  document.addEventListener("htmx:afterSwap", (event) => {
    failure.hidden = true;
    const address = event.detail.xhr.getResponseHeader("Content-Location");
    if (address) history.replaceState(history.state, "", address);
    for (const link of document.querySelectorAll("#resultats .abonner a[type]")) {
      const named = document.querySelector('link[rel="alternate"][type="' + link.type + '"]');
      if (named) named.href = link.href;
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      failure.querySelector("a").href = "/recherche?" + new URLSearchParams(new FormData(box.form));
      failure.hidden = false;
      const status = document.getElementById("annonce");
      if (status) status.textContent = said;
    });
  }
})();
