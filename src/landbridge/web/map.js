// The map: land, every way by mode, marks that open their facts, numbers on the lines.

import { Map as View, NavigationControl, Popup } from "/web/vendor/maplibre-gl.mjs";
import { $, el } from "./dom.js";
import { factsOf, markName, marksOf } from "./facts.js";
import { country, isRightToLeft, spoken, t, whole } from "./texts.js";

const MODES = ["sea", "iww", "ferry", "road", "rail"];
// width in px and dashes in widths: a mode is told by more than its colour
const STYLES = {
  sea: { width: 2.4, dash: [0.1, 2], cap: "round" },
  rail: { width: 2.8, dash: null, cap: "butt" },
  road: { width: 1.5, dash: null, cap: "butt" },
  iww: { width: 2.8, dash: [4, 1.4], cap: "butt" },
  ferry: { width: 3, dash: [1.6, 1.3], cap: "butt" },
};
const MARKS = ["end", "passage", "gauge", "border", "terminal"];
const SHAPES = {
  passage: "M8 1.5 14.5 8 8 14.5 1.5 8z", border: "M3 3h10v10H3z", gauge: "M2 3h12v3.6H2zM2 9.4h12V13H2z",
  terminal: "M8 3.6a4.4 4.4 0 1 0 .01 0z", end: "M8 1.2a6.8 6.8 0 1 0 .01 0zM8 5.4a2.6 2.6 0 1 1-.01 0z",
};
const ROOM = 44;
const NEAR = 1.25;
let view = null;
let ready = null;
let shown = { ways: [], lines: [], marks: [], request: null };
let picked = "";
let hovered = "";
let popup = null;
let land = null;
let handlers = {};
let badgesOf = null;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const collection = (features) => ({ type: "FeatureCollection", features });

export function start(on) {
  handlers = on;
  ready ??= begin();
  return ready;
}

async function begin() {
  [land] = await Promise.all([fetch("/web/land.json").then((answer) => answer.json()), fonts()]);
  try {
    view = new View({
      container: "map", style: style(), center: [62, 34], zoom: 2, attributionControl: false, dragRotate: false, pitchWithRotate: false,
      maxZoom: 9, minZoom: 0.4, fadeDuration: 0, renderWorldCopies: true, cooperativeGestures: false, canvasContextAttributes: { preserveDrawingBuffer: false },
      locale: { "Map.Title": t("map") },
    });
  } catch {
    view = null;
  }
  if (!view) {
    $("map-box").append(el("p", {}, t("nomap")));
    $("fit").hidden = true;
    return;
  }
  view.touchZoomRotate.disableRotation();
  view.keyboard.disableRotation();
  view.addControl(new NavigationControl({ showCompass: false }), isRightToLeft() ? "top-left" : "top-right");
  view.on("error", (event) => console.warn(event.error?.message));
  await new Promise((done) => view.once("load", done));
  dress();
  names();
  for (const layer of [...MODES.map((mode) => `hit-${mode}`)]) {
    view.on("mousemove", layer, (event) => hoverWay(nearestWay(event)));
    view.on("mouseleave", layer, () => hoverWay(""));
    view.on("click", layer, (event) => {
      if (!view.queryRenderedFeatures(event.point, { layers: MARKS.map((kind) => `mark-${kind}`) }).length) handlers.pick(nearestWay(event));
    });
  }
  for (const kind of MARKS) {
    view.on("click", `mark-${kind}`, (event) => openMark(event.features[0].properties.key));
    view.on("mouseenter", `mark-${kind}`, () => (view.getCanvas().style.cursor = "pointer"));
    view.on("mouseleave", `mark-${kind}`, () => (view.getCanvas().style.cursor = ""));
  }
  $("fit").addEventListener("click", () => fit(shown.lines));
}

async function fonts() {
  const sample = { en: "A", fr: "é", ru: "Я", fa: "ایران", hi: "भारत" };
  const text = Object.values(sample).join("");
  const wanted = spoken() === "en" || spoken() === "fr" ? "Aé" : `A${sample[spoken()]}` || text;
  await Promise.all(["", " Semibold"].map((face) => document.fonts.load(`14px "Noto Sans Landbridge${face}"`, wanted)));
}

