// The map: land, every way by mode, and over it the marks that open their facts.

import { MARKS, MODES, collection, legend as legendOf, repaint, style } from "./mapstyle.js";
import { begin as beginOverlay, put, remeasure } from "./overlay.js";
import { $, el } from "./dom.js";
import { factsOf, markName, marksOf } from "./facts.js";
import { placeNamed } from "./phrases.js";
import { country, isRightToLeft, t, whole } from "./texts.js";

const ROOM = 44;
const NEAR = 1.25;
const REACH = 7;
const CLOSE = 2.8; // from this zoom on all countries are named
// named while no question is asked: enough to know where one is
const LARGE = new Set("AR AU BR CA CD CN DE DZ EG ES ET FR GB ID IN IR IT JP KE KZ LY ML MN MX NG NO PK PL RU SA SD SE TH TR UA US UZ VN ZA".split(" "));
const WORLD = [[-20, -32], [150, 68]];
let library = null;
let starting = null;
let view = null;
let shown = { ways: [], lines: [], marks: [], request: null };
let picked = "";
let hovered = "";
let popup = null;
let labels = [];
let handlers = {};
let badgesOf = null;
let isClose = false;

// What the map needs before it knows what to draw; it is made with its first answer, and so drawn once.
export function start(on) {
  handlers = on;
  starting ??= (async () => {
    library = await import("/web/vendor/maplibre-gl.mjs");
    library.prewarm();
    labels = await (await fetch("/web/labels.json")).json();
  })();
  return starting;
}

function open(box) {
  try {
    view = new library.Map({
      container: "map", style: style({ ways: waysData(), top: topData() }), attributionControl: false, dragRotate: false, pitchWithRotate: false, validateStyle: false,
      bounds: box || WORLD, fitBoundsOptions: { padding: box ? room() : 0, maxZoom: 7 }, maxZoom: 9, minZoom: 0.4, fadeDuration: 0, renderWorldCopies: true,
      locale: { "Map.Title": t("map"), "NavigationControl.ZoomIn": t("zoomin"), "NavigationControl.ZoomOut": t("zoomout") },
    });
  } catch {
    view = null;
    starting = Promise.resolve();
    labels = null;
    $("map-box").append(el("p", {}, t("nomap")));
    $("fit").hidden = true;
    return;
  }
  view.touchZoomRotate.disableRotation();
  view.keyboard.disableRotation();
  view.addControl(new library.NavigationControl({ showCompass: false }), isRightToLeft() ? "top-left" : "top-right");
  view.on("error", (event) => console.warn(event.error?.message));
  beginOverlay(view, view.getCanvasContainer().parentElement, openMark);
  view.on("mousemove", (event) => hoverWay(event.originalEvent.target === view.getCanvas() ? wayAt(event.point) : ""));
  view.on("mouseout", () => hoverWay(""));
  view.on("click", (event) => event.originalEvent.target === view.getCanvas() && handlers.pick(wayAt(event.point)));
  view.on("zoomend", () => isClose !== view.getZoom() >= CLOSE && names());
  $("fit").addEventListener("click", () => fit(shown.lines));
  document.fonts.addEventListener("loadingdone", remeasure);
}

const feature = (line) => ({ type: "Feature", properties: { way: line.way, mode: line.mode }, geometry: { type: "MultiLineString", coordinates: line.coordinates } });
const waysData = () => collection(shown.lines.map(feature));
const topData = () => collection(shown.lines.filter((line) => line.way === (hovered || picked)).map(feature));

export async function draw(comparison, ways, lines, { keepView = false, pick = "" } = {}) {
  await starting;
  const numbers = new Map(ways.map((way) => [way.position, way]));
  const own = lines.filter((line) => numbers.has(line.option)).map((line) => ({ ...line, way: numbers.get(line.option).id }));
  shown = { ways, lines: own, marks: marksOf(ways), request: comparison.request };
  picked = pick;
  popup?.remove();
  badgesOf = null;
  handlers.legend(legend());
  $("fit").hidden = !own.length;
  if (!view) {
    if (labels) open(windowOf(likely()));
    if (!view) return;
  } else {
    view.resize(); // what stands beside the map has just changed
    view.getSource("ways").setData(waysData());
    if (!keepView) fit(likely());
    dim();
    view.getSource("top").setData(topData());
  }
  names();
  await new Promise((done) => view.once("idle", done));
}

// a map without an answer yet
export async function idleMap() {
  await starting;
  if (view || !labels) return;
  open(null);
  if (!view) return;
  names();
  await new Promise((done) => view.once("idle", done));
}

