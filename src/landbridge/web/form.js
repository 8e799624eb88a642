// The form: its choices, what it holds, and what is wrong with it, said at the field.

import { $, bdi, el } from "./dom.js";
import { passageRows } from "./facts.js";
import { label, placeBox } from "./places.js";
import { refusal } from "./phrases.js";
import { EVEN, LISTS, PLAIN, RESTING } from "./question.js";
import { country, date, named, sentence, spoken, t, whole } from "./texts.js";
import { passageName } from "./ways.js";

const FOLDED = ["tonnes", "value_usd", "goods", "deadline", "scope", "objective", "modes", "via", "avoid", "jurisdictions", "operator", "flag", "vessel", "seed"];
const MODES = ["sea", "rail", "road", "iww", "ferry"];
export const boxes = {};
const names = new Map(); // what the tokens of via and avoid are called

export function beginForm(state, { changed, ask }) {
  for (const id of ["origin", "destination"]) {
    boxes[id] = placeBox(id, { chosen: changed });
    boxes[id].set(state[id]);
  }
  for (const id of ["via", "avoid"]) {
    boxes[id] = placeBox(id, {
      isList: true, more: passagesBegun, kinds: id === "avoid" ? ["terminal", "crossing", "passage"] : [],
      chosen: (place) => {
        if (!place.id) return;
        names.set(place.id, place.kind === "passage" ? place.name : label(place));
        add(state, id, place.id, ask);
      },
    });
    $(id).addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !$(id).value && state[id].length) {
        state[id] = state[id].slice(0, -1);
        tokens(state, id, ask);
        ask();
      }
    });
  }
  for (const name of PLAIN) $(name).addEventListener("change", () => ask());
  $("swap").addEventListener("click", () => {
    const [a, b] = [boxes.origin, boxes.destination].map((box) => [box.text, box.value]);
    boxes.origin.set(...b);
    boxes.destination.set(...a);
    changed();
  });
  $("more-toggle").addEventListener("click", () => openMore($("more").hidden));
}

function add(state, id, value, ask) {
  boxes[id].set("");
  if (!state[id].includes(value)) state[id] = [...state[id], value];
  tokens(state, id, ask);
  ask();
}

// passages and countries that begin so, in the page's language, before places
function passagesBegun(text, id) {
  const begun = text.toLocaleLowerCase();
  const is = (words) => words.toLocaleLowerCase().split(/[\s-]+/).some((word) => word.startsWith(begun)) || words.toLocaleLowerCase().startsWith(begun);
  const found = passageRows().map((row) => ({ id: row.id, name: passageName(row), kind: "passage", country: "" })).filter((row) => is(row.name) || is(row.id));
  if (id === "avoid" && /^[a-z]{2}$/i.test(text) && country(text.toUpperCase()) !== text.toUpperCase()) found.unshift({ id: text.toUpperCase(), name: country(text.toUpperCase()), kind: "country", country: "" });
  return found.slice(0, 6);
}

const called = (value) => {
  const row = passageRows().find((one) => one.id === value);
  return row ? passageName(row) : names.get(value) || country(value);
};

function tokens(state, id, ask) {
  $(`${id}-tokens`).replaceChildren(...state[id].map((value) =>
    el("li", {}, bdi(called(value)), el("button", { type: "button", "aria-label": `${t("remove")}: ${called(value)}`, title: t("remove"), onclick: () => {
      state[id] = state[id].filter((one) => one !== value);
      tokens(state, id, ask);
      $(id).focus();
      ask();
    } }, "×"))));
  $(`${id}-tokens`).hidden = !state[id].length;
}

