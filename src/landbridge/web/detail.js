// One way in full: its itinerary as a timeline, its charts, its flags.

import { ask } from "./api.js";
import { $, bdi, el } from "./dom.js";
import { showEvidence } from "./drawer.js";
import { legName } from "./facts.js";
import { drawnIn, placeNamed, said } from "./phrases.js";
import { TABS, body } from "./question.js";
import { corridorName } from "./ways.js";
import { country, date, days, hours, isRightToLeft, money, named, sentence, share, t, tonnes, whole } from "./texts.js";

const MOVING = new Set(["haul", "drayage"]);
let charts = new Map();
let scope = "";
let isTall = false;

export const forgetCharts = () => charts.clear();

export function detail(way, { state, ways, onTab, onStop, onPassage, onLeg, onResize }) {
  const box = $("detail");
  box.hidden = !way;
  if (!way) return;
  const { option } = way;
  const figures = option.legs.length
    ? [`${days(option.lead_time_h.p50)} ${t("d")}`, `${money(option.cost_usd.central)} ${t("usd")}`, `${tonnes(option.emissions_wtw_kgco2e.central)} ${t("t")} CO₂e`, `${whole(option.distance_km)} ${t("km")}`].flatMap((text, k) => [k ? " · " : "", bdi(text)])
    : [t(option.status)];
  const panel = el("div", { role: "tabpanel", id: "panel", tabindex: "0", "aria-labelledby": `tab-${state.tab}` });
  const tab = (name) =>
    el("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(state.tab === name), "aria-controls": "panel", tabindex: state.tab === name ? "0" : "-1",
      onclick: () => onTab(name),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const along = document.documentElement.dir === "rtl" ? -step : step;
        onTab(TABS[(TABS.indexOf(name) + along + TABS.length) % TABS.length]);
        $(`tab-${state.tab}`)?.focus();
      },
    }, t(name));
  box.replaceChildren(
    el("div", { class: "head" }, el("span", { class: "no" }, whole(way.number)), el("h2", { id: "detail-title" }, bdi(corridorName(option))), el("span", { class: "soft" }, ...figures),
      option.legs.length > 0 && el("button", { type: "button", class: "plain text", style: "margin-inline-start:auto;height:30px", onclick: () => showEvidence(corridorName(option), option.legs.flatMap((leg) => leg.evidence)) }, t("sources")),
      el("button", { type: "button", class: "plain enlarge", "aria-pressed": String(isTall), title: t("enlarge"), "aria-label": t("enlarge"), onclick: (event) => {
        isTall = !isTall;
        event.currentTarget.setAttribute("aria-pressed", String(isTall));
        event.currentTarget.textContent = isTall ? "⤡" : "⤢";
        box.parentElement.classList.toggle("tall", isTall);
        onResize();
      } }, isTall ? "⤡" : "⤢")),
    el("div", { role: "tablist", "aria-labelledby": "detail-title" }, TABS.map(tab)),
    panel,
  );
  if (state.tab === "itinerary") itinerary(panel, option, { onStop, onPassage, onLeg });
  else if (state.tab === "lawtab") flags(panel, way, ways, state);
  else chart(panel, state, option, state.tab);
}

function look(leg) {
  if (leg.kind === "border") return "border";
  return MOVING.has(leg.kind) ? leg.mode : "stand";
}

function itinerary(panel, option, { onStop, onPassage, onLeg }) {
  if (!option.legs.length) {
    panel.append(el("p", {}, sentence(option.blockers.map((blocker) => said(blocker.why) || blocker.kind).join("; ")) || t("noway")));
    return;
  }
  const lit = (number, is) => panel.querySelectorAll(`[data-leg="${number}"]`).forEach((node) => node.classList.toggle("lit", is));
  const hover = (number) => ({ onmouseenter: () => lit(number, true), onmouseleave: () => lit(number, false) });
  const strip = el("div", { class: "strip", "aria-hidden": "true" },
    option.legs.map((leg, number) =>
      el("button", {
        type: "button", tabindex: "-1", class: `m-${look(leg)}`, "data-leg": number, style: `flex-grow:${Math.max(leg.time_h.p50, 0.01).toFixed(2)}`,
        title: `${legName(leg)} · ${hours(leg.time_h.p50)}`, ...hover(number),
        onclick: () => panel.querySelector(`li[data-leg="${number}"]`).scrollIntoView({ block: "nearest" }),
      })));
  const stop = (place) => el("button", { type: "button", class: "link", onclick: () => onStop(place) }, bdi(placeNamed(place.name)));
  const legs = option.legs.map((leg, number) => {
    const isMoving = MOVING.has(leg.kind);
    const where = isMoving
      ? [stop(leg.from), isRightToLeft() ? " ← " : " → ", stop(leg.to)]
      : leg.from.name === leg.to.name ? [stop(leg.from)] : [stop(leg.from), " – ", stop(leg.to)];
    const small = [
      isMoving ? `${whole(leg.distance_km)} ${t("km")}` : "",
      leg.passages.length ? leg.passages.map((id, k) => [k ? ", " : "", el("button", { type: "button", class: "link", onclick: () => onPassage(id) }, named(`p.${id}`, id))]) : "",
      leg.kind === "border" ? leg.countries.map(country).join(" – ") : "",
      leg.service && /\d mm/.test(leg.service) ? `${t("gauge")} (${leg.service})` : leg.service,
    ].filter(Boolean).flatMap((part) => [part, " · "]);
    return el("li", { "data-leg": number, ...hover(number) },
      el("span", { class: `stem m-${look(leg)}`, "aria-hidden": "true" }),
      el("div", {}, el("b", {}, legName(leg)), " · ", where, el("small", {}, small,
        el("button", { type: "button", class: "link", onclick: () => onLeg(legName(leg), leg), "aria-label": `${t("sources")}: ${legName(leg)}, ${placeNamed(leg.from.name)}` }, t("sources")))),
      el("span", { class: "num" }, hours(leg.time_h.p50), el("small", {}, `${hours(leg.time_h.p10)} – ${hours(leg.time_h.p90)}`)),
      el("span", { class: "num" }, `${money(leg.cost_usd.central)} ${t("usd")}`, el("small", {}, `${tonnes(leg.emissions_wtw_kgco2e.central)} ${t("t")} CO₂e`)));
  });
  panel.append(strip, el("ol", { class: "legs" }, legs), el("p", { class: "soft" }, t("legnote")));
}

