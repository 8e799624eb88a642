// The page: asks the question of the address bar, shows the answer, keeps the two in step.

import { Problem, ask, whenAway } from "./api.js";
import { chartText, detail, forgetCharts, save } from "./detail.js";
import { $, el, say } from "./dom.js";
import { closing, showEvidence } from "./drawer.js";
import { know, passage } from "./facts.js";
import { label } from "./places.js";
import { loadPhrases, placeNamed, refusal } from "./phrases.js";
import { beginForm, boxes, faults, fillForm, isFolded, knowNames, nameTokens, onResize, openMore, readForm, unweighed, weights } from "./form.js";
import { body, read, write } from "./question.js";
import { LANGUAGES, date, isRightToLeft, loadTexts, sentence, speak, spoken, t, whole } from "./texts.js";
import { below, difference, table, waysOf } from "./ways.js";

const EXAMPLES = [["Mumbai", "Moscow"], ["Shanghai", "Hamburg"], ["Istanbul", "Almaty"], ["Chennai", "Yekaterinburg"]];
let state = read(location.search);
let choices = null;
let scenarios = [];
let answer = null;
let base = null;
let shown = null;
let difference_ = null;
let running = null;
let map = null;
let problem = null;
let ahead = null;
let isBegun = false;
window.ready = false; // for whoever waits until all is drawn

const remembered = (name) => {
  try {
    return localStorage.getItem(`landbridge-${name}`) || "";
  } catch {
    return "";
  }
};
const remember = (name, value) => {
  try {
    localStorage.setItem(`landbridge-${name}`, value);
  } catch {
    // a browser that keeps nothing
  }
};

// --- words and light

function language() {
  const wanted = state.lang || remembered("language") || (navigator.languages || []).map((code) => code.slice(0, 2)).find((code) => LANGUAGES.includes(code)) || "en";
  speak(wanted);
  $("language").value = spoken();
}

