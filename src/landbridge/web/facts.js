// What a mark on the map or a stop of an itinerary is: its facts, its events and their sources.

import { bdi, el } from "./dom.js";
import { showEvidence } from "./drawer.js";
import { placeNamed } from "./phrases.js";
import { corridorName, passageName } from "./ways.js";
import { country, date, hours, listed, named, plain, t, whole } from "./texts.js";

export const GAUGE = /(\d{3,4})\/(\d{3,4}) mm/;

let passages = new Map();
let events = new Map();

export function know(passageRows, eventRows) {
  passages = new Map(passageRows.map((row) => [row.id, row]));
  events = new Map();
  for (const event of eventRows) for (const subject of event.subjects) events.set(subject, [...(events.get(subject) || []), event]);
}

export const passage = (id) => passages.get(id);
export const passageRows = () => [...passages.values()];

// The marks of all ways: passages, crossings, changes of gauge, terminals, each with who uses it.
export function marksOf(ways) {
  const found = new Map();
  const add = (kind, place, way, leg) => {
    const key = `${kind === "gauge" ? "border" : kind}:${place.id}`;
    const mark = found.get(key) || { key, kind, place, ways: new Map(), legs: [] };
    if (kind === "gauge") mark.kind = "gauge";
    mark.ways.set(way.id, way);
    if (leg) mark.legs.push(leg);
    found.set(key, mark);
  };
  for (const way of ways) {
    for (const id of way.option.passages) {
      const row = passages.get(id);
      if (row) add("passage", row, way);
    }
    for (const leg of way.option.legs) {
      const isGauge = GAUGE.test(leg.service);
      if (leg.kind === "border") add(isGauge ? "gauge" : "border", leg.from, way, leg);
      else if (isGauge && leg.kind !== "haul") add("gauge", leg.from, way, leg);
      else if (leg.kind === "transfer" || leg.kind === "wait") add("terminal", leg.from, way, leg);
    }
  }
  return [...found.values()];
}

export function markName(mark) {
  if (mark.kind === "passage") return passageName(mark.place);
  const leg = mark.legs.find((one) => one.kind === "border" && one.to.name !== one.from.name);
  return leg ? `${placeNamed(leg.from.name)} – ${placeNamed(leg.to.name)}` : placeNamed(mark.place.name);
}

function row(name, value) {
  return value === "" || value === null || value === undefined ? [] : [el("dt", {}, name), el("dd", {}, value)];
}

function told(id) {
  const mine = (events.get(id) || []).filter((event) => event.text);
  return mine.map((event) =>
    el("p", { class: "said" },
      event.from || event.to ? el("b", {}, [event.from && date(event.from), event.to && date(event.to)].filter(Boolean).join(" – "), " ") : null,
      event.text, " ", el("span", { class: `tag ${event.quality}` }, named(event.quality, event.quality)),
      el("span", { class: "cite" }, ` ${[event.evidence, event.source].filter(Boolean).join(": ")}`)));
}

export function factsOf(mark) {
  const { place } = mark;
  const usedBy = [...mark.ways.values()].map((way) => `${whole(way.number)} ${corridorName(way.option)}`);
  const parts = [];
  if (mark.kind === "passage") {
    const season = place.season_open ? `${place.season_open} – ${place.season_close}` : "";
    parts.push(
      el("dl", {}, row(t("status"), named(place.status, place.status)), row(t("draught"), place.max_draught_m === null ? "" : plain(place.max_draught_m)),
        row(t("length"), place.length_km ? plain(place.length_km) : ""), row(t("season"), season), row(t("toll"), place.toll === "no" ? "" : named(place.toll, place.toll)), row(t("usedby"), listed(usedBy))),
      place.restriction ? el("p", { class: "said" }, place.restriction) : null,
      place.evidence ? el("p", { class: "cite" }, place.evidence) : null,
    );
  } else {
    const countries = [...new Set(mark.legs.flatMap((leg) => leg.countries))].map(country).join(" – ");
    const gauge = mark.legs.map((leg) => leg.service.match(GAUGE)).find(Boolean);
    const seen = new Map(mark.legs.map((leg) => [`${leg.kind} ${leg.mode} ${Math.round(leg.time_h.p50)}`, leg]));
    const times = [...seen.values()].map((leg) => el("div", {}, `${legName(leg)}: ${hours(leg.time_h.p10)} / ${hours(leg.time_h.p50)} / ${hours(leg.time_h.p90)}`));
    parts.push(el("p", { class: "kind" }, countries), el("dl", {}, gauge ? row(t("gauge"), gauge[0]) : [], row(t("usedby"), listed(usedBy)),
      times.length ? [el("dt", {}, t("dwell")), el("dd", {}, times)] : []));
  }
  parts.push(...told(place.id));
  if (mark.legs.length) parts.push(el("p", { class: "said" }, el("button", { type: "button", class: "link", onclick: () => showEvidence(markName(mark), mark.legs.flatMap((leg) => leg.evidence)) }, t("sources"))));
  return el("div", {}, el("h3", {}, bdi(markName(mark))), el("p", { class: "kind" }, t(mark.kind)), parts);
}

export function legName(leg) {
  if (leg.kind === "haul") return t(leg.mode);
  return t(leg.isLast ? "unloading" : leg.kind);
}
