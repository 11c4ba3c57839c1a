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

/* The desk's keys, steps, clocks and autosave. Every command is the data-key of a visible control, so the buttons, the
   help sheet and the handler cannot disagree. The server renders every state; this only steers. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const offline = document.getElementById("desk-offline");
  const refusals = document.getElementById("refused");
  const help = document.getElementById("desk-help");

  const find = (selector) => area.querySelector(selector);
  const all = (selector, root = area) => [...root.querySelectorAll(selector)];
  const screen = () => find(".desk");
  const state = () => screen().dataset.state;
  const visible = (element) => !element.disabled && element.getClientRects().length > 0;
  const typing = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const lost = () => screen().hasAttribute("data-lost-lease");

  /* ---- steps: one question at a time, in a single forward pass like the server's; null is the end ---- */
  let current = null;
  let pending = 0;
  const questions = () => all("[data-item]");
  const questionOf = (id) => find(`[data-item="${id}"]`);
  const chosen = (question) => all("input[name^='a-']:checked, input[name=spoke_to]:checked", question).map((input) => input.value);
  const written = (question) => question.querySelector("[data-text-answer]")?.value.trim() ?? "";
  const declined = (question) => Boolean(question.querySelector("input[name^='r-']:checked"));
  const given = (question) => declined(question) || chosen(question).length > 0 || written(question) !== "";
  const enough = (question) => given(question) || !question.hasAttribute("data-required");

  const line = () => {
    const shown = [];
    for (const question of questions()) {
      const parent = question.dataset.depends && questionOf(question.dataset.depends);
      const wanted = (question.dataset.whenValues || "").split("|");
      const met = !parent || (shown.includes(parent) && !declined(parent) && chosen(parent).some((value) => wanted.includes(value)));
      if (met) shown.push(question);
    }
    return shown;
  };
  // The first real question carries the statements; who is on the line is asked before anything is said.
  const carrier = (steps) => steps.find((question) => question.dataset.kind !== "identity");
  const ENDS = ["other", "refuses"];
  const who = () => questionOf("who") && chosen(questionOf("who"))[0];
  const unhappy = () => line().some((question) => question.dataset.kind === "scale5" && chosen(question).some((value) => Number(value) <= 3));
  const unticked = () => all(".desk-statements input:not(:checked)");

  const buttons = () => {
    const agreed = state() === "talk" && all("[name=appointment_at]:checked").length + (find("[name=appointment_other]")?.value ? 1 : 0) > 0 && find("[data-when=appointment]");
    const wanted = lost() ? "" : agreed ? "appointment" : current ? "step" : "end";
    all(".desk-actions [data-when]").forEach((button) => { button.hidden = button.dataset.when !== wanted; });
    const back = find("[data-back]");
    if (back) back.disabled = current !== null && current === line()[0];
  };

  const show = (question, { focus = true } = {}) => {
    const steps = line();
    current = question;
    const lead = current === steps[0] || !steps.length;
    const first = current === carrier(steps) || !steps.length;
    questions().forEach((one) => one.classList.toggle("here", one === current));
    all("[data-part]").forEach((part) => {
      const kind = part.dataset.part;
      const needed = kind === "statements" && !current && unticked().length > 0;
      part.hidden = kind === "end" ? current !== null : !(needed || ((kind === "opening" ? lead : first) && (current || state() === "talk")));
    });
    const sad = find("[data-closing=bad]");
    if (sad) {
      sad.hidden = !unhappy();
      find("[data-closing=good]").hidden = unhappy();
    }
    all("[data-strip]").forEach((tick) => {
      const one = questionOf(tick.dataset.strip);
      const here = one === current;
      tick.classList.toggle("here", here);
      tick.classList.toggle("gone", Boolean(one) && !steps.includes(one));
      tick.classList.toggle("done", Boolean(one) && !here && given(one));
      if (here) tick.setAttribute("aria-current", "step"); else tick.removeAttribute("aria-current");
    });
    buttons();
    tick();
    if (focus) focusStep(first);
  };

  const focusStep = (first) => {
    if (first && current && unticked().length) return unticked()[0].focus();
    if (!current) return (find("[data-digits] input:checked") || find("[data-end-focus]"))?.focus();
    const choices = "input[type=radio]:not([name^='r-']), input[type=checkbox]:not([name^='r-'])";
    const field = current.querySelector("input[name^='a-']:checked, input[name=spoke_to]:checked") || current.querySelector(choices);
    (field || current.querySelector("legend")).focus();
  };

  const goOn = () => {
    window.clearTimeout(pending);
    if (!current) return;
    if (current === carrier(line()) && unticked().length) return unticked()[0].focus();
    const missing = current.querySelector("[data-missing]");
    if (!enough(current)) {
      missing.hidden = false;
      missing.textContent = missing.dataset.text;
      return focusStep(false);
    }
    const steps = line();
    if (current.dataset.kind === "identity" && who() === "later" && panelOf("appointment")) return open("appointment");
    if (current.dataset.kind === "identity" && ENDS.includes(who())) return show(null);
    show(steps[steps.indexOf(current) + 1] || null);
  };
  const goBack = () => {
    const steps = line();
    show(current ? steps[Math.max(steps.indexOf(current) - 1, 0)] : steps.at(-1) || null);
  };

  /* ---- panels: issue and appointment open in place ---- */
  const panelOf = (name) => find(`[data-panel=${name}]`);
  const expanded = (name, yes) => find(`[data-open=${name}]`)?.setAttribute("aria-expanded", String(yes));
  const open = (name) => {
    const panel = panelOf(name);
    panel.hidden = false;
    expanded(name, true);
    if (name === "appointment") find("input[data-appointment]")?.click();
    (panel.querySelector("input:checked") || panel.querySelector("input")).focus();
    panel.scrollIntoView({ block: "nearest" });
  };
  const close = (name) => {
    const panel = panelOf(name);
    all("input:checked", panel).forEach((input) => { input.checked = false; });
    all("textarea, input:not([type=radio]):not([type=checkbox])", panel).forEach((input) => { input.value = ""; });
    panel.hidden = true;
    expanded(name, false);
    if (name === "appointment" && find("input[data-appointment]:checked")) find("input[data-appointment]").checked = false;
    buttons();
    autosaveSoon();
    focusStep(false);
  };

  /* ---- keys: digits answer what has the focus, then come the commands of the screen ---- */
  const scopeOf = (target) => {
    const near = target.closest("[data-group], [data-panel], .desk-second, [data-item], [data-digits]");
    if (near && visible(near)) return near;
    if (screen().dataset.commands === "off") return null;
    return current || find("[data-digits]");
  };
  const digit = (event) => {
    const key = event.key.toLowerCase();
    if (!/^[0-9m=-]$/.test(key)) return false;
    const scope = scopeOf(event.target);
    const within = (root) => root && all(`input[data-digit="${key}"]`, root).find((input) => visible(input.closest("label")));
    const letters = screen().dataset.commands === "on" || event.target.closest("[data-panel]");
    const option = within(scope) || (key === "m" && letters && within(panelOf("issue")));
    if (!option) return false;
    option.click();
    option.focus();
    const groups = all("[data-panel=issue] [data-group]");
    const group = groups.indexOf(option.closest("[data-group]"));
    if (group >= 0) (groups[group + 1]?.querySelector("input") || find("[name=issue_text]")).focus();
    const question = option.closest("[data-item]");
    window.clearTimeout(pending);
    if (question && option.checked && (option.type === "radio" || option.name.startsWith("r-"))) pending = window.setTimeout(goOn, 150);
    return true;
  };
  const primary = () => all("[data-key=Enter]").find(visible);
  const leave = () => {
    if (["talk", "wrap"].includes(state())) return focusStep(false);
    find("[data-focus]")?.focus();
  };
  const inText = (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && event.ctrlKey) primary()?.click();
    else if (event.key === "Enter" && event.target.matches("input")) {
      // Never let the browser send the form from a single-line field: the call would end.
      if (event.target.closest("[data-item]")) goOn();
    } else return;
    event.preventDefault();
  };

  document.addEventListener("keydown", (event) => {
    if (area.inert) return;
    const composing = event.isComposing || event.keyCode === 229;
    if (composing || event.repeat || event.altKey || event.metaKey || help.open || !(event.target instanceof Element)) return;
    if (typing(event.target)) return area.contains(event.target) ? inText(event) : undefined;
    if (event.ctrlKey && event.key !== "Enter") return;
    if (event.target.closest("a, button, summary") && [" ", "Enter"].includes(event.key) && !event.target.matches("[data-key=Enter]")) return;
    if (digit(event)) return event.preventDefault();
    if (event.key === "Escape" && event.target.closest("[data-panel], [data-history]")) return leave();
    const single = event.key.length === 1;
    if (single && screen().dataset.commands === "off" && !event.target.closest("[data-digits]")) return;
    if (single && screen().dataset.commands === "off" && !/[0-9]/.test(event.key)) return;
    if (event.key.toLowerCase() === screen().dataset.noteKey) {
      event.preventDefault();
      return (current?.querySelector("[data-text-answer]") || find("[data-note]"))?.focus();
    }
    const wanted = single ? event.key.toLowerCase() : event.key;
    const control = all("[data-key]").find((element) => element.dataset.key === wanted && visible(element));
    if (!control) return;
    event.preventDefault();
    control.click();
  });

  const showHelp = () => {
    const row = (keys, label) => {
      const term = document.createElement("dt");
      const meaning = document.createElement("dd");
      const key = document.createElement("kbd");
      key.textContent = keys.toUpperCase();
      term.append(key);
      meaning.textContent = label;
      return [term, meaning];
    };
    const here = all("[data-key]").filter(visible).flatMap((element) => row(element.dataset.key, element.dataset.label));
    const away = all("a[data-go]", document).flatMap((entry) => row(`g ${entry.dataset.go}`, entry.textContent.trim()));
    const rows = [...here, ...away];
    help.querySelector("[data-help-list]").replaceChildren(...rows);
    help.showModal();
  };
  area.addEventListener("click", (event) => {
    const control = event.target.closest("button");
    if (!control) return;
    if (control.matches("[data-next]")) goOn();
    if (control.matches("[data-back]")) goBack();
    if (control.matches("[data-strip]")) show(questionOf(control.dataset.strip));
    if (control.matches("[data-open]")) open(control.dataset.open);
    if (control.matches("[data-close]")) close(control.dataset.close);
    if (control.matches("[data-help]")) showHelp();
    if (control.matches("[data-see-history]")) {
      find("[data-history]").scrollIntoView({ block: "nearest" });
      find("[data-history]").focus();
    }
  });

  const uncheck = (inputs) => inputs.forEach((input) => { input.checked = false; });
  area.addEventListener("change", (event) => {
    const { target } = event;
    const question = target.closest("[data-item]");
    if (question) {
      question.querySelector("[data-missing]").hidden = true;
      if (target.name.startsWith("r-") && target.checked) uncheck(all("input[name^='a-']:checked", question));
      if (target.name.startsWith("a-")) uncheck(all("input[name^='r-']:checked", question));
      show(current, { focus: false });
    }
    if (target.name === "appointment_other" && target.value) uncheck(all("[name=appointment_at]:checked"));
    if (target.name === "appointment_at") find("[name=appointment_other]").value = "";
    if (["appointment_at", "appointment_other"].includes(target.name)) {
      const result = find("input[data-appointment]");
      if (result) result.checked = true;
      buttons();
    }
    if (target.name === "disposition") {
      const panel = panelOf("appointment");
      if (panel && target.matches("[data-appointment]") && panel.hidden) open("appointment");
    }
    if (target.name === "statement" && target.checked && current) focusStep(true);
  });

  /* ---- clocks: computed from instants, never counted ---- */
  let offset = 0;
  const two = (number) => String(number).padStart(2, "0");
  const clockText = (seconds) => `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const pace = (seconds) => {
    const text = find("[data-pace]");
    const steps = line().filter((question) => question.dataset.kind !== "identity");
    const place = steps.indexOf(current);
    const guide = Number(find("[data-guide-bar]")?.max);
    const due = Math.round((guide * (place + 1)) / steps.length);
    if (text) text.textContent = place < 0 || !guide ? "" : `${place + 1}/${steps.length} → ${clockText(due)}${seconds > due ? " !" : ""}`;
  };
  const undo = () => {
    const button = find("[data-undo]");
    if (!button) return;
    const left = Math.ceil((undoUntil - Date.now()) / 1000);
    button.hidden = left <= 0;
    button.querySelector("[data-undo-left]").textContent = left;
  };
  let undoUntil = 0;
  const tick = () => {
    undo();
    const clock = find("[data-since]");
    if (!clock) return;
    const { since, near, nearText, over, overText } = clock.dataset;
    const seconds = Math.max(0, Math.floor((Date.now() + offset - Date.parse(since)) / 1000));
    clock.textContent = clockText(seconds);
    pace(seconds);
    const bar = find("[data-guide-bar]");
    if (bar) bar.value = Math.min(seconds, bar.max);
    const phase = over && seconds > Number(over) ? "over" : near && seconds >= Number(near) ? "near" : "";
    const box = find("[data-clock-box]");
    if (box.dataset.phase === phase) return;
    box.dataset.phase = phase;
    box.classList.toggle("near", phase === "near");
    box.classList.toggle("over", phase === "over");
    find("[data-guide-note]").textContent = phase === "over" ? `⚠ ${overText}` : phase === "near" ? `◔ ${nearText}` : "";
  };
  window.setInterval(() => { if (!document.hidden) tick(); }, 1000);
  document.addEventListener("visibilitychange", tick);

  /* ---- autosave, lease, and what happens when the line or the lease is gone ---- */
  let timer = 0;
  let unsaved = false;
  const saved = (text) => { find("[data-saved]").textContent = text; };
  const clockTime = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.siteZone || undefined,
  });
  const loseLease = () => {
    window.clearTimeout(timer);
    unsaved = false;
    screen().setAttribute("data-lost-lease", "");
    all(".desk-actions button").forEach((button) => { button.hidden = !button.matches("[data-lost]"); });
  };
  const send = async (url, body) => {
    const sentFrom = screen();
    const token = find("[name=csrfmiddlewaretoken]").value;
    try {
      const reply = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
      offline.hidden = true;
      if (sentFrom !== screen()) return false;
      if (reply.headers.get("X-Appointment")) find("[data-soon]").textContent = decodeURIComponent(reply.headers.get("X-Appointment"));
      if (reply.status === 409) {
        refusals.innerHTML = await reply.text();
        loseLease();
      }
      return reply.ok;
    } catch {
      offline.hidden = false;
      return false;
    }
  };
  const autosave = async () => {
    const { draftUrl } = screen().dataset;
    if (!draftUrl || lost() || area.inert || state() === "preview") return;
    if (await send(draftUrl, new FormData(find("#work")))) {
      unsaved = false;
      area.dispatchEvent(new CustomEvent("desk:kept"));
      saved(`${find("[data-saved]").dataset.text} ${clockTime.format(new Date())}`);
    } else if (!offline.hidden) timer = window.setTimeout(autosave, 5000);
  };
  const autosaveSoon = () => {
    unsaved = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(autosave, 400);
  };
  area.addEventListener("input", autosaveSoon);
  window.setInterval(() => {
    const { heartbeatUrl, token } = screen().dataset;
    if (!heartbeatUrl || lost() || area.inert) return;
    const body = new FormData();
    body.set("token", token);
    send(heartbeatUrl, body);
  }, 20_000);
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  /* ---- after each rendering ---- */
  const settle = () => {
    window.clearTimeout(pending);
    window.clearTimeout(timer);
    unsaved = false;
    const clock = find("[data-now]");
    if (clock) offset = Date.parse(clock.dataset.now) - Date.now();
    current = null;
    undoUntil = Date.now() + 1000 * Number(find("[data-undo]")?.dataset.undo || 0);
    if (state() === "talk") show(ENDS.includes(who()) ? null : line().find((question) => !given(question)) || null);
    else if (state() === "wrap") show(null);
    else (find(".desk[data-state=recover] [data-digits] input:checked") || find("[data-focus]"))?.focus();
    tick();
    if (area.dataset.restored) {
      delete area.dataset.restored;
      autosaveSoon();
    }
    const dial = find("[data-dial=now]");
    if (dial) {
      dial.dataset.dial = "";
      dial.click();
    }
  };
  /* A step that met no network is sent again by itself, with how long ago its key was pressed: repeating it is harmless,
     for a result has its UUID and the steps before it are facts. Only a dial waits for its agent. */
  let failed = null;
  let again = 0;
  const repeat = () => {
    window.clearTimeout(again);
    if (!failed?.elt.isConnected || area.inert) return;
    if (failed.elt.matches("form")) failed.elt.requestSubmit(failed.button);
    else failed.elt.click();
  };
  const done = () => {
    failed = null;
    window.clearTimeout(again);
    offline.hidden = true;
    offline.querySelector("[data-waiting]").hidden = true;
  };
  window.addEventListener("online", repeat);
  document.addEventListener("htmx:beforeRequest", () => window.clearTimeout(timer));
  document.addEventListener("htmx:configRequest", (event) => {
    if (failed?.elt === event.detail.elt) event.detail.parameters.ago = String(Date.now() - failed.since);
  });
  document.addEventListener("htmx:sendError", (event) => {
    refusals.replaceChildren();
    offline.hidden = false;
    const { elt, triggeringEvent } = event.detail.requestConfig;
    if (!elt.matches("form, [data-again]")) return;
    if (failed?.elt !== elt) failed = { elt, since: Date.now() };
    failed.button = triggeringEvent?.submitter ?? failed.button;
    offline.querySelector("[data-waiting]").hidden = false;
    window.clearTimeout(again);
    again = window.setTimeout(repeat, 5000);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === area) {
      done();
      settle();
    } else if (event.detail.target === refusals) {
      done();
      if (refusals.querySelector("[data-code=lease_lost]")) loseLease();
    }
  });
  settle();
})();

/* The sign of life of the desk and its break button. It sends by itself, not through htmx: a request of htmx puts off
   the autosave of what is being typed. */
(() => {
  "use strict";
  const box = document.getElementById("desk-break");
  const refusals = document.getElementById("refused");
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  const find = (selector) => box.querySelector(selector);
  const commands = () => document.querySelector(".desk")?.dataset.commands !== "off";
  let lastInput = Date.now();
  let shown = box.innerHTML;
  let offset = 0;
  let timer = 0;

  const idle = () => Math.floor((Date.now() - lastInput) / 1000);
  const panel = () => find("[data-rest]");

  const send = async (url, body) => {
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf, "HX-Request": "true" } });
      if (answer.headers.get("HX-Refresh")) return window.location.reload();
      const text = await answer.text();
      if (answer.ok && !answer.redirected) show(text);
      else if ([409, 422].includes(answer.status)) refusals.innerHTML = text;
    } catch {
      /* The desk itself says that the line is down; the next sign of life tries again. */
    }
  };
  /* The next sign of life is set at once, so that an answer that never comes does not end them; an answer sets its own. */
  const beat = async () => {
    window.clearTimeout(timer);
    const body = new FormData();
    body.set("idle", idle());
    timer = window.setTimeout(beat, 15_000);
    await send(box.dataset.url, body);
  };

  /* Only what has changed is shown anew, so that a dialog in use keeps its focus. */
  const still = (text) => text.replace(/data-rest-now="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"/g, "");
  const show = (text) => {
    const before = panel()?.dataset.rest;
    const changed = still(text) !== still(shown);
    shown = text;
    if (changed && !(find("[data-rest-choice]")?.open && text.includes('data-rest="off"'))) box.innerHTML = text;
    settle(before);
    window.clearTimeout(timer);
    timer = window.setTimeout(beat, 1000 * Number(panel()?.dataset.restPoll || 15));
  };
  const settle = (before) => {
    const instant = panel()?.dataset.restNow;
    if (instant) offset = Date.parse(instant) - Date.now();
    const running = find("[data-rest-running]");
    if (running && !running.open) {
      running.showModal();
      running.querySelector("button").focus();
    }
    /* Back at work: what waits, what is ahead and the clock of waiting are as of now, not of before the break. */
    if (before === "on" && !running) return window.location.reload();
    tick();
  };

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const tick = () => {
    const now = Date.now() + offset;
    const since = find("[data-rest-since]");
    if (since) since.textContent = clock(Math.max(0, Math.floor((now - Date.parse(since.dataset.restSince)) / 1000)));
    const limit = find("[data-rest-limit]");
    if (limit) {
      const left = Math.floor((Date.parse(limit.dataset.restLimit) - now) / 1000);
      limit.classList.toggle("rest-over", left < 0);
      limit.classList.toggle("rest-near", left >= 0 && left <= 120);
      limit.textContent = `${left < 0 ? limit.dataset.over : limit.dataset.left} ${clock(Math.abs(left))}`;
    }
    const warning = find("[data-idle-warning]");
    if (warning) {
      const near = idle() >= Number(panel().dataset.idleLimit) - 60 && document.querySelector(".desk")?.dataset.state === "idle";
      if (near !== (warning.textContent !== "")) warning.textContent = near ? warning.dataset.text : "";
    }
  };
  window.setInterval(tick, 1000);

  const input = () => {
    const wasLong = idle() >= 60;
    lastInput = Date.now();
    if (wasLong) beat();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(name, input, { passive: true });

  const open = () => {
    const dialog = find("[data-rest-choice]");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("[data-rest-digit]").focus();
  };
  box.addEventListener("click", (event) => { if (event.target.closest("[data-rest-open]")) open(); });
  box.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    find("dialog[open]")?.close();
    send(event.target.action, body);
  });
  /* Keys of an open dialog are its own: the desk behind it must not answer a question with them. */
  box.addEventListener("keydown", (event) => {
    if (!find("dialog[open]")) return;
    event.stopPropagation();
    input();
    if (event.target.matches("input")) return;
    const button = find(`[data-rest-digit="${event.key}"]`);
    if (!button || event.repeat) return;
    event.preventDefault();
    button.click();
  });
  box.addEventListener("cancel", (event) => { if (event.target.matches("[data-rest-running]")) event.preventDefault(); }, true);
  document.addEventListener("keydown", (event) => {
    const busy = event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]");
    if (busy || event.key.toLowerCase() !== "p" || !commands()) return;
    if (event.target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    if (!find("[data-rest-open]")) return;
    event.preventDefault();
    open();
  });
  /* A break that begins when a call is saved is in the answer of the desk: look at once. */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "desk" && panel()?.dataset.rest === "asked") beat();
  });
  settle();
  /* Opening the page was the first sign of life. */
  timer = window.setTimeout(beat, 1000 * Number(panel()?.dataset.restPoll || 15));
})();

/* The script step by step: a pointer that walks what is to be said, takes the branch of the customer's answer, and comes back to
   its place after a reload. The outline itself is the page's; without this it is simply read. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const box = () => area.querySelector(".desk-branches");
  const place = () => area.querySelector("[name=script_at]");
  const lines = () => [...box().querySelectorAll(".script-steps > li")];
  const at = () => (place()?.value ? lines()[Number(place().value)] ?? null : null);
  const below = (line) => line.querySelector(":scope > .script-steps > li");
  const isAnswer = (line) => line?.classList.contains("script-answer");
  const above = (line) => line.parentElement.closest(".script-steps > li");

  const after = (line) => {
    for (let one = line; one; one = above(one)) {
      // The other answers are not what follows this one.
      if (!isAnswer(one) && one.nextElementSibling) return one.nextElementSibling;
    }
    return null;
  };
  const answerOf = (line) => {
    let one = line;
    while (one && !isAnswer(one)) one = above(one);
    return one;
  };
  /* Back along the way that led here: what was said before, on the branch that was taken. */
  const before = (line) => {
    const previous = isAnswer(line) ? null : line.previousElementSibling;
    return previous ?? above(line);
  };

  const show = () => {
    const current = box() && at();
    if (!current) return;
    for (const line of lines()) line.removeAttribute("aria-current");
    current.setAttribute("aria-current", "step");
    if (box().open) current.scrollIntoView({ block: "nearest" });
  };
  const go = (line) => {
    if (!line) return;
    box().open = true;
    place().value = lines().indexOf(line);
    show();
    place().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const steps = {
    next: () => (at() ? go(below(at()) ?? after(at())) : go(lines()[0])),
    back: () => at() && go(before(at())),
    other: () => {
      const answer = at() && answerOf(at());
      if (answer) go(answer.nextElementSibling ?? answer.parentElement.firstElementChild);
    },
  };
  area.addEventListener("click", (event) => {
    const button = event.target.closest("[data-script]");
    if (button) return steps[button.dataset.script]();
    const line = event.target.closest(".desk-branches .script-steps > li");
    if (line) go(line);
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === area) show(); });
  show();
})();

/* The knowledge base beside a call, and the articles to be read between calls. It sends by itself, not through htmx: a request
   of htmx puts off the autosave of what is being typed. Its keys are its own: the desk must not answer a question with them. */
(() => {
  "use strict";
  const panel = document.getElementById("knowledge");
  const unread = document.getElementById("desk-unread");
  const field = panel.querySelector("input");
  const found = panel.querySelector("[data-found]");
  const shown = panel.querySelector("[data-shown]");
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  let before = null;
  let asked = 0;
  let timer = 0;

  const get = async (url, body) => {
    const options = body ? { method: "POST", body, headers: { "X-CSRFToken": csrf, "HX-Request": "true" } } : {};
    try {
      const answer = await fetch(url, options);
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null;
    }
  };

  /* ---- search ---- */
  const look = async () => {
    const mine = ++asked;
    const campaign = document.querySelector(".desk")?.dataset.campaign ?? "";
    const text = await get(`${panel.dataset.search}?${new URLSearchParams({ q: field.value, campaign })}`);
    if (mine === asked && text !== null) found.innerHTML = text;
  };
  const lookSoon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 250);
  };
  field.addEventListener("input", (event) => { if (!event.isComposing) lookSoon(); });
  field.addEventListener("compositionend", lookSoon);

  const hits = () => [...found.querySelectorAll("[data-article]")];
  const list = () => {
    shown.hidden = true;
    found.hidden = false;
  };
  const read = async (hit) => {
    const text = await get(hit.dataset.article);
    if (text === null) return;
    shown.innerHTML = text;
    found.hidden = true;
    shown.hidden = false;
    shown.querySelector("article").focus();
  };

  /* ---- opening and leaving ---- */
  const open = () => {
    if (panel.hidden) before = document.activeElement;
    panel.hidden = false;
    list();
    field.focus();
    field.select();
    if (!found.firstElementChild) look();
  };
  const close = () => {
    panel.hidden = true;
    const back = before?.isConnected && before !== document.body ? before : document.querySelector("#desk [data-key=Enter]:not([hidden])");
    back?.focus();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-knowledge]")) open();
  });
  panel.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-article]");
    if (hit) read(hit);
    if (event.target.closest("[data-close-knowledge]")) close();
    if (event.target.closest("[data-back]")) {
      list();
      field.focus();
    }
  });
  panel.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (shown.hidden) return close();
      list();
      return field.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.hidden) {
      event.preventDefault();
      const places = [field, ...hits()];
      places[Math.min(Math.max(places.indexOf(document.activeElement) + step, 0), places.length - 1)].focus();
    }
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      const first = hits()[0];
      if (first) read(first);
    }
  });
  panel.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-outdated]")) return;
    event.preventDefault();
    const { target } = event;
    const text = await get(target.action, new FormData(target));
    if (text === null) return target.querySelector("input[name=text]").focus();
    target.reset();
    shown.querySelector("[data-told]").textContent = text;
  });

  /* ---- what must be read, between calls ---- */
  const showUnread = (text) => { if (text !== null) unread.innerHTML = text; };
  const askUnread = async () => showUnread(await get(unread.dataset.url));
  unread.addEventListener("submit", async (event) => {
    event.preventDefault();
    showUnread(await get(event.target.action, new FormData(event.target)));
    (unread.querySelector("button") ?? document.querySelector("#desk [data-key=Enter]"))?.focus();
  });
  window.setInterval(askUnread, 300_000);
})();

/* The closing list opens by itself, once a day, when nothing is in hand; never without a line, for the desk would be lost. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const OPENED = "desk-closing-opened";
  const open = () => {
    const url = area.querySelector(".desk").dataset.dayEnds;
    if (!url || !navigator.onLine || area.inert || document.querySelector("dialog[open]")) return;
    const today = new Date().toDateString();
    try {
      if (window.localStorage.getItem(OPENED) === today) return;
      window.localStorage.setItem(OPENED, today);
    } catch {
      return;
    }
    window.location.assign(url);
  };
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target === area) open(); });
  open();
})();