function light(theme) {
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

function banner(kind) {
  const box = $("banner");
  box.hidden = !kind;
  if (!kind) return;
  box.className = kind === "back" ? "good" : kind === "gone" ? "bad" : "";
  box.replaceChildren(t(kind));
  if (kind === "back") setTimeout(() => (box.hidden = true), 4000);
}

function askToken() {
  const box = $("banner");
  box.hidden = false;
  box.className = "";
  return new Promise((done) => {
    const field = el("input", { type: "password", "aria-label": t("token") });
    const send = () => {
      box.hidden = true;
      done(field.value);
    };
    field.addEventListener("keydown", (event) => event.key === "Enter" && send());
    box.replaceChildren(el("span", {}, t("token")), field, el("button", { type: "button", onclick: send }, t("send")));
    field.focus();
  });
}

// --- asking

function wrong(error) {
  problem = error;
  faults(error);
}

async function run({ keepView = true, isNew = true } = {}) {
  readForm(state);
  remember_question();
  if (!state.origin || !state.destination) {
    show();
    return;
  }
  running?.abort();
  const mine = (running = new AbortController());
  wrong(null);
  window.ready = false;
  $("table").classList.add("waiting");
  $("table").setAttribute("aria-busy", "true");
  try {
    const ask_ = (given) => ask("/v1/comparisons?format=drawn", { body: given, signal: mine.signal });
    const asked = ahead || ask_(body(state));
    ahead = null;
    // the base, for the difference; mostly kept by the server
    const before = state.scenarios.length ? ask_(body(state, { scenarios: [] })) : null;
    [answer, base] = [await asked, await before];
    if (isNew) forgetCharts();
    const { origin, destination } = answer.comparison.request;
    knowNames(answer.comparison.request);
    nameEnds();
    shown = waysOf(answer.comparison);
    show();
    say(t("answered", { n: whole(shown.ways.length), from: placeNamed(origin.name), to: placeNamed(destination.name) }));
    await (await loadedMap()).draw(answer.comparison, shown.ways, answer.lines, { keepView: keepView && sameEnds(), pick: state.corridor });
    remember_ends();
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    answer = null;
    shown = null;
    wrong(error);
    show(error);
    map?.clear();
    say(`${refusal(error.message)} ${refusal(error.hint)}`);
  } finally {
    if (running === mine) {
      running = null;
      $("table").classList.remove("waiting");
      $("table").setAttribute("aria-busy", "false");
      window.ready = isBegun;
    }
  }
}

function nameEnds() {
  const { origin, destination } = answer.comparison.request;
  boxes.origin.set(label(origin), origin.id);
  boxes.destination.set(label(destination), destination.id);
  document.title = `${placeNamed(origin.name)} → ${placeNamed(destination.name)} · Landbridge`;
}

let ends = "";
const endsNow = () => `${answer.comparison.request.origin.id} ${answer.comparison.request.destination.id}`;
const sameEnds = () => ends === endsNow();
const remember_ends = () => (ends = endsNow());

function remember_question() {
  const address = write(state);
  if (address !== location.pathname + location.search && address !== location.search) history.replaceState(null, "", address);
}

async function loadedMap() {
  if (!map) {
    map = await import("./map.js");
  }
  await map.start({ hover: (id) => hover(id, "map"), pick, legend: (rows) => $("legend").replaceChildren(...rows) });
  return map;
}

// --- showing

function show(error = null) {
  const place = $("table");
  $("results").classList.toggle("vacant", !shown);
  if (!shown) {
    place.replaceChildren(nothing(error));
    $("after").replaceChildren();
    $("diff").hidden = true;
    $("ranking").textContent = "";
    detail(null, {});
    return;
  }
  const { ways } = shown;
  if (!ways.some((way) => way.id === state.corridor)) state.corridor = ways[0]?.id || "";
  difference_ = base ? difference(shown, base.comparison, scenarios.filter((one) => state.scenarios.includes(one.id)), answer.comparison) : null;
  $("diff").hidden = !difference_;
  if (difference_) $("diff").replaceChildren(difference_.node);
  ranks();
  const { notes, used } = below(answer.comparison, shown);
  if (!state.depart) notes.splice(-1, 0, el("p", {}, t("refdate", { date: date(choices.reference_date) })));
  $("after").replaceChildren(...notes);
  $("all-sources")?.addEventListener("click", () => showEvidence("", used));
  inFull();
}

function ranks() {
  const weighs = state.weights.some(Boolean) && !state.sort;
  $("ranking").textContent = state.sort ? "" : t(weighs ? "weighted" : "ranked");
  $("table").replaceChildren(table(shown, { state, base: difference_?.before, onSort: sort, onPick: pick, onHover: (id) => hover(id, "table") }));
}

function nothing(error) {
  const ship = el("span", {});
  ship.innerHTML = '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M3 23h26M6 23c0-12 20-12 20 0M11 23v-7m5 7v-9m5 9v-7"/></svg>';
  if (error) return el("div", { class: "empty", role: "alert" }, ship, el("b", {}, t("wrong")), el("p", {}, sentence(refusal(error.message))), error.hint ? el("p", {}, sentence(refusal(error.hint))) : null, error.problems.map((one) => el("p", { class: "soft" }, one)));
  return el("div", { class: "empty" }, ship, el("p", {}, t("empty")),
    el("p", { class: "soft" }, t("emptyexample")),
    el("div", { class: "examples" }, EXAMPLES.map(([origin, destination], k) =>
      el("button", { type: "button", class: k ? "plain text" : "lead", onclick: () => {
        boxes.origin.set(origin);
        boxes.destination.set(destination);
        run({ keepView: false });
      } }, [origin, destination].map(placeNamed).join(isRightToLeft() ? " ← " : " → ")))));
}

function inFull() {
  const way = shown.ways.find((one) => one.id === state.corridor);
  detail(way, {
    state, ways: shown.ways,
    onTab: (name) => {
      state.tab = name;
      remember_question();
      inFull();
    },
    onStop: (place) => {
      map?.show(place);
      for (const kind of ["border", "terminal"]) if (map?.openMark(`${kind}:${place.id}`)) return;
    },
    onPassage: (id) => {
      const row = passage(id);
      if (row) map?.show(row);
      map?.openMark(`passage:${id}`);
    },
    onResize: () => map?.resized(),
    onLeg: (name, leg) => showEvidence(`${name}, ${placeNamed(leg.from.name)}`, leg.evidence),
  });
}

function sort(name) {
  if (state.sort === name && state.down) [state.sort, state.down] = ["", false];
  else if (state.sort === name) state.down = true;
  else [state.sort, state.down] = [name, false];
  remember_question();
  ranks();
}

function pick(id) {
  if (!id) return;
  const isFromKeyboard = document.activeElement?.classList.contains("way");
  state.corridor = id;
  remember_question();
  ranks();
  inFull();
  map?.highlight(id);
  if (isFromKeyboard) $(`row-${id}`)?.querySelector(".way").focus({ preventScroll: true });
}

function hover(id, from) {
  for (const row of document.querySelectorAll("tr[data-way]")) row.classList.toggle("lit", row.dataset.way === id);
  if (from === "map" && id) $(`row-${id}`)?.scrollIntoView({ block: "nearest" });
  map?.highlight(id, { isHover: true });
}

async function downloaded(kind) {
  if (!shown) return;
  $("download-menu").open = false;
  const { origin, destination } = answer.comparison.request;
  const stem = `${origin.name}-${destination.name}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  try {
    if (kind === "tcd" || kind === "tornado") save(await chartText(state, kind, ""), `${stem}-${kind}.svg`, "image/svg+xml");
    else save(await ask(`/v1/comparisons?format=${kind}`, { body: body(state), as: "blob" }), `${stem}.${kind}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
  }
}