function style() {
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: collection(land.land.map((ring) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }))) },
      lakes: { type: "geojson", data: collection(land.lakes.map((ring) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }))) },
      frontiers: { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: land.frontiers } } },
      countries: { type: "geojson", data: collection([]) },
      ways: { type: "geojson", data: collection([]) },
      marks: { type: "geojson", data: collection([]) },
      numbers: { type: "geojson", data: collection([]) },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": colour("water") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("land"), "fill-antialias": true } },
      { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": colour("water") } },
      { id: "frontiers", type: "line", source: "frontiers", paint: { "line-color": colour("frontier"), "line-width": 0.8, "line-dasharray": [4, 3] } },
    ],
  };
}

const FONT = ["Noto Sans Landbridge"];
const text = (size, weight = 400) => ({ "text-font": weight > 400 ? ["Noto Sans Landbridge Semibold"] : FONT, "text-size": size });

// all layers that carry an answer or depend on the theme
function dress() {
  for (const mode of MODES) {
    const { width, dash, cap } = STYLES[mode];
    const layout = { "line-cap": cap, "line-join": "round" };
    const dashes = dash ? { "line-dasharray": dash } : {};
    add({ id: `hit-${mode}`, type: "line", source: "ways", filter: ["==", ["get", "mode"], mode], paint: { "line-width": 13, "line-opacity": 0 } });
    add({ id: `way-${mode}`, type: "line", source: "ways", filter: ["==", ["get", "mode"], mode], layout, paint: { "line-color": colour(mode), "line-width": width * 0.8, "line-opacity": 0.55, ...dashes } });
  }
  add({ id: "casing", type: "line", source: "ways", filter: ["==", ["get", "way"], ""], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colour("paper"), "line-width": 8, "line-opacity": 0.85 } });
  for (const mode of MODES) {
    const { width, dash, cap } = STYLES[mode];
    add({ id: `top-${mode}`, type: "line", source: "ways", filter: ["==", ["get", "way"], ""], layout: { "line-cap": cap, "line-join": "round" }, paint: { "line-color": colour(mode), "line-width": width * 1.65, ...(dash ? { "line-dasharray": dash } : {}) } });
  }
  add({ id: "countries", type: "symbol", source: "countries", filter: ["any", ["==", ["get", "rank"], 0], [">=", ["zoom"], 2.8]], layout: { ...text(["interpolate", ["linear"], ["zoom"], 1, 10, 5, 14]), "text-field": ["get", "name"], "text-max-width": 7, "symbol-sort-key": ["get", "rank"], "text-padding": 2 }, paint: { "text-color": colour("country"), "text-halo-color": colour("land"), "text-halo-width": 1 } });
  for (const kind of [...MARKS].reverse()) {
    picture(kind);
    add({
      id: `mark-${kind}`, type: "symbol", source: "marks", filter: ["==", ["get", "kind"], kind],
      layout: {
        "icon-image": `mark-${kind}`, "icon-size": kind === "end" ? 1.15 : kind === "terminal" ? 0.8 : 1, "icon-allow-overlap": kind === "end", "icon-optional": false, "icon-padding": 1,
        ...text(kind === "end" ? 14.5 : 12, kind === "end" ? 600 : 400), "text-field": ["get", "name"], "text-optional": true, "text-max-width": 11,
        "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.85, "text-justify": "auto", "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-color": kind === "passage" ? colour("accent") : kind === "terminal" ? colour("soft") : colour("ink"), "text-halo-color": colour("halo"), "text-halo-width": 1.6 },
    });
  }
  add({
    id: "numbers", type: "symbol", source: "numbers",
    layout: { "icon-image": ["case", ["get", "picked"], "badge-picked", "badge"], "icon-padding": 0, "text-padding": 0, ...text(12, 600), "text-field": ["get", "number"], "symbol-sort-key": ["get", "rank"] },
    paint: { "text-color": ["case", ["get", "picked"], colour("accent-ink"), colour("paper")] },
  });
  badge("badge", colour("soft"));
  badge("badge-picked", colour("accent"));
}

function add(layer) {
  if (view.getLayer(layer.id)) view.removeLayer(layer.id);
  view.addLayer(layer);
}

