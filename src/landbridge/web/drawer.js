// The evidence drawer: each parameter behind a figure, its range, and who says so.

import { ask } from "./api.js";
import { $, el, linked } from "./dom.js";
import { plain, t, year } from "./texts.js";

const AT_ONCE = 120;
const WORST_FIRST = ["assumed", "estimated", "published"];
const kept = new Map();
const sources = new Map();

async function fetched(ids) {
  const missing = ids.filter((id) => !kept.has(id));
  for (let start = 0; start < missing.length; start += AT_ONCE) {
    const query = missing.slice(start, start + AT_ONCE).map((id) => `id=${encodeURIComponent(id)}`).join("&");
    const answer = await ask(`/v1/evidence?${query}`);
    for (const row of answer.parameters) kept.set(`${row.name}[${row.key}]`, row);
    for (const [id, row] of Object.entries(answer.sources)) sources.set(id, row);
  }
}

export function citation(row) {
  const parts = [row.publisher, row.title, row.year].filter(Boolean).join(", ");
  return el("p", { class: "cite" }, `${row.id}: ${row.item ? `${row.item}. ` : ""}${parts} `, row.url ? linked(row.url) : null);
}

function fact(row) {
  const unit = row.unit === "1" ? "" : ` ${row.unit}`;
  return el(
    "section", { class: "fact" },
    el("div", { class: "line" }, el("code", {}, `${row.name}[${row.key}]`), el("span", { class: `tag ${row.quality}` }, t(row.quality)), row.grade ? el("span", { class: "tag" }, row.grade) : null),
    el("p", {}, el("b", {}, `${plain(row.central)}${unit}`), el("span", { class: "soft" }, ` · ${t("range")} ${plain(row.low)}–${plain(row.high)}${row.year ? ` · ${year(row.year)}` : ""}`)),
    row.note ? el("p", { class: "said" }, row.note) : null,
    row.evidence.length ? row.evidence.map((id) => (sources.has(id) ? citation(sources.get(id)) : el("p", { class: "cite" }, id))) : el("p", { class: "cite" }, t("nosource")),
  );
}

function opened(title, ...content) {
  const drawer = $("drawer");
  drawer.replaceChildren(
    el("header", {}, el("h2", { id: "drawer-title" }, title), el("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: () => drawer.close() }, "✕")),
    el("div", { class: "body", tabindex: "0" }, content),
  );
  if (!drawer.open) drawer.showModal();
  return drawer.querySelector(".body");
}

export async function showEvidence(name, ids) {
  const wanted = [...new Set(ids)];
  const body = opened(t("evidence"), el("p", { class: "soft" }, t("comparing")));
  try {
    await fetched(wanted);
  } catch (error) {
    body.replaceChildren(el("p", { class: "fault" }, error.message));
    return;
  }
  const rows = wanted.map((id) => kept.get(id)).filter(Boolean);
  rows.sort((a, b) => WORST_FIRST.indexOf(a.quality) - WORST_FIRST.indexOf(b.quality) || a.name.localeCompare(b.name));
  const counts = WORST_FIRST.map((quality) => [quality, rows.filter((row) => row.quality === quality).length]).filter(([, n]) => n);
  body.replaceChildren(
    el("p", { class: "said" }, name ? t("evidenceof", { n: plain(rows.length), name }) : t("rests", { n: plain(rows.length) }), " ", counts.map(([quality, n]) => [el("span", { class: `tag ${quality}` }, `${plain(n)} ${t(quality)}`), " "])),
    ...rows.map(fact),
  );
}

export function closing() {
  const drawer = $("drawer");
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}
