// The options of an answer as the page shows them: numbered, named, ordered, set beside the base.

import { bdi, el } from "./dom.js";
import { said } from "./phrases.js";
import { country, days, money, named, sentence, t, tonnes, whole } from "./texts.js";

const NEVER_BEST = new Set(["prohibited", "closed", "infeasible"]);
const LETTERS = { sanctions: "S", war_risk: "W", season: "C", event: "E", planned_link: "P", draught: "D", settlement: "X", assumed: "A" };
const KINDS = Object.keys(LETTERS);
const SIGNS = { crossings: "⚑", transfers: "⇄" }; // of columns too narrow for words
const STARRED = new Set(["days", "cost", "carbon"]);
const GRAVITY = { open: 0, restricted: 1, prohibited: 2, closed: 2, infeasible: 3 };

export const corridorName = (option) => (option.corridor === "free" ? t("free") : named(`c.${option.corridor}`, option.title));
export const passageName = (passage) => named(`p.${passage.id}`, passage.name);

// Options with a number in the server's order. `free` has no row where another names its way.
export function waysOf(comparison) {
  const twin = comparison.options.find((option) => option.corridor === "free" && option.title.includes("(= "));
  const ways = comparison.options
    .map((option, position) => ({ option, position }))
    .filter(({ option }) => option !== twin)
    .map((way, index) => ({ ...way, number: index + 1, id: way.option.corridor }));
  for (const { option } of ways) markLast(option.legs);
  const twinOf = twin && ways.find((way) => twin.title === `free (= ${way.id})`);
  return { ways, twinOf };
}

// what comes after the last arrival is no change of vehicle
function markLast(legs) {
  const arrival = legs.findLastIndex((leg) => leg.kind === "haul");
  legs.forEach((leg, k) => (leg.isLast = leg.kind === "transfer" && k > arrival));
}

export const figures = {
  days: (o) => o.lead_time_h.p50,
  cost: (o) => o.cost_usd.central,
  carbon: (o) => o.emissions_wtw_kgco2e.central,
  crossings: (o) => o.border_crossings,
  transfers: (o) => o.transfers,
};

export function best(ways) {
  const allowed = ways.filter((way) => !NEVER_BEST.has(way.option.status));
  const found = {};
  for (const [name, figure] of Object.entries(figures)) {
    const values = allowed.map((way) => figure(way.option)).filter((value) => value !== null);
    found[name] = values.length ? Math.min(...values) : null;
  }
  return found;
}

export function ordered(ways, state) {
  const list = [...ways];
  const grave = (way) => GRAVITY[way.option.status] ?? 0;
  if (state.sort) {
    const figure = state.sort === "corridor" ? (o) => corridorName(o) : figures[state.sort];
    list.sort((a, b) => {
      const [x, y] = [figure(a.option), figure(b.option)];
      if (x === null || y === null) return (x === null) - (y === null);
      const order = typeof x === "string" ? x.localeCompare(y, document.documentElement.lang) : x - y;
      return (state.down ? -order : order) || a.number - b.number;
    });
  } else if (state.weights.some(Boolean)) {
    const top = best(ways);
    const score = ({ option }) =>
      ["days", "cost", "carbon"].reduce((sum, name, k) => sum + state.weights[k] * (figures[name](option) / (top[name] || 1)), 0);
    list.sort((a, b) => grave(a) - grave(b) || score(a) - score(b) || a.number - b.number);
  }
  return list;
}