// a question without an answer leaves the ground alone
export function clear() {
  shown = { ways: [], lines: [], marks: [], request: null };
  badgesOf = null;
  popup?.remove();
  $("fit").hidden = true;
  handlers.legend([]);
  if (!view) return;
  for (const source of ["ways", "top"]) view.getSource(source).setData(collection([]));
  names();
}

// everything that carries words, or depends on what is picked
function names() {
  if (!view) return;
  const used = new Set(shown.ways.flatMap((way) => way.option.countries));
  const focus = hovered || picked;
  const pin = (kind, key, at, words, name, rank, wants) => ({ kind, key, at: [at.lon, at.lat], words, name, rank, wants });
  const ends = shown.request ? [shown.request.origin, shown.request.destination].map((place) => pin("end", `end:${place.id}`, place, placeNamed(place.name), `${t("end")}: ${placeNamed(place.name)}`, 0, true)) : [];
  const order = new Map((shown.ways.find((way) => way.id === focus)?.option.legs || []).flatMap((leg, k) => [[leg.from.id, k], ...leg.passages.map((id) => [id, k])]).reverse());
  const marks = shown.marks
    .filter((one) => one.kind !== "terminal" || one.ways.has(focus))
    .map((one) => {
      const isOwn = one.ways.has(focus);
      const rank = isOwn ? (one.kind === "terminal" ? 3 : 2) : one.kind === "passage" ? 4 : 40;
      const made = pin(one.kind, one.key, one.place, one.kind === "passage" || isOwn ? markName(one) : "", `${t(one.kind)}: ${markName(one)}`, rank, isOwn);
      return { ...made, along: isOwn ? order.get(one.place.id) ?? 90 : 99, isLit: isOwn };
    })
    .sort((a, b) => a.along - b.along);
  const numbers = badges().map(({ way, at }) => ({
    kind: "number", key: `number:${way.id}`, at, words: whole(way.number), rank: way.id === focus ? 1 : 5 + way.number, isLit: way.id === focus, onclick: () => handlers.pick(way.id),
  }));
  const wanted = used.size ? used : LARGE;
  isClose = view.getZoom() >= CLOSE;
  const countries = labels.filter(([code]) => isClose || wanted.has(code)).map(([code, lon, lat]) => ({ kind: "country", key: code, at: [lon, lat], words: country(code), rank: wanted.has(code) ? 80 : 90 }));
  put([ends[0], ...marks, ends[1], ...numbers, ...countries].filter(Boolean));
}

// a number stands where its way is farthest from all others
function badges() {
  if (badgesOf?.lines === shown.lines) return badgesOf.found;
  const points = shown.ways.map((way) => {
    const all = shown.lines.filter((line) => line.option === way.position).flatMap((line) => line.coordinates.flatMap((part) => dense(part)));
    const step = Math.max(1, Math.floor(all.length / 60));
    return all.filter((_, k) => k % step === 0);
  });
  const gap = (one, other) => (other[0] - one[0]) ** 2 + ((other[1] - one[1]) * 1.3) ** 2;
  const taken = [];
  const found = shown.ways.map((way, k) => {
    let top = { score: -1, at: points[k][Math.floor(points[k].length / 2)] };
    points[k].forEach((at, position) => {
      let least = 81;
      for (let j = 0; j < points.length; j += 1) {
        if (j === k) continue;
        for (const other of points[j]) {
          const now = gap(at, other);
          if (now < least) least = now;
        }
      }
      for (const other of taken) least = Math.min(least, gap(at, other) / 2.25);
      const score = Math.sqrt(least) - Math.abs(position / points[k].length - 0.5);
      if (score > top.score) top = { score, at };
    });
    if (top.at) taken.push(top.at);
    return { way, at: top.at };
  }).filter((one) => one.at);
  badgesOf = { lines: shown.lines, found };
  return found;
}

function dense(part) {
  const points = [];
  for (let k = 1; k < part.length; k += 1) {
    const [a, b] = [part[k - 1], part[k]];
    const n = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 1.5));
    for (let i = 0; i < n; i += 1) points.push([a[0] + ((b[0] - a[0]) * i) / n, a[1] + ((b[1] - a[1]) * i) / n]);
  }
  return points;
}

// the ways that the first look is at: those not far from the best; "show all" has the rest
function likely() {
  const costs = shown.ways.map((way) => way.option.generalized_cost_usd).filter((cost) => cost !== null);
  const most = NEAR * Math.min(...costs);
  const near = new Set(shown.ways.filter((way, k) => k < 3 || way.option.generalized_cost_usd <= most).map((way) => way.position));
  return shown.lines.filter((line) => near.has(line.option));
}