// --- beginning

const weigh = () => weights(state, {
  onInput: () => {
    [state.sort, state.down] = ["", false];
    if (shown) ranks();
  },
  onChange: remember_question,
});
const again = () => (answer || problem ? run() : remember_question());
const refill = () => fillForm(state, { choices, scenarios, ask: again });

async function words() {
  language();
  await loadPhrases();
  if (answer) nameEnds();
  if (choices) refill();
  weigh();
  if (answer || problem === null) show();
}

async function begin() {
  light(remembered("theme"));
  const spoke = loadTexts();
  whenAway((kind) => spoke.then(() => banner(kind)), () => spoke.then(askToken));
  // what takes longest is asked for first: the answer, then choices, then the map
  if (state.origin && state.destination) ahead = ask("/v1/comparisons?format=drawn", { body: body(state) });
  ahead?.catch(() => null); // said when it is waited for
  const asked = Promise.all(["/v1/choices", "/v1/scenarios", "/v1/passages", "/v1/events"].map((path) => ask(path)));
  const early = loadedMap();
  await spoke;
  language();
  const phrased = loadPhrases();
  closing();
  beginForm(state, { changed: maybe, ask: again });
  listen();
  const [given, own, passages, events] = await asked;
  choices = given;
  scenarios = own.scenarios;
  know(passages.passages, events.events);
  await phrased;
  refill();
  weigh();
  openMore(!isFolded(state));
  onResize(() => map?.resized());
  nameTokens(state, ask, () => run());
  await run({ keepView: false });
  await early;
  if (!answer) await map.idleMap();
  isBegun = true;
  window.ready = true;
  document.documentElement.dataset.settled = "";
}

function maybe() {
  if (boxes.origin.value && boxes.destination.value) run({ keepView: false });
}

function listen() {
  $("question").addEventListener("submit", (event) => {
    event.preventDefault();
    run({ keepView: false });
  });
  $("weights-reset").addEventListener("click", () => {
    unweighed(state);
    weigh();
    remember_question();
    if (shown) ranks();
  });
  for (const button of document.querySelectorAll("[data-download]")) button.addEventListener("click", () => downloaded(button.dataset.download));
  $("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      return; // the address bar holds it
    }
    $("copy").textContent = t("copied");
    say(t("copied"));
    setTimeout(() => ($("copy").textContent = t("link")), 2500);
  });
  $("language").addEventListener("change", async (event) => {
    state.lang = event.target.value;
    remember("language", state.lang);
    remember_question();
    await words();
    await map?.redress();
  });
  $("theme").addEventListener("click", async () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    remember("theme", theme);
    light(theme);
    await map?.redress();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  addEventListener("popstate", () => location.reload());
}

begin();
