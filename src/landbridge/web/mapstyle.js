// How the map looks: ground, lines that tell the mode by more than colour, signs of marks, legend.

import { el } from "./dom.js";
import { t } from "./texts.js";

export const MODES = ["sea", "iww", "ferry", "road", "rail"];
// width in px and dashes in widths
const STYLES = {
  sea: { width: 2.4, dash: [0.1, 2], cap: "round" },
  rail: { width: 2.8, dash: null, cap: "butt" },
  road: { width: 1.5, dash: null, cap: "butt" },
  iww: { width: 2.8, dash: [4, 1.4], cap: "butt" },
  ferry: { width: 3, dash: [1.6, 1.3], cap: "butt" },
};
export const MARKS = ["end", "passage", "gauge", "border", "terminal"];
const SHAPES = {
  passage: "M8 1.5 14.5 8 8 14.5 1.5 8z", border: "M3 3h10v10H3z", gauge: "M2 3h12v3.6H2zM2 9.4h12V13H2z",
  terminal: "M8 3.6a4.4 4.4 0 1 0 .01 0z", end: "M8 1.2a6.8 6.8 0 1 0 .01 0zM8 5.4a2.6 2.6 0 1 1-.01 0z",
};
const GROUND = { water: ["background-color", "water"], land: ["fill-color", "land"], lakes: ["fill-color", "water"], frontiers: ["line-color", "frontier"] };

const colours = (names) => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

export const collection = (features) => ({ type: "FeatureCollection", features });

// The whole style at once, lines and all: a map that starts with its answer draws only once.
export function style({ ways, top }) {
  const ink = colours(["water", "land", "frontier", "paper", ...MODES]);
  const line = (id, source, mode, times, opacity) => {
    const { width, dash, cap } = STYLES[mode];
    return {
      id: `${id}-${mode}`, type: "line", source, filter: ["==", ["get", "mode"], mode], layout: { "line-cap": cap, "line-join": "round" },
      paint: { "line-color": ink[mode], "line-width": width * times, "line-opacity": opacity, ...(dash ? { "line-dasharray": dash } : {}) },
    };
  };
  const ground = (id, type, kind, paint) => ({ id, type, source: "ground", filter: ["==", ["get", "kind"], kind], paint });
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: `${location.origin}/web/land.json`, maxzoom: 6, buffer: 8, tolerance: 0.5 },
      ways: { type: "geojson", data: ways, maxzoom: 9, buffer: 16 },
      top: { type: "geojson", data: top, maxzoom: 9, buffer: 16 },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": ink.water } },
      ground("land", "fill", "land", { "fill-color": ink.land }),
      ground("lakes", "fill", "lake", { "fill-color": ink.water }),
      ground("frontiers", "line", "frontier", { "line-color": ink.frontier, "line-width": 0.8, "line-dasharray": [4, 3] }),
      ...MODES.map((mode) => line("way", "ways", mode, 0.8, 0.55)),
      { id: "casing", type: "line", source: "top", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ink.paper, "line-width": 8, "line-opacity": 0.85 } },
      ...MODES.map((mode) => line("top", "top", mode, 1.65, 1)),
    ],
  };
}

// after a change of theme
export function repaint(view) {
  const ink = colours(["water", "land", "frontier", "paper", ...MODES]);
  for (const [id, [property, name]] of Object.entries(GROUND)) view.setPaintProperty(id, property, ink[name]);
  view.setPaintProperty("casing", "line-color", ink.paper);
  for (const mode of MODES) for (const id of ["way", "top"]) view.setPaintProperty(`${id}-${mode}`, "line-color", ink[mode]);
}

export const sign = (kind) => `<svg viewBox="-1 -1 18 18" class="mark s-${kind}" aria-hidden="true"><path d="${SHAPES[kind]}" fill-rule="evenodd"/></svg>`;

export function legend(modes, kinds) {
  const line = (mode) => {
    const { width, dash } = STYLES[mode];
    const svg = `<svg viewBox="0 0 34 14" class="line" aria-hidden="true"><path d="M2 7h30" style="stroke:var(--${mode});stroke-width:${width * 1.4};stroke-linecap:${mode === "sea" ? "round" : "butt"};${dash ? `stroke-dasharray:${dash.map((d) => d * width * 1.4).join(" ")}` : ""}"/></svg>`;
    return withPicture(svg, t(mode));
  };
  return [...["sea", "rail", "road", "iww", "ferry"].filter((mode) => modes.has(mode)).map(line), ...MARKS.filter((kind) => kinds.has(kind)).map((kind) => withPicture(sign(kind), t(kind)))];
}

// the one place where markup is made from text: constants of this file only
export function withPicture(svg, ...words) {
  const node = el("span", {});
  node.innerHTML = svg;
  node.append(...words);
  return node;
}