function tags(option) {
  const found = new Map();
  for (const flag of option.flags) {
    if (flag.severity === "none") continue;
    const known = found.get(flag.kind);
    const rank = ["none", "warning", "restricted", "prohibited"];
    if (!known || rank.indexOf(flag.severity) > rank.indexOf(known)) found.set(flag.kind, flag.severity);
  }
  const marks = [...found]
    .sort(([a], [b]) => KINDS.indexOf(a) - KINDS.indexOf(b))
    .map(([kind, severity]) => {
      const words = named(`f.${kind}`, kind);
      return el("span", { class: `flag ${severity}`, title: `${words}: ${t(severity)}` }, el("span", { "aria-hidden": "true" }, LETTERS[kind] || "?"), el("span", { class: "unseen" }, `${words} `));
    });
  if (option.status !== "open") marks.unshift(el("span", { class: `tag ${option.status}` }, t(option.status)));
  return marks;
}

function bar(range, most) {
  const at = (value) => `${((100 * value) / most).toFixed(1)}%`;
  return el(
    "span",
    { class: "bar", "aria-hidden": "true" },
    el("i", { style: `inset-inline-start:${at(range.p10)};width:${at(range.p90 - range.p10)}` }),
    el("b", { style: `inset-inline-start:${at(range.p50)}` }),
  );
}

function delta(now, was, form, unit = "") {
  if (was === undefined || was === null || now === null) return null;
  const gap = now - was;
  if (Math.abs(gap) <= 0.005 * Math.abs(was)) return null;
  const text = `${gap > 0 ? "+" : "−"}${form(Math.abs(gap))}${unit}`;
  return el("span", { class: `delta ${gap > 0 ? "worse" : "better"}` }, text);
}

export function table(shown, { state, base, onSort, onPick, onHover }) {
  const { ways } = shown;
  const top = best(ways);
  const most = Math.max(...ways.map((way) => way.option.lead_time_h.p90 || 0), 1);
  const head = (name, small) => {
    const is = state.sort === name;
    return el(
      "th",
      { scope: "col", class: name === "flags" ? "still" : undefined, "aria-sort": is ? (state.down ? "descending" : "ascending") : undefined },
      el("button", { type: "button", onclick: () => onSort(name), title: t(name), "aria-label": SIGNS[name] ? t(name) : undefined }, SIGNS[name] ? [el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[name]), el("span", { class: "named" }, t(name))] : t(name)),
      small ? el("small", {}, small) : null,
    );
  };
  const cell = (name, option, text, under, extra, was) =>
    el(
      "td",
      { class: STARRED.has(name) && top[name] !== null && figures[name](option) === top[name] && !NEVER_BEST.has(option.status) && ways.length > 1 ? "best" : undefined, "data-name": t(name) },
      el("span", { class: "big" }, text),
      extra, under ? el("span", { class: "under" }, under) : null, was,
    );
  const row = (way) => {
    const { option } = way;
    const was = base?.get(way.id)?.option;
    const isPicked = way.id === state.corridor;
    const line = el(
      "tr",
      {
        id: `row-${way.id}`, class: isPicked ? "picked" : undefined, "data-way": way.id,
        onclick: () => onPick(way.id), onmouseenter: () => onHover(way.id), onmouseleave: () => onHover(""),
      },
      el(
        "th", { scope: "row" },
        el("button", { type: "button", class: "way", "aria-pressed": String(isPicked), title: t("showdetail"), onfocus: () => onHover(way.id), onblur: () => onHover("") },
          el("span", { class: "no" }, whole(way.number)), el("span", {}, bdi(corridorName(option)))),
        el("div", { class: "marks" }, tags(option)),
      ),
    );
    if (option.status === "infeasible" || !option.legs.length) {
      const why = option.blockers.map((blocker) => said(blocker.why) || blocker.kind).join("; ");
      line.append(el("td", { colspan: "5" }, sentence(why) || t("noway")));
      return line;
    }
    const time = option.lead_time_h;
    const counted = (name) => {
      const made = cell(name, option, whole(figures[name](option)), "", null, delta(figures[name](option), was && figures[name](was), whole));
      made.classList.add("count");
      return made;
    };
    line.append(
      cell("days", option, days(time.p50), `${days(time.p10)}–${days(time.p90)}`, bar(time, most), delta(time.p50, was?.lead_time_h.p50, days)),
      cell("cost", option, money(option.cost_usd.central), `${money(option.cost_usd.low)}–${money(option.cost_usd.high)}`, null, delta(option.cost_usd.central, was?.cost_usd.central, money)),
      cell("carbon", option, tonnes(option.emissions_wtw_kgco2e.central), "", null, delta(option.emissions_wtw_kgco2e.central, was?.emissions_wtw_kgco2e.central, tonnes)),
      counted("crossings"), counted("transfers"),
    );
    return line;
  };
  return el(
    "table", { class: "answers" },
    el("thead", {}, el("tr", {}, head("corridor"), head("days", t("daysrange")), head("cost", t("costrange")), head("carbon"), head("crossings"), head("transfers"))),
    el("tbody", {}, ordered(ways, state).map(row)),
  );
}

