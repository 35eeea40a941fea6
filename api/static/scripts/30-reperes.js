/* Where the reader was. A filter, an order or a page number taken with the keyboard leads to a page on which the focus is where it was, or on
   the number of results when that place is gone; words typed a moment before are taken along. */
(() => {
  "use strict";
  const PLACE = "luciole-repere";
  const box = document.getElementById("q");
  const region = () => document.getElementById("resultats");
  if (!region() || !box) return;

  function show(element) {
    for (let one = element.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    return element.getClientRects().length > 0;
  }

  function focus(id) {
    const heading = document.querySelector("#resultats h1");
    const place = id && document.getElementById(id);
    (place && show(place) ? place : heading || document.getElementById("contenu")).focus();
  }

  /* One word, for the time of one step from page to page. */
  function remember(id) {
    try {
      sessionStorage.setItem(PLACE, id);
    } catch {
      /* a browser that keeps nothing: the focus begins at the top, as everywhere */
    }
  }

  function recall() {
    try {
      const id = sessionStorage.getItem(PLACE);
      sessionStorage.removeItem(PLACE);
      return id;
    } catch {
      return null;
    }
  }

  /* The results follow the typing a quarter of a second later: until then their links are of other words. */
  function takeAlong(link) {
    const shown = new URLSearchParams(location.search).get("q") || "";
    const there = new URL(link.href);
    if (box.value.trim() === shown.trim() || (there.searchParams.get("q") || "") !== shown) return;
    there.searchParams.set("q", box.value);
    there.searchParams.delete("page");
    link.href = there.href;
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("#resultats a[href]");
    if (!link || link.origin !== location.origin || link.pathname !== location.pathname) return;
    takeAlong(link);
    if (event.detail === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) remember(link.id); // by keyboard
  });

  const place = recall();
  if (place !== null) {
    focus(place);
    const status = document.getElementById("annonce");
    const heading = document.querySelector("#resultats h1");
    // A region that speaks must be there first, and silent.
    if (status && heading) setTimeout(() => (status.textContent = heading.textContent.trim()), 300);
  }

  let inside = false;
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    inside = region() !== null && region().contains(document.activeElement);
    opened = [...document.querySelectorAll("#resultats details[id][open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) {
      const one = document.getElementById(id);
      if (one) one.open = true;
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (inside && document.activeElement === document.body) focus("");
    inside = false;
  });
})();