function drawnImage(name, size, draw) {
  const ratio = 2;
  const canvas = el("canvas", { width: size * ratio, height: size * ratio });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  draw(pen);
  const image = pen.getImageData(0, 0, size * ratio, size * ratio);
  if (view.hasImage(name)) view.removeImage(name);
  view.addImage(name, image, { pixelRatio: ratio });
}

const INKS = { passage: "accent", border: "border", gauge: "border", terminal: "soft", end: "ink" };

function picture(kind) {
  drawnImage(`mark-${kind}`, 18, (pen) => {
    pen.translate(1, 1);
    const path = new Path2D(SHAPES[kind]);
    pen.lineWidth = 2.4;
    pen.strokeStyle = colour("paper");
    pen.stroke(path);
    pen.fillStyle = colour(kind === "terminal" ? "paper" : INKS[kind]);
    pen.fill(path, "evenodd");
    if (kind === "terminal") {
      pen.lineWidth = 1.5;
      pen.strokeStyle = colour("soft");
      pen.stroke(path);
    }
  });
}

function badge(name, ink) {
  drawnImage(name, 22, (pen) => {
    pen.beginPath();
    pen.arc(11, 11, 9.4, 0, 7);
    pen.fillStyle = ink;
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour("paper");
    pen.stroke();
  });
}

export async function draw(comparison, ways, lines, { keepView = false } = {}) {
  await ready;
  const numbers = new Map(ways.map((way) => [way.position, way]));
  const own = lines.filter((line) => numbers.has(line.option));
  shown = { ways, lines: own, marks: marksOf(ways), request: comparison.request };
  popup?.remove();
  badgesOf = null;
  handlers.legend(legend());
  if (!view) return;
  view.resize(); // what stands beside the map has just changed
  view.getSource("ways").setData(collection(own.map((line) => ({
    type: "Feature", properties: { way: numbers.get(line.option).id, mode: line.mode, leg: line.leg },
    geometry: { type: "MultiLineString", coordinates: line.coordinates },
  }))));
  names();
  if (!keepView) fit(likely());
  await new Promise((done) => view.once("idle", done));
}

// everything that carries words, or depends on what is picked
function names() {
  if (!view) return;
  const used = new Set(shown.ways.flatMap((way) => way.option.countries));
  view.getSource("countries").setData(collection(land.countries.map(([code, lon, lat]) => ({
    type: "Feature", properties: { name: country(code), rank: !used.size || used.has(code) ? 0 : 1 }, geometry: { type: "Point", coordinates: [lon, lat] },
  }))));
  const focus = hovered || picked;
  const ends = shown.request ? [shown.request.origin, shown.request.destination].map((place) => mark("end", `end:${place.id}`, place.name, place, 0)) : [];
  view.getSource("marks").setData(collection([
    ...ends,
    ...shown.marks
      .filter((one) => one.kind !== "terminal" || one.ways.has(focus))
      .map((one) => mark(one.kind, one.key, one.kind === "passage" || one.ways.has(focus) ? markName(one) : "", one.place, one.ways.has(focus) ? 1 : 2)),
  ]));
  view.getSource("numbers").setData(collection(badges().map(({ way, at }) => ({
    type: "Feature", properties: { number: whole(way.number), picked: way.id === focus, rank: way.id === focus ? 0 : way.number }, geometry: { type: "Point", coordinates: at },
  }))));
}

const mark = (kind, key, name, place, rank) => ({ type: "Feature", properties: { kind, key, name, rank }, geometry: { type: "Point", coordinates: [place.lon, place.lat] } });

