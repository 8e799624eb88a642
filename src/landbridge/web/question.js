// The question: what the form holds, what the address bar holds, what the server is asked.

import { LANGUAGES } from "./texts.js";

export const TABS = ["itinerary", "tcd", "tornado", "lawtab"];
const SORTS = ["days", "cost", "carbon", "crossings", "transfers", "corridor"];
export const LISTS = ["modes", "via", "avoid", "jurisdictions", "scenarios"];
// fields of one value that stand in the form under their own name
export const PLAIN = ["depart", "unit", "units", "tonnes", "value_usd", "goods", "deadline", "scope", "objective", "operator", "flag", "vessel", "seed"];
const NUMBERS = ["units", "tonnes", "value_usd", "seed"];
const FIELDS = {
  origin: "from", destination: "to", depart: "depart", unit: "unit", units: "units", tonnes: "t", value_usd: "usd", goods: "goods", deadline: "by",
  scope: "scope", objective: "best", modes: "modes", via: "via", avoid: "avoid", jurisdictions: "law", operator: "operator", flag: "flag", vessel: "vessel", seed: "seed", scenarios: "if",
};
export const RESTING = { unit: "40ft", units: "1", goods: "general", scope: "door", objective: "generalized" };
const BETWEEN = ";"; // of a list; a place may be given as lat,lon
export const EVEN = [0, 0, 0];

export function empty() {
  const fields = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, LISTS.includes(name) ? [] : RESTING[name] || ""]));
  return { ...fields, sort: "", down: false, weights: [...EVEN], corridor: "", tab: "itinerary", lang: "" };
}

export function read(search) {
  const given = new URLSearchParams(search);
  const state = empty();
  for (const [field, name] of Object.entries(FIELDS)) {
    const text = (given.get(name) || "").slice(0, 400);
    if (!given.has(name)) continue;
    state[field] = LISTS.includes(field) ? text.split(["via", "avoid"].includes(field) ? BETWEEN : /[,;]/).filter(Boolean) : text;
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
    const value = LISTS.includes(field) ? state[field].join(["via", "avoid"].includes(field) ? BETWEEN : ",") : String(state[field]).trim();
    if (value && value !== RESTING[field]) given.set(name, value);
  }
  if (state.sort) given.set("sort", (state.down ? "-" : "") + state.sort);
  if (state.weights.some(Boolean)) given.set("w", state.weights.join(","));
  if (state.corridor) given.set("way", state.corridor);
  if (state.tab !== "itinerary") given.set("tab", state.tab);
  if (state.lang) given.set("lang", state.lang);
  const text = given.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  return text ? `?${text}` : "/";
}

// what the server is asked; numbers that are no numbers go as typed, so that it says what is wrong
export function body(state, { scenarios = state.scenarios } = {}) {
  const number = (text) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
  const value = (name) => (NUMBERS.includes(name) ? number(state[name]) : state[name].trim() || undefined);
  return {
    origin: state.origin, destination: state.destination, ...Object.fromEntries(PLAIN.map((name) => [name, value(name)])),
    modes: state.modes, via: state.via, avoid: state.avoid, jurisdictions: state.jurisdictions, scenarios,
  };
}
