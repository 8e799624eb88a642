// Words, numbers and dates in the page's language. All words stand in texts.json.

export const LANGUAGES = ["en", "fr", "ru", "fa", "hi"];
const RIGHT_TO_LEFT = new Set(["fa"]);
let catalogue = {};
let language = "en";
let forms = {};

export async function loadTexts() {
  const answer = await fetch("/web/texts.json");
  catalogue = await answer.json();
}

export function speak(code) {
  language = LANGUAGES.includes(code) ? code : "en";
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  const number = (options) => new Intl.NumberFormat(language, options);
  forms = {
    whole: number({ maximumFractionDigits: 0 }),
    one: number({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    year: number({ useGrouping: false, maximumFractionDigits: 0 }),
    two: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    money: number({ maximumSignificantDigits: 3 }),
    plain: number({ maximumSignificantDigits: 4 }),
    share: number({ style: "percent", maximumFractionDigits: 0 }),
    // the calendar of the data, in the letters of the language
    date: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC", calendar: "gregory" }),
    countries: new Intl.DisplayNames(language, { type: "region" }),
  };
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-title]")) {
    node.title = t(node.dataset.title);
    node.setAttribute("aria-label", node.title);
  }
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
}

export const spoken = () => language;
export const isRightToLeft = () => RIGHT_TO_LEFT.has(language);

export function t(key, values = {}) {
  const row = catalogue[key];
  const text = row ? row[language] ?? row.en : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// the key of what the server names in English: corridors, passages, scenarios, goods
let keys = null;
export function catalogued(english) {
  keys ??= new Map(Object.entries(catalogue).filter(([key]) => /^[cpsg]\./.test(key)).map(([key, row]) => [row.en, key]));
  return keys.get(english);
}

// names hold commas themselves
export const listed = (items) => items.join(isRightToLeft() ? "؛ " : "; ");
export const sentence = (text) => (text ? text[0].toLocaleUpperCase(language) + text.slice(1) : text);

// a word of the catalogue where it has one, else what the server says
export const named = (key, otherwise) => (catalogue[key] ? t(key) : otherwise);

const nothing = (value) => value === null || value === undefined || Number.isNaN(value);
const formed = (form) => (value) => (nothing(value) ? "–" : forms[form].format(value));
export const whole = formed("whole");
export const year = formed("year");
export const one = formed("one");
export const two = formed("two");
// three figures are as many as a cost has; cents are none of them
export const money = (value) => (nothing(value) ? "–" : forms[Math.abs(value) < 100 ? "whole" : "money"].format(value));
export const plain = formed("plain");
export const share = formed("share");
export const days = (hours) => (nothing(hours) ? "–" : forms.one.format(hours / 24));
export const tonnes = (kg) => (nothing(kg) ? "–" : forms.two.format(kg / 1000));

export function hours(value) {
  if (nothing(value)) return "–";
  return value >= 48 ? `${days(value)} ${t("d")}` : `${value < 10 ? one(value) : whole(value)} ${t("h")}`;
}

export function date(text) {
  const found = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return found && !Number.isNaN(found.valueOf()) ? forms.date.format(found) : text;
}

export function country(code) {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  try {
    return forms.countries.of(code);
  } catch {
    return code;
  }
}