// a number stands where its way is farthest from all others
function badges() {
  if (badgesOf?.lines === shown.lines) return badgesOf.found;
  const points = shown.ways.map((way) => {
    const all = shown.lines.filter((line) => line.option === way.position).flatMap((line) => line.coordinates.flatMap((part) => dense(part)));
    const step = Math.max(1, Math.floor(all.length / 90));
    return all.filter((_, k) => k % step === 0);
  });
  const taken = [];
  const found = shown.ways.map((way, k) => {
    let top = { score: -1, at: points[k][Math.floor(points[k].length / 2)] };
    points[k].forEach((at, position) => {
      let gap = 9;
      points.forEach((others, j) => {
        if (j !== k) for (const other of others) gap = Math.min(gap, Math.hypot(other[0] - at[0], (other[1] - at[1]) * 1.3));
      });
      for (const other of taken) gap = Math.min(gap, Math.hypot(other[0] - at[0], (other[1] - at[1]) * 1.3) / 1.5);
      const score = gap - Math.abs(position / points[k].length - 0.5);
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
function fit(lines) {
  if (!view) return;
  const all = lines.flatMap((line) => line.coordinates.flat());
  if (!all.length) return;
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
  const small = $("map").clientWidth < 500;
  view.fitBounds([[west, Math.max(-75, Math.min(...lats))], [east, Math.min(80, Math.max(...lats))]], { padding: small ? { left: 36, right: 64, top: 40, bottom: 30 } : ROOM, animate: false, maxZoom: 7 });
}

export function highlight(id, { isHover = false } = {}) {
  if (isHover) hovered = id;
  else picked = id;
  if (!view) return;
  const focus = hovered || picked;
  view.setFilter("casing", ["==", ["get", "way"], focus]);
  for (const mode of MODES) {
    view.setFilter(`top-${mode}`, ["all", ["==", ["get", "way"], focus], ["==", ["get", "mode"], mode]]);
    view.setPaintProperty(`way-${mode}`, "line-opacity", focus ? 0.4 : 0.8);
  }
  names();
}

let underPointer = "";
function hoverWay(id) {
  view.getCanvas().style.cursor = id ? "pointer" : "";
  if (id === underPointer) return;
  underPointer = id;
  handlers.hover(id);
}

function nearestWay(event) {
  const ids = event.features.map((feature) => feature.properties.way);
  return ids.includes(picked) ? picked : ids[0];
}

export function openMark(key) {
  const found = shown.marks.find((one) => one.key === key);
  if (!found || !view) return null;
  popup?.remove();
  const at = view.unproject(view.project([found.place.lon, found.place.lat]));
  popup = new Popup({ closeButton: true, maxWidth: "330px", offset: 9, focusAfterOpen: true }).setLngLat(at).setDOMContent(factsOf(found)).addTo(view);
  popup.getElement().querySelector(".maplibregl-popup-close-button")?.setAttribute("aria-label", t("close"));
  return found;
}

export function show(place) {
  if (view && !view.getBounds().contains([place.lon, place.lat])) view.easeTo({ center: [place.lon, place.lat], duration: 300 });
}

// after a change of theme or language
export async function redress() {
  await ready;
  if (!view) return;
  await fonts();
  const [water, ground, frontier] = ["water", "land", "frontier"].map(colour);
  view.setPaintProperty("water", "background-color", water);
  view.setPaintProperty("land", "fill-color", ground);
  view.setPaintProperty("lakes", "fill-color", water);
  view.setPaintProperty("frontiers", "line-color", frontier);
  dress();
  highlight(picked);
}

export function idle() {
  return view ? view.loaded() && !view.isMoving() : true;
}

export function resized() {
  view?.resize();
}

export function legend() {
  const line = (mode) => {
    const { width, dash } = STYLES[mode];
    const svg = `<svg viewBox="0 0 34 14" class="line" aria-hidden="true"><path d="M2 7h30" style="stroke:var(--${mode});stroke-width:${width * 1.4};stroke-linecap:${mode === "sea" ? "round" : "butt"};${dash ? `stroke-dasharray:${dash.map((d) => d * width * 1.4).join(" ")}` : ""}"/></svg>`;
    return withPicture(svg, t(mode));
  };
  const shape = (kind) => withPicture(`<svg viewBox="-1 -1 18 18" class="mark" aria-hidden="true"><path d="${SHAPES[kind]}" fill-rule="evenodd" style="stroke:${kind === "terminal" ? "var(--soft)" : "none"};fill:${kind === "terminal" ? "var(--paper)" : `var(--${INKS[kind]})`}"/></svg>`, t(kind));
  const modes = new Set(shown.lines.map((one) => one.mode));
  const kinds = new Set(["end", ...shown.marks.map((one) => one.kind)]);
  return [...["sea", "rail", "road", "iww", "ferry"].filter((mode) => modes.has(mode)).map(line), ...MARKS.filter((kind) => kinds.has(kind)).map(shape)];
}

// the one place where markup is made from text: constants of this file only
function withPicture(svg, words) {
  const node = el("span", {});
  node.innerHTML = svg;
  node.append(words);
  return node;
}


