/* How a lesson's page speaks to the server. */

export function post(url, token, data) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const plain = data instanceof FormData;
  if (!plain) headers["Content-Type"] = "application/json";
  return fetch(url, { method: "POST", headers, body: plain ? data : JSON.stringify(data) });
}

/* A name of this page that nobody guesses; crypto.randomUUID is not there where a site has no certificate. */
export function key() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
