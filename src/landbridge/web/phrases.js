// What the server says in English, in the page's language: names of places, texts of charts, refusals.
// phrases.json holds templates; a text that fits none stays as it is, rather than half translated.

import { catalogued, country, date, isRightToLeft, named, spoken, t } from "./texts.js";

let names = {};
let templates = [];
let kept = new Map();
let loaded = "en";

export async function loadPhrases() {
  const code = spoken();
  if (code === loaded) return;
  [names, templates, kept, loaded] = [{}, [], new Map(), code];
  if (code === "en") return;
  const fetched = (path) => fetch(path).then((answer) => (answer.ok ? answer.json() : {}));
  const [own, rows] = await Promise.all([fetched(`/web/names/${code}.json`), fetched("/web/phrases.json")]);
  if (code !== loaded) return; // another language meanwhile
  names = own;
  templates = rows.map((row) => template(row.en, row[code])).sort((a, b) => b.weight - a.weight);
}

function template(english, own) {
  const fields = [...english.matchAll(/\{(\w+)(#?)\}/g)].map(([, name, isNumber]) => name + isNumber);
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const pattern = escaped.replace(/\{\w+#\}/g, "([+\\-−]?[\\d.,]+)").replace(/\{\w+\}/g, "(.+?)");
  return { test: new RegExp(`^${pattern}$`, "s"), own, fields, weight: english.replace(/\{\w+#?\}/g, "").length };
}

// a place's name; parts of a compound one only where each is known
export function placeNamed(name) {
  if (names[name]) return names[name];
  const crossing = /^([A-Z]{2})-([A-Z]{2}) (rail|road) crossing (\d+)$/.exec(name);
  if (crossing) return t("crossingno", { a: country(crossing[1]), b: country(crossing[2]), mode: t(crossing[3]).toLocaleLowerCase(spoken()), n: numbered(crossing[4]) });
  if (loaded === "en") return name;
  const terminal = /^(.+) rail terminal$/.exec(name);
  if (terminal) return t("railterminal", { name: placeNamed(terminal[1]) });
  const parts = name.split(/( \(|\)| \/ | – )/);
  if (parts.length > 1 && parts.every((part, k) => k % 2 || !part || names[part])) return parts.map((part, k) => (k % 2 ? part : names[part] || "")).join("");
  return name;
}

const NUMBER = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
const VERBATIM = new Set(["text", "id", "flag"]); // what was typed, or is to be typed
const isNumber = (text) => NUMBER.test(text);

function numbered(text) {
  const [, sign, integer, decimals = ""] = NUMBER.exec(text);
  const form = new Intl.NumberFormat(spoken(), { minimumFractionDigits: decimals.length, maximumFractionDigits: decimals.length, useGrouping: integer.includes(",") });
  const shown = form.format(Number(`${integer.replaceAll(",", "")}.${decimals || 0}`));
  return sign === "-" ? `−${shown}` : sign + shown;
}

export function said(text) {
  if (loaded === "en" || !text) return text;
  if (!kept.has(text)) kept.set(text, translated(text));
  return kept.get(text);
}

// a refusal: options of the command line are the fields of the form here
const OPTIONS = { depart: "depart", deadline: "deadline", units: "units", unit: "unit", tonnes: "tonnes", "value-usd": "value", goods: "goods", mode: "modes", via: "via", avoid: "avoid", jurisdiction: "jurisdictions", flag: "flag" };
export const refusal = (text) => said(text).replace(/--([a-z]+(?:-[a-z]+)*)/g, (option, name) => (OPTIONS[name] ? `“${t(OPTIONS[name])}”` : option));

function translated(text) {
  const asked = text.trim();
  if (isNumber(asked)) return numbered(asked);
  if (/^\d{4}-\d{2}-\d{2}$/.test(asked)) return date(asked);
  const range = /^([\d,.]+)-([\d,.]+)( [^,]+)?$/.exec(asked);
  if (range && isNumber(range[1]) && isNumber(range[2])) return `${numbered(range[1])}–${numbered(range[2])}${range[3] || ""}`;
  const percent = /^(\d+) %$/.exec(asked);
  if (percent) return new Intl.NumberFormat(spoken(), { style: "percent" }).format(Number(percent[1]) / 100);
  const key = catalogued(asked);
  if (key) return t(key);
  for (const { test, own, fields } of templates) {
    const found = test.exec(asked);
    if (!found) continue;
    const values = Object.fromEntries(fields.map((name, k) => [name, VERBATIM.has(name) ? found[k + 1] : said(found[k + 1])]));
    return own.replace(/\{(\w+#?)\}/g, (_, name) => values[name]);
  }
  const cut = /^(.+), [a-z]+…$/.exec(asked);
  if (cut) return `${said(cut[1])}, …`;
  if (asked.includes(" → ")) return asked.split(" → ").map(said).join(isRightToLeft() ? " ← " : " → ");
  if (asked.includes("; ")) return asked.split("; ").map(said).join(isRightToLeft() ? "؛ " : "; ");
  const inCountry = /^(.+), ([A-Z]{2})$/.exec(asked);
  if (inCountry) return `${placeNamed(inCountry[1])}, ${country(inCountry[2])}`;
  const place = placeNamed(asked);
  return place === asked ? named(`g.${asked}`, asked) : place;
}

// A drawing with its words in the page's language; each keeps its place, and reads from its own side.
export function drawnIn(svg) {
  if (loaded === "en") return svg;
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml");
  const width = Number(drawn.documentElement.getAttribute("width"));
  const turned = { start: "end", end: "start" };
  for (const node of drawn.querySelectorAll("text, title, desc")) {
    const own = said(node.textContent);
    if (own === node.textContent) continue;
    node.textContent = own;
    if (node.nodeName === "text") fitted(node, own, width);
    if (!isRightToLeft() || node.nodeName !== "text" || !/\p{L}/u.test(own)) continue;
    node.setAttribute("direction", "rtl");
    const anchor = node.getAttribute("text-anchor") || "start";
    node.setAttribute("text-anchor", turned[anchor] || anchor);
  }
  drawn.documentElement.setAttribute("lang", loaded);
  return new XMLSerializer().serializeToString(drawn);
}

// what begins at its place and would leave the drawing is set smaller
let pen = null;
function fitted(node, words, width) {
  if ((node.getAttribute("text-anchor") || "start") !== "start") return;
  pen ??= document.createElement("canvas").getContext("2d");
  const size = Number(node.getAttribute("font-size"));
  pen.font = `${node.getAttribute("font-weight") || ""} ${size}px "Noto Sans Landbridge", sans-serif`;
  const room = width - Number(node.getAttribute("x")) - 6;
  const wanted = pen.measureText(words).width;
  if (wanted > room) node.setAttribute("font-size", Math.max(6, (size * room) / wanted).toFixed(1));
}
