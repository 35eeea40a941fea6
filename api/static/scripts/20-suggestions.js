/* Suggestions below the box of every search form, as the WAI-ARIA pattern «combobox with list autocomplete, manual selection» has it: the
   focus stays in the box, the arrows choose, Enter takes, Escape closes, Tab leaves. Texts become the question, titles lead to our page about the
   article. Asked only while somebody types, from three letters on; an answer to what is no longer typed is thrown away. */
(() => {
  "use strict";
  const PAUSE = 150;
  const LEAST = 3;
  const MOST = 6;
  const MOST_TEXTS = 4;
  const box = document.getElementById("q");
  const field = box && box.closest(".champ");
  if (!field || !box.form || !window.AbortController) return;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  field.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);

  let items = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  const isOpen = () => !list.hidden;

  function silence() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
  }

  function close() {
    silence();
    list.hidden = true;
    list.replaceChildren();
    items = [];
    box.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) {
      box.removeAttribute("aria-activedescendant");
    } else {
      box.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function optionOf(item, at) {
    const option = document.createElement("li");
    option.id = "suggestion-" + at;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    if (item.path) {
      option.className = "titre";
      option.append(element("span", "genre", "Article"), " ", element("bdi", "", item.text));
    } else {
      const typed = box.value.length;
      const goesOn = item.text.slice(0, typed).toLowerCase() === box.value.toLowerCase();
      const text = document.createElement("bdi");
      if (goesOn) text.append(item.text.slice(0, typed), element("b", "", item.text.slice(typed)));
      else text.append(element("b", "", item.text));
      option.append(text);
    }
    return option;
  }

  function show(answer) {
    const typed = box.value.trim().toLowerCase();
    const texts = answer.texts.filter((text) => text.toLowerCase() !== typed).slice(0, MOST_TEXTS);
    const titles = answer.titles.slice(0, MOST - texts.length);
    items = [
      ...texts.map((text) => ({ text })),
      ...titles.map((one) => ({ text: one.title, path: "/article/" + encodeURIComponent(one.id) })),
    ];
    list.replaceChildren(...items.map(optionOf));
    list.hidden = !items.length;
    box.setAttribute("aria-expanded", String(isOpen()));
    activate(-1);
  }

  /* What the search is narrowed to already: what finds nothing there is no suggestion. */
  const filters = () => [...box.form.querySelectorAll("input[type=hidden]")].map((one) => [one.name, one.value]);

  async function ask() {
    silence();
    const typed = box.value;
    if ((typed.match(/[\p{L}\p{N}]/gu) || []).length < LEAST) return close();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch("/api/v1/suggest?" + new URLSearchParams([["q", typed], ...filters()]), { signal: mine.signal });
      const told = answer.ok ? await answer.json() : { texts: [], titles: [] };
      if (mine === asking && typed === box.value && document.activeElement === box) show(told);
    } catch {
      if (mine === asking) close(); // without suggestions the box is still a box
    }
  }

  function take(item) {
    close();
    if (item.path) {
      location.assign(item.path);
    } else {
      box.value = item.text;
      box.form.requestSubmit();
    }
  }

  box.addEventListener("input", () => {
    // Also while letters are being composed: on a telephone every word is.
    silence();
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (!isOpen()) ask();
        else if (event.key === "ArrowDown") activate(active + 1 < items.length ? active + 1 : -1);
        else activate(active < 0 ? items.length - 1 : active - 1);
        break;
      case "Enter":
        if (active >= 0) {
          event.preventDefault();
          take(items[active]);
        } else {
          close();
        }
        break;
      case "Escape":
        if (isOpen()) {
          event.preventDefault(); // the first Escape closes, the next one may empty the box
          close();
        }
        break;
      case "Tab":
        close();
        break;
      case "ArrowLeft":
      case "ArrowRight":
      case "Home":
      case "End":
        activate(-1); // back to the letters
        break;
    }
  });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  window.addEventListener("pagehide", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(items[[...list.children].indexOf(option)]);
  });
})();
