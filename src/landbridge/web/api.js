// Asking the server: one form of error, patience while it is away, a token where it wants one.

const PAUSE_MS = 2500;
const MOST_BUSY = 5;
let banner = () => {};
let wantToken = async () => "";
let away = null;

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.where = body.where || "";
    this.hint = body.hint || "";
    this.status = body.status;
    this.problems = body.problems || [];
  }
}

export function whenAway(show, askToken) {
  banner = show;
  wantToken = askToken;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function untilBack() {
  away ??= (async () => {
    banner("gone");
    for (;;) {
      await pause(PAUSE_MS);
      try {
        if ((await fetch("/healthz", { cache: "no-store" })).ok) break;
      } catch {
        // still away
      }
    }
    banner("back");
    away = null;
  })();
  return away;
}

// several questions may be refused at once: one token is asked for, and serves all
let asking = null;
function asked() {
  asking ??= wantToken().then((token) => {
    sessionStorage.setItem("landbridge-token", token);
    asking = null;
  });
  return asking;
}

function headers(extra) {
  const token = sessionStorage.getItem("landbridge-token");
  return token ? { ...extra, authorization: `Bearer ${token}` } : extra;
}

export async function ask(path, { body, signal, as = "json" } = {}) {
  const options = body
    ? { method: "POST", body: JSON.stringify(body), signal }
    : { method: "GET", signal };
  for (let busy = 0; ; ) {
    let answer;
    try {
      answer = await fetch(path, { ...options, headers: headers(body ? { "content-type": "application/json" } : {}) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      await untilBack();
      if (signal?.aborted) throw new DOMException("aborted", "AbortError");
      continue;
    }
    if (busy && answer.status !== 503) banner("");
    if (answer.ok) return as === "json" ? answer.json() : as === "blob" ? answer.blob() : answer.text();
    if (answer.status === 401) {
      await asked();
      continue;
    }
    if (answer.status === 503 && busy < MOST_BUSY) {
      busy += 1;
      banner("busy");
      await pause(1000 * Number(answer.headers.get("retry-after") || 2));
      continue;
    }
    let said = { title: answer.statusText, status: answer.status };
    try {
      said = { ...said, ...(await answer.json()) };
    } catch {
      // no body: the status line has to do
    }
    throw new Problem(said);
  }
}
