// The question: what the form holds, what the address bar holds, what the server is asked.

import { LANGUAGES } from "./texts.js";

export const TABS = ["itinerary", "tcd", "tornado", "lawtab"];
const SORTS = ["days", "cost", "carbon", "crossings", "transfers", "corridor"];
const LISTS = ["jurisdictions", "scenarios"];
const FIELDS = { origin: "from", destination: "to", depart: "depart", unit: "unit", units: "units", tonnes: "t", value_usd: "usd", goods: "goods", deadline: "by", jurisdictions: "law", scenarios: "if" };
const RESTING = { unit: "40ft", units: "1", goods: "general" };
export const EVEN = [0, 0, 0];

export function empty() {
  return {
    origin: "", destination: "", depart: "", unit: "40ft", units: "1", tonnes: "", value_usd: "", goods: "general", deadline: "",
    jurisdictions: [], scenarios: [], sort: "", down: false, weights: [...EVEN], corridor: "", tab: "itinerary", lang: "",
  };
}

export function read(search) {
  const given = new URLSearchParams(search);
  const state = empty();
  for (const [field, name] of Object.entries(FIELDS)) {
    const text = (given.get(name) || "").slice(0, 400);
    if (!given.has(name)) continue;
    state[field] = LISTS.includes(field) ? text.split(",").filter(Boolean) : text;
  }
  const sort = given.get("sort") || "";
  state.down = sort.startsWith("-");
  state.sort = SORTS.includes(sort.replace("-", "")) ? sort.replace("-", "") : "";
  const weights = (given.get("w") || "").split(",").map(Number);
  if (weights.length === 3 && weights.every((w) => w >= 0 && w <= 100)) state.weights = weights;
  state.corridor = given.get("way") || "";
  state.tab = TABS.includes(given.get("tab")) ? given.get("tab") : "itinerary";
  state.lang = LANGUAGES.includes(given.get("lang")) ? given.get("lang") : "";
  return state;
}

export function write(state) {
  const given = new URLSearchParams();
  for (const [field, name] of Object.entries(FIELDS)) {
    const value = LISTS.includes(field) ? state[field].join(",") : String(state[field]).trim();
    if (value && value !== RESTING[field]) given.set(name, value);
  }
  if (state.sort) given.set("sort", (state.down ? "-" : "") + state.sort);
  if (state.weights.some(Boolean)) given.set("w", state.weights.join(","));
  if (state.corridor) given.set("way", state.corridor);
  if (state.tab !== "itinerary") given.set("tab", state.tab);
  if (state.lang) given.set("lang", state.lang);
  const text = given.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "/";
}

// what the server is asked; numbers that are no numbers go as typed, so that it says what is wrong
export function body(state, { scenarios = state.scenarios } = {}) {
  const number = (text) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
  return {
    origin: state.origin, destination: state.destination, unit: state.unit, units: number(state.units), tonnes: number(state.tonnes),
    value_usd: number(state.value_usd), goods: state.goods, depart: state.depart || undefined, deadline: state.deadline || undefined,
    jurisdictions: state.jurisdictions, scenarios,
  };
}