// What scenarios change, in words; the figures stand in the table.
export function difference(shown, base, scenarios, comparison) {
  const baseWays = waysOf(base).ways;
  const before = new Map(baseWays.map((way) => [way.id, way]));
  const first = shown.ways[0];
  const was = baseWays[0];
  const changed = shown.ways.filter((way) => {
    const old = before.get(way.id);
    return !old || old.option.status !== way.option.status || Object.values(figures).some((f) => Math.abs(f(old.option) - f(way.option)) > 0.005 * Math.abs(f(old.option)));
  });
  const gone = baseWays.filter((way) => !shown.ways.some((own) => own.id === way.id));
  const name = (way) => (way ? corridorName(way.option) : "–");
  const said = first && was && first.id === was.id ? t("diffsame", { now: name(first) }) : t("diffbest", { now: name(first), was: name(was) });
  return {
    before,
    node: el(
      "div", {},
      el("h3", {}, t("diff")),
      el("p", {}, `${said}. ${t("diffcount", { n: whole(changed.length), m: whole(shown.ways.length) })}`),
      gone.length ? el("p", {}, t("diffgone", { names: gone.map(name).join(", ") })) : null,
      el("details", {}, el("summary", {}, t("why")),
        scenarios.map((one) => [
          el("p", {}, el("b", {}, named(`s.${one.id}`, one.title)), one.note ? [" · ", bdi(one.note)] : ""),
          el("ul", {}, one.reasons.map((reason) => el("li", {}, reason)), one.sources.map((source) => el("li", { class: "cite" }, source))),
        ])),
    ),
  };
}

export function below(comparison, { ways, twinOf }, choices) {
  const notes = [];
  if (twinOf) notes.push(el("p", {}, t("twin", { name: corridorName(twinOf.option) })));
  if (comparison.not_applicable.length) {
    notes.push(
      el("details", {}, el("summary", {}, `${t("left")} (${whole(comparison.not_applicable.length)})`),
        el("ul", {}, comparison.not_applicable.map((row) => el("li", {}, el("b", {}, named(`c.${row.corridor}`, row.title)), `: ${said(row.why)}`)))),
    );
  }
  const kinds = new Set(ways.flatMap((way) => way.option.flags.filter((flag) => flag.severity !== "none").map((flag) => flag.kind)));
  notes.push(el("p", { class: "letters" }, Object.entries(SIGNS).map(([name, sign]) => el("span", {}, el("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${t(name)}`)), KINDS.filter((kind) => kinds.has(kind)).map((kind) => el("span", {}, el("span", { class: "flag warning", "aria-hidden": "true" }, LETTERS[kind]), ` ${named(`f.${kind}`, kind)}`))));
  const used = new Set(ways.flatMap((way) => way.option.legs.flatMap((leg) => leg.evidence)));
  if (used.size) notes.push(el("p", {}, `${t("rests", { n: whole(used.size) })} `, el("button", { type: "button", id: "all-sources" }, t("allsources"))));
  notes.push(el("p", {}, t("notice")));
  return { notes, used: [...used] };
}