export function fillForm(state, { choices, scenarios, ask }) {
  const option = (value, words) => el("option", { value }, words);
  $("unit").replaceChildren(...choices.units.map((unit) => option(unit, unit)));
  const goods = choices.goods.filter((row) => row.behaviour !== "refuse" || row.id === state.goods).map((row) => [row.id, named(`g.${row.id}`, row.title)]);
  goods.sort((a, b) => (a[0] !== "general") - (b[0] !== "general") || a[1].localeCompare(b[1], spoken()));
  if (!goods.some(([id]) => id === state.goods)) goods.push([state.goods, state.goods]);
  $("goods").replaceChildren(...goods.map(([id, words]) => option(id, words)));
  $("scope").replaceChildren(...["door", "terminal"].map((id) => option(id, t(`scope.${id}`))));
  $("objective").replaceChildren(...["generalized", "time", "cost", "emissions", "distance"].map((id) => option(id, t(`objective.${id}`))));
  const chip = (list, value, words, title) =>
    el("label", { title }, el("input", {
      type: "checkbox", value, checked: state[list].includes(value),
      onchange: (event) => {
        state[list] = event.target.checked ? [...state[list], value] : state[list].filter((one) => one !== value);
        ask();
      },
    }), words);
  $("scenarios").replaceChildren(...scenarios.map((one) => chip("scenarios", one.id, named(`s.${one.id}`, one.title), t("whatscenario", { title: one.title, note: one.note }))));
  $("jurisdictions").replaceChildren(...choices.jurisdictions.map((code) => chip("jurisdictions", code, jurisdiction(code), t("jurisdictionsnone"))));
  $("modes").replaceChildren(...MODES.map((mode) => chip("modes", mode, t(mode), t("modesnone"))));
  for (const id of ["via", "avoid"]) tokens(state, id, ask);
  for (const name of PLAIN) $(name).value = state[name];
  $("depart").title = t("refdate", { date: date(choices.reference_date) });
}

// what the ids of an address are called; who is not found keeps the id
export async function nameTokens(state, ask_, ask) {
  const unknown = [...state.via, ...state.avoid].filter((value) => called(value) === value && !/^[A-Z]{2}$/.test(value));
  if (!unknown.length) return;
  await Promise.all(unknown.map(async (value) => {
    const { places } = await ask_(`/v1/places?limit=1&q=${encodeURIComponent(value)}`);
    if (places[0]?.id === value) names.set(value, label(places[0]));
  })).catch(() => null);
  for (const id of ["via", "avoid"]) tokens(state, id, ask);
}

// the names that an answer gives to what was asked by id
export function knowNames(request) {
  for (const place of [request.origin, request.destination]) names.set(place.id, label(place));
}

export function jurisdiction(code) {
  if (code === "us_secondary") return t("ussecondary");
  return country({ eu: "EU", un: "UN", uk: "GB" }[code] || code.toUpperCase());
}

export function readForm(state) {
  for (const name of PLAIN) state[name] = $(name).value;
  state.origin = boxes.origin.value;
  state.destination = boxes.destination.value;
}

export const isFolded = (state) => FOLDED.every((name) => (LISTS.includes(name) ? !state[name].length : !state[name] || state[name] === RESTING[name]));

let resized = () => null;
export const onResize = (act) => (resized = act);

export function openMore(is) {
  $("more").hidden = !is;
  $("more-toggle").setAttribute("aria-expanded", String(is));
  resized();
}

export function faults(error) {
  for (const field of document.querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    const isMine = error && error.where.split(".")[0] === name;
    const note = $(`${name}-fault`);
    const input = $(name);
    note.hidden = !isMine;
    note.replaceChildren(...(isMine ? fault(error, name) : []));
    if (["INPUT", "SELECT"].includes(input?.tagName)) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      if (isMine) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", `${name}-fault`);
      }
    }
    if (isMine && field.closest("#more")) openMore(true);
  }
}

function fault(error, name) {
  const parts = [el("span", {}, sentence(refusal(error.message)), error.hint ? ` – ${refusal(error.hint)}` : ""), " "];
  if (name === "origin" || name === "destination") parts.push(el("button", { type: "button", onclick: () => boxes[name].offer(boxes[name].text) }, t("suggestions")));
  return parts;
}

export function weights(state, { onInput, onChange }) {
  $("weights").replaceChildren(...["wtime", "wcost", "wcarbon"].map((name, k) => {
    const shows = el("output", {}, whole(state.weights[k]));
    return el("label", {}, t(name), el("input", {
      type: "range", min: "0", max: "100", step: "5", value: state.weights[k],
      oninput: (event) => {
        state.weights[k] = Number(event.target.value);
        shows.textContent = whole(state.weights[k]);
        onInput();
      },
      onchange: onChange,
    }), shows);
  }));
}

export function unweighed(state) {
  state.weights = [...EVEN];
}
