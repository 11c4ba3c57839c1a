/* What keeps the agent's work when the browser or the line does not: a copy of what is typed until the server has it, the
   result that is still to be sent, and one window that works while the others only show. Copies hold answers and notes, never
   numbers or names of customers; they go when the server has them, and when the agent signs out. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const COPY = "desk-copy:";
  const PENDING = "desk-pending";
  const NOT_KEPT = ["csrfmiddlewaretoken", "token", "client_uuid", "issue_uuid", "phone_id"];
  let store = null;
  try {
    store = window.localStorage;
    store.removeItem("desk-probe");
  } catch {
    /* A browser that forbids it: the draft on the server is then the only copy. */
  }
  const screen = () => area.querySelector(".desk");
  const form = () => area.querySelector("#work");
  const keyOf = ({ task, token }) => (task ? `${COPY}${task}:${token}` : null);
  const own = () => keyOf(screen().dataset);
  const forget = (but = null) => {
    for (const key of Object.keys(store ?? {})) if (key.startsWith(COPY) && key !== but) store.removeItem(key);
  };
  const write = (key, value) => {
    try {
      store?.setItem(key, JSON.stringify(value));
    } catch {
      /* Full: as above. */
    }
  };
  const read = (key) => {
    try {
      return JSON.parse(store?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  };

  /* ---- the copy of what is typed ---- */
  const keep = () => {
    if (!own() || area.inert) return;
    write(own(), [...new FormData(form())].filter(([name]) => !NOT_KEPT.includes(name)));
  };
  const restore = () => {
    const copy = own() && read(own());
    if (!copy) return;
    const given = new Map();
    for (const [name, value] of copy) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of form().elements) {
      if (!field.name || NOT_KEPT.includes(field.name) || field.type === "hidden" || field.matches("button")) continue;
      const values = given.get(field.name) ?? [];
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    for (const panel of area.querySelectorAll("[data-panel]")) {
      if ([...panel.querySelectorAll("input, textarea")].some((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value))) panel.hidden = false;
    }
    area.dataset.restored = "yes";
  };
  restore();
  forget(own());
  area.addEventListener("input", keep);
  area.addEventListener("change", keep);
  area.addEventListener("desk:kept", () => forget());
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === area) {
      forget();
      store?.removeItem(PENDING);
    }
  });

  /* ---- the result that met no network, across a crash of the browser ---- */
  document.addEventListener("htmx:sendError", (event) => {
    const { elt, path, parameters } = event.detail.requestConfig;
    if (!elt.matches("form") || !elt.querySelector("[name=client_uuid]")) return;
    const body = parameters instanceof FormData ? [...parameters] : Object.entries(parameters);
    const before = read(PENDING);
    const since = before?.path === path ? before.since : Date.now();
    write(PENDING, { path, since, body: body.filter(([name]) => !["csrfmiddlewaretoken", "ago"].includes(name)) });
  });
  const replay = async () => {
    const waiting = read(PENDING);
    if (!waiting) return;
    const body = new URLSearchParams(waiting.body);
    body.set("ago", String(Math.min(Date.now() - waiting.since, 3_600_000)));
    const csrf = document.querySelector('meta[name="csrf-token"]').content;
    try {
      const reply = await fetch(waiting.path, { method: "POST", body, headers: { "X-CSRFToken": csrf, "HX-Request": "true" } });
      if (![200, 409, 422].includes(reply.status)) return;
      store.removeItem(PENDING);
      if (reply.ok) return window.location.reload();
      document.getElementById("refused").innerHTML = await reply.text();
    } catch {
      window.setTimeout(replay, 5000);
    }
  };
  replay();

  /* ---- signing out forgets the copies, and waits for what is not sent ---- */
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/logout/")) return;
    if (!read(PENDING)) return forget();
    event.preventDefault();
    const bar = document.getElementById("desk-offline");
    bar.hidden = false;
    bar.querySelector("[data-waiting]").hidden = false;
  });

  /* ---- one window works ---- */
  if (!("BroadcastChannel" in window)) return;
  const second = document.getElementById("desk-second");
  const channel = new BroadcastChannel("desk");
  const me = { since: performance.timeOrigin, id: Math.random() };
  const older = (other) => me.since < other.since || (me.since === other.since && me.id < other.id);
  const say = (kind) => channel.postMessage({ kind, me });
  const step = () => {
    area.inert = true;
    second.hidden = false;
  };
  channel.addEventListener("message", ({ data }) => {
    if (data.kind === "take" || data.kind === "busy") return step();
    if (area.inert) return;
    if (older(data.me)) say("busy");
    else step();
  });
  second.querySelector("[data-work-here]").addEventListener("click", () => {
    say("take");
    window.location.reload();
  });
  say("hello");
})();
