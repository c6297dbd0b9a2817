// The way to the controller: who asks, and what went wrong in words.

const KEY = "weft-token";
/** A question for news is answered after 25 s at the latest; anything else sooner. */
const PATIENCE_MS = 40_000;

/** The controller said no, or nothing. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** The token lives in the tab: not in a cookie, so no other site can use it. */
export const session = {
  get token() { return sessionStorage.getItem(KEY); },
  set token(secret) {
    if (secret) sessionStorage.setItem(KEY, secret);
    else sessionStorage.removeItem(KEY);
  },
};

/** Asks for a document; JSON comes as a value, anything else as text. */
export async function ask(path, { accept = "application/json", method = "GET", body } = {}) {
  const headers = { Accept: accept };
  if (session.token) headers.Authorization = `Bearer ${session.token}`;
  if (body) headers["Content-Type"] = "application/json";
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(path, { headers, method, signal, body, cache: "no-store" });
  } catch (error) {
    throw new Refused(0, `The controller at ${location.host} does not answer. `
      + "It may be stopped, or the network between is down.", { cause: error });
  }
  if (!answer.ok) throw new Refused(answer.status, await words(answer));
  try {
    return accept.includes("json") ? await answer.json() : await answer.text();
  } catch {
    throw new Refused(0, "The connection broke in the middle of an answer.");
  }
}

/** The errors of a refusal as sentences (RFC 8040, section 7.1), else what the status means. */
async function words(answer) {
  const text = await answer.text().catch(() => "");
  try {
    const errors = JSON.parse(text)["ietf-restconf:errors"].error;
    const said = errors.map((error) => error["error-message"]).filter(Boolean).join("; ");
    if (said) return said;
  } catch { /* No such document: the status must do. */ }
  const known = {
    401: "log in first", 403: "this is not allowed to you", 404: "there is nothing here",
    413: "this is too large", 429: "too many questions at once", 503: "the controller is busy",
  };
  return known[answer.status] ?? `the controller answered with status ${answer.status}`;
}
