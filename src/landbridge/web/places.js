// A box for a place with suggestions in any script: the combobox pattern of ARIA.

import { ask } from "./api.js";
import { $, bdi, el, say } from "./dom.js";
import { placeNamed } from "./phrases.js";
import { country, named, t, whole } from "./texts.js";

const PAUSE_MS = 110;
const MOST = 8;
const KIND_WORDS = { crossing: "border" };

export function label(place) {
  const name = placeNamed(place.name);
  return place.country ? `${name}, ${place.country}` : name;
}

// `chosen` is told of a place; a list box (`isList`) takes many, and offers `more` of its own first
export function placeBox(id, { chosen, isList = false, more = () => [], kinds = [] }) {
  const input = $(id);
  const list = $(`${id}-list`);
  let rows = [];
  let at = -1;
  let timer = 0;
  let running = null;
  let meaning = { text: "", id: "" };

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (number) => {
    at = number;
    [...list.children].forEach((item, position) => item.setAttribute("aria-selected", String(position === at)));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const choose = (place) => {
    input.value = label(place);
    meaning = { text: input.value, id: place.id };
    close();
    chosen(place);
  };
  const show = (places) => {
    rows = places;
    list.replaceChildren(
      ...places.map((place, number) =>
        el(
          "li",
          {
            role: "option", id: `${id}-${number}`, "aria-selected": "false",
            onmousedown: (event) => event.preventDefault(),
            onclick: () => choose(place),
          },
          el("span", {}, bdi(placeNamed(place.name)), place.region ? el("span", { class: "soft" }, ` · ${place.region}`) : null),
          el("small", {}, [country(place.country), place.kind === "town" ? "" : named(KIND_WORDS[place.kind] || place.kind, place.kind)].filter(Boolean).join(" · ")),
        ),
      ),
    );
    if (!places.length) list.append(el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("nosuggestion")));
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    say(places.length ? t("suggestcount", { n: whole(places.length) }) : t("nosuggestion"));
  };
  const suggest = async (text = input.value.trim()) => {
    running?.abort();
    if (!text) {
      close();
      return;
    }
    running = new AbortController();
    try {
      const answer = await ask(`/v1/places?begun=true&limit=${kinds.length ? 20 : MOST}&q=${encodeURIComponent(text.slice(0, 200))}`, { signal: running.signal });
      const own = more(text, id);
      const others = answer.places.filter((place) => (!kinds.length || kinds.includes(place.kind)) && !own.some((one) => one.id === place.id));
      if (document.activeElement === input) show([...own, ...others].slice(0, MOST));
    } catch (error) {
      if (error.name !== "AbortError") close(); // what is wrong is said when the question is asked
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) suggest();
      else if (rows.length) mark((at + (event.key === "ArrowDown" ? 1 : -1) + rows.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % rows.length);
    } else if (event.key === "Enter" && isOpen && at >= 0) {
      event.preventDefault();
      choose(rows[at]);
    } else if (event.key === "Enter") {
      close();
      if (!isList) return;
      event.preventDefault(); // it adds to the list, and does not ask
      const text = input.value.trim();
      if (text) chosen({ id: text, name: text, country: "" });
    }
    else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && isOpen && at >= 0) choose(rows[at]);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    running?.abort();
    close();
    const text = input.value.trim();
    if (isList && text) chosen({ id: text, name: text, country: "" });
  });
  input.addEventListener("focus", () => input.select());

  return {
    // the id of the chosen place while its name stands in the box, else the text as typed
    get value() {
      return input.value === meaning.text && meaning.id ? meaning.id : input.value.trim();
    },
    set(text, place = "") {
      input.value = text;
      meaning = { text, id: place };
    },
    get text() {
      return input.value;
    },
    offer(text) {
      input.focus();
      suggest(text);
    },
  };
}
