// What stands on the map in words and signs: ends, passages, crossings, terminals, numbers of ways, names of countries.
// They are elements, not pixels: a keyboard and a screen reader reach each mark, and the browser shapes every script.

import { bdi, el } from "./dom.js";
import { sign, withPicture } from "./mapstyle.js";
import { t } from "./texts.js";

const GAP = 2;
const SIDES = ["right", "left", "top", "bottom"];
const SIZE = { end: 18, passage: 17, gauge: 16, border: 15, terminal: 13, number: 22 };
let view = null;
let box = null;
let marks = null;
let items = [];
let current = "";
let open = () => null;

export function begin(map, host, onOpen) {
  [view, open] = [map, onOpen];
  marks = el("div", { role: "toolbar", class: "marks-on-map", onkeydown: along });
  box = el("div", { class: "overlay" }, el("div", { class: "words" }), marks);
  host.append(box);
  view.on("movestart", () => box.classList.add("moving"));
  view.on("move", place);
  view.on("moveend", () => {
    box.classList.remove("moving");
    settle();
  });
  view.on("resize", settle);
}

// Items: {key, kind, at: [lon, lat], words, rank, wants (a mark that yields to no other), name, onclick, isLit}.
export function put(wanted) {
  const known = new Map(items.map((item) => [item.key, item]));
  const had = document.activeElement?.closest?.(".pin") ? current : "";
  items = wanted.map((given) => {
    const old = known.get(given.key);
    const same = old && old.kind === given.kind && old.words === given.words && old.name === given.name;
    const item = { ...given, node: same ? old.node : made(given), size: same ? old.size : null };
    item.node.classList.toggle("lit", Boolean(given.isLit));
    return item;
  });
  marks.setAttribute("aria-label", t("marks"));
  // the order of elements is that of the keyboard
  arranged(box.firstChild, items.filter((item) => !item.name));
  arranged(marks, items.filter((item) => item.name));
  const pins = items.filter((item) => item.name);
  if (!pins.some((item) => item.key === current)) current = pins[0]?.key || "";
  for (const item of pins) item.node.tabIndex = item.key === current ? 0 : -1;
  if (had) pins.find((item) => item.key === current)?.node.focus({ preventScroll: true });
  settle();
}

function arranged(parent, own) {
  const nodes = own.map((item) => item.node);
  if (nodes.length !== parent.children.length || nodes.some((node, k) => parent.children[k] !== node)) parent.replaceChildren(...nodes);
}

function made({ key, kind, words, name, onclick }) {
  if (kind === "country") return el("span", { class: "country", "aria-hidden": "true", dir: "auto" }, words);
  if (kind === "number") return el("span", { class: "badge", "aria-hidden": "true", onclick }, words);
  const label = el("span", { class: "pin-words", "aria-hidden": "true" }, words ? bdi(words) : null);
  const button = el("button", { type: "button", class: `pin k-${kind}`, "aria-label": name, title: name, onclick: () => open(key), onfocus: () => (current = key) });
  button.append(...withPicture(sign(kind)).childNodes, label);
  return button;
}

// arrows go from mark to mark, in the order of the way
function along(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const pins = items.filter((item) => item.name);
  const at = pins.findIndex((item) => item.key === current);
  const to = event.key === "Home" ? 0 : event.key === "End" ? pins.length - 1 : step === undefined ? -1 : (at + step + pins.length) % pins.length;
  if (to < 0 || !pins[to]) return;
  event.preventDefault();
  event.stopPropagation(); // the map itself pans with the same keys
  for (const item of pins) item.node.tabIndex = -1;
  current = pins[to].key;
  pins[to].node.tabIndex = 0;
  const { x, y } = pins[to];
  if (x < 0 || y < 0 || x > box.clientWidth || y > box.clientHeight) view.jumpTo({ center: pins[to].at });
  pins[to].node.focus({ preventScroll: true });
}

const round = (lon, near) => lon - 360 * Math.round((lon - near) / 360);

function place() {
  const middle = view.getCenter().lng;
  const [width, height] = [box.clientWidth, box.clientHeight];
  for (const item of items) {
    const { x, y } = view.project([round(item.at[0], middle), item.at[1]]);
    [item.x, item.y] = [x, y];
    // what is out of sight waits at the edge: focus must not scroll the map's box
    item.node.style.transform = `translate(${Math.max(-30, Math.min(width + 30, x)).toFixed(1)}px, ${Math.max(-30, Math.min(height + 30, y)).toFixed(1)}px)`;
  }
}

// the map's own buttons take their room before all words
function buttons() {
  const outer = box.getBoundingClientRect();
  return [...document.querySelectorAll("#fit:not([hidden]), .maplibregl-ctrl-group")].map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left - outer.left, top - outer.top, right - outer.left, bottom - outer.top];
  });
}

// who finds room: the important first, each label on the first side that is free
export function settle() {
  if (!box || !items.length) return;
  place();
  for (const item of items) if (!item.size) item.node.classList.remove("off", "mute");
  for (const item of items) {
    if (item.size) continue;
    const words = item.kind === "country" ? item.node : item.node.querySelector(".pin-words");
    item.size = [words?.offsetWidth || 0, words?.offsetHeight || 0];
  }
  const [width, height] = [box.clientWidth, box.clientHeight];
  const taken = buttons();
  const isFree = (r) => taken.every((o) => r[0] >= o[2] || r[2] <= o[0] || r[1] >= o[3] || r[3] <= o[1]);
  const isInside = (r) => r[0] >= 2 && r[1] >= 2 && r[2] <= width - 2 && r[3] <= height - 2;
  const around = (x, y, w, h) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
  for (const item of [...items].sort((a, b) => a.rank - b.rank)) {
    const { x, y, kind, node } = item;
    const [w, h] = item.size;
    const isFar = x < -20 || y < -20 || x > width + 20 || y > height + 20;
    if (kind === "country") {
      const r = around(x, y, w + 2 * GAP, h);
      const is = isInside(r) && isFree(r);
      node.classList.toggle("off", !is);
      if (is) taken.push(r);
      continue;
    }
    const half = SIZE[kind] / 2;
    const own = around(x, y, SIZE[kind], SIZE[kind]);
    const slim = around(x, y, SIZE[kind] - 9, SIZE[kind] - 9);
    const is = !isFar && (kind === "end" || isFree(item.wants ? slim : own));
    node.classList.toggle("off", !is);
    if (!is) continue;
    taken.push(own);
    if (!w) continue;
    const at = {
      right: [x + half + 3, y - h / 2], left: [x - half - 3 - w, y - h / 2], top: [x - w / 2, y - half - 1 - h], bottom: [x - w / 2, y + half + 1],
    };
    const side = SIDES.find((name) => {
      const r = [at[name][0] - GAP, at[name][1], at[name][0] + w + GAP, at[name][1] + h];
      if (!isInside(r) || !isFree(r)) return false;
      taken.push(r);
      return true;
    });
    node.classList.toggle("mute", !side);
    if (side) node.dataset.side = side;
  }
}

// fonts that came late change the widths of words
export function remeasure() {
  for (const item of items) item.size = null;
  settle();
}