export async function chartText(state, kind, corridor) {
  const key = JSON.stringify([body(state), kind, corridor]);
  if (!charts.has(key)) {
    const text = await ask(`/v1/charts/${kind}?corridor=${encodeURIComponent(corridor)}`, { body: body(state), as: "text" });
    charts.set(key, text);
  }
  return drawnIn(charts.get(key));
}

function chart(panel, state, option, kind) {
  const corridor = scope === "all" ? "" : option.corridor;
  const place = el("div", { class: "chart", role: "group", "aria-label": t(kind), tabindex: "0" }, el("p", { class: "soft" }, t("comparing")));
  const choice = (name, words) =>
    el("label", {}, el("input", { type: "radio", name: "scope", checked: (scope === "all") === (name === "all"), onchange: () => {
      scope = name;
      panel.replaceChildren();
      chart(panel, state, option, kind);
    } }), words);
  panel.append(
    el("div", { class: "tabtools" }, el("div", { class: "chips", role: "group", "aria-label": t("corridors") }, choice("", corridorName(option)), choice("all", t("chartof"))),
      el("button", { type: "button", class: "plain text", style: "height:30px", onclick: async () => save(await chartText(state, kind, corridor), `${kind}.svg`, "image/svg+xml") }, `${t("download")} (SVG)`)),
    place,
  );
  chartText(state, kind, corridor).then(
    (text) => {
      // the server's own drawing; read as a picture, so that no script in it would run
      const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      if (drawn.nodeName === "svg" && !drawn.querySelector("script")) place.replaceChildren(document.importNode(drawn, true));
    },
    (error) => place.replaceChildren(el("p", { class: "fault" }, said(error.message))),
  );
}

export function save(content, name, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = el("a", { href: address, download: `landbridge-${name}` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function flags(panel, way, ways, state) {
  const { option } = way;
  const rank = { prohibited: 0, restricted: 1, warning: 2, none: 3 };
  const sorted = [...option.flags].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const chances = Object.entries(option.probability_faster_than || {})
    .map(([id, p]) => [ways.find((one) => one.id === id), p])
    .filter(([other]) => other && other.id !== way.id);
  if (option.probability_by_deadline !== undefined && option.probability_by_deadline !== null) {
    panel.append(el("p", {}, el("b", {}, t("bydeadline", { p: share(option.probability_by_deadline) }))));
  }
  const line = (flag) =>
    el("li", {}, el("span", { class: `tag ${flag.severity}` }, `${named(`f.${flag.kind}`, flag.kind)} · ${flag.severity === "none" ? t("severitynone") : t(flag.severity)}`), " ",
      flag.jurisdiction ? el("b", {}, `${flag.jurisdiction.toUpperCase()} `) : null, flag.text,
      el("p", { class: "cite" }, [flag.measure, flag.instrument, flag.since && t("since", { date: date(flag.since) }), flag.evidence].filter(Boolean).join(" · ")));
  const loud = sorted.filter((flag) => flag.severity !== "none");
  const quiet = sorted.filter((flag) => flag.severity === "none");
  panel.append(
    loud.length ? el("ul", { class: "law", lang: "en", dir: "ltr" }, loud.map(line)) : el("p", {}, t("noflags")),
    quiet.length ? el("details", { style: "margin-top:12px" }, el("summary", {}, `${t("severitynone")} (${whole(quiet.length)})`), el("ul", { class: "law", lang: "en", dir: "ltr" }, quiet.map(line))) : "",
    chances.length ? el("details", { style: "margin-top:12px" }, el("summary", {}, t("faster")), el("ul", { class: "law" }, chances.map(([other, p]) => el("li", {}, t("fasterthan", { name: corridorName(other.option), p: share(p) }))))) : "",
    el("p", { class: "soft", style: "margin-top:12px" }, t("notice")),
  );
}