// the smallest window that holds all lines, over the antimeridian where that is smaller
function windowOf(lines) {
  const ends = shown.request ? [shown.request.origin, shown.request.destination].map((place) => [place.lon, place.lat]) : [];
  const all = [...lines.flatMap((line) => line.coordinates.flat()), ...ends];
  if (!all.length) return null;
  const lons = all.map(([lon]) => lon).sort((a, b) => a - b);
  let gap = lons[0] + 360 - lons.at(-1);
  let [west, east] = [lons[0], lons.at(-1)];
  for (let k = 1; k < lons.length; k += 1) {
    if (lons[k] - lons[k - 1] > gap) {
      gap = lons[k] - lons[k - 1];
      [west, east] = [lons[k], lons[k - 1] + 360];
    }
  }
  const lats = all.map(([, lat]) => lat);
  return [[west, Math.max(-75, Math.min(...lats))], [east, Math.min(80, Math.max(...lats))]];
}

const room = () => ($("map").clientWidth < 500 ? { left: 36, right: 64, top: 40, bottom: 30 } : ROOM);

function fit(lines) {
  const box = view && windowOf(lines);
  if (box) view.fitBounds(box, { padding: room(), animate: false, maxZoom: 7 });
}

// the ways under a point; the picked one first
function wayAt(point) {
  const at = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
  const ids = view.queryRenderedFeatures(at, { layers: MODES.map((mode) => `way-${mode}`) }).map((one) => one.properties.way);
  return ids.includes(picked) ? picked : ids[0] || "";
}

function dim() {
  for (const mode of MODES) view.setPaintProperty(`way-${mode}`, "line-opacity", hovered || picked ? 0.4 : 0.8);
}

export function highlight(id, { isHover = false } = {}) {
  const before = hovered || picked;
  if (isHover) hovered = id;
  else picked = id;
  if (!view || before === (hovered || picked)) return;
  view.getSource("top")?.setData(topData());
  dim();
  names();
}

let underPointer = "";
function hoverWay(id) {
  if (id === underPointer) return;
  view.getCanvas().style.cursor = id ? "pointer" : "";
  underPointer = id;
  handlers.hover(id);
}

export function openMark(key) {
  if (!view) return null;
  const end = key.startsWith("end:") && shown.request && [shown.request.origin, shown.request.destination].find((place) => key === `end:${place.id}`);
  const found = end ? { key, kind: "end", place: end, ways: new Map(), legs: [] } : shown.marks.find((one) => one.key === key);
  if (!found) return null;
  popup?.remove();
  const from = document.activeElement;
  const at = view.project([found.place.lon, found.place.lat]);
  const anchor = at.y > $("map").clientHeight / 2 ? "bottom" : "top"; // fixed: else it turns over while the map makes room
  popup = new library.Popup({ closeButton: true, maxWidth: "330px", offset: 11, focusAfterOpen: true, anchor }).setLngLat(view.unproject(at)).setDOMContent(factsOf(found)).addTo(view);
  const box = popup.getElement();
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", markName(found));
  box.querySelector(".maplibregl-popup-close-button")?.setAttribute("aria-label", t("close"));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") popup?.remove();
  });
  intoSight(box);
  view.once("idle", () => box.isConnected && intoSight(box)); // where the map was still on its way
  popup.on("close", () => from?.isConnected && from.closest("#map, #detail") && from.focus({ preventScroll: true }));
  return found;
}

// a map of a phone is hardly higher than its popup
function intoSight(box) {
  const [inner, outer] = [box.getBoundingClientRect(), $("map").getBoundingClientRect()];
  const over = (low, high, least, most) => (high > most ? high - most : low < least ? low - least : 0);
  const by = [over(inner.left, inner.right, outer.left + 4, outer.right - 4), over(inner.top, inner.bottom, outer.top + 4, outer.bottom - 4)];
  if (by.some(Boolean)) view.panBy(by, { animate: false });
}

export function show(place) {
  if (view && !view.getBounds().contains([place.lon, place.lat])) view.jumpTo({ center: [place.lon, place.lat] });
}

// after a change of theme or language
export async function redress() {
  await starting;
  if (!view) return;
  repaint(view);
  handlers.legend(legend());
  names();
}

export function resized() {
  view?.resize();
}

const legend = () => (shown.lines.length || shown.request ? legendOf(new Set(shown.lines.map((one) => one.mode)), new Set(["end", ...shown.marks.map((one) => one.kind)])) : []);
