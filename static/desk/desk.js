/* The desk's keys, question steps, clocks and autosave. Every key is a data-key attribute of a visible control, so
   the buttons, the help sheet and the handler cannot disagree. The server renders every state; this only steers. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const offline = document.getElementById("desk-offline");
  const alertBox = document.getElementById("desk-alert");
  if (!area) return;

  const screen = () => area.querySelector(".desk");
  const state = () => screen()?.dataset.state;
  const all = (selector, root = area) => [...root.querySelectorAll(selector)];
  const visible = (element) => !element.disabled && element.getClientRects().length > 0;
  const typing = (target) => target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");

  /* ---- questions: one at a time, a single forward pass like the server's ---- */
  const questions = () => all("[data-item]");
  const valuesOf = (question) => all("input[name^='a-']:checked", question).map((input) => input.value);
  const refused = (question) => Boolean(question.querySelector("input[name^='r-']:checked"));
  const answered = (question) => {
    if (refused(question) || !question.hasAttribute("data-required")) return true;
    const text = question.querySelector("[data-text-answer]");
    return text ? text.value.trim() !== "" : valuesOf(question).length > 0;
  };
  const asked = () => {
    const shown = new Set();
    for (const question of questions()) {
      const parent = question.dataset.depends;
      const parentBox = parent && area.querySelector(`[data-item="${parent}"]`);
      const wanted = (question.dataset.when || "").split("|");
      if (!parent || (shown.has(parent) && parentBox && !refused(parentBox) && valuesOf(parentBox).some((value) => wanted.includes(value)))) {
        shown.add(question.dataset.item);
      }
    }
    return questions().filter((question) => shown.has(question.dataset.item));
  };
  let current = null;
  const dissatisfied = () => questions().some((question) => question.dataset.kind === "scale5" && valuesOf(question).some((value) => Number(value) <= 3));

  const showStep = (where) => {
    if (state() !== "talk") return;
    const line = asked();
    current = where === "closing" ? null : line.find((question) => question.dataset.item === where) || line.find((question) => !answered(question)) || null;
    const atClosing = current === null;
    questions().forEach((question) => { question.hidden = question !== current; });
    const closing = area.querySelector("[data-part=closing]");
    if (closing) closing.hidden = !atClosing;
    const opening = area.querySelector("[data-part=opening]");
    if (opening) opening.hidden = !(line.length && current === line[0]);
    const sad = area.querySelector("[data-closing=bad]");
    if (sad) {
      sad.hidden = !dissatisfied();
      area.querySelector("[data-closing=good]").hidden = dissatisfied();
    }
    all("[data-strip]").forEach((tick) => {
      const id = tick.dataset.strip;
      const question = area.querySelector(`[data-item="${id}"]`);
      tick.classList.toggle("here", id === (atClosing ? "closing" : current?.dataset.item));
      tick.classList.toggle("gone", Boolean(question) && !line.includes(question));
      tick.classList.toggle("done", Boolean(question) && line.includes(question) && question !== current && (valuesOf(question).length > 0 || refused(question)));
    });
    const next = area.querySelector("[data-next]");
    if (next) next.firstChild.textContent = `${atClosing ? next.dataset.textHangup : next.dataset.textNext} `;
    const focus = atClosing ? area.querySelector("[data-closing-focus]") : current.querySelector("input[type=radio], input[type=checkbox]") && current.dataset.kind !== "text" ? current.querySelector("input:checked, input[type=radio], input[type=checkbox]") : current.querySelector("legend");
    focus?.focus({ preventScroll: false });
  };

  const goOn = () => {
    if (current === null) return area.querySelector("[data-hangup]")?.click();
    const unticked = all(".desk-statements input:not(:checked)");
    if (unticked.length && current === asked()[0]) return unticked[0].focus();
    if (!answered(current)) return current.classList.add("is-invalid");
    const line = asked();
    const following = line[line.indexOf(current) + 1];
    showStep(following ? following.dataset.item : "closing");
  };

  /* ---- panels: issue and appointment open in place ---- */
  const open = (name) => {
    const panel = area.querySelector(`[data-panel=${name}]`);
    if (!panel) return;
    panel.hidden = false;
    if (name === "appointment") area.querySelector("input[data-appointment]")?.click();
    (panel.querySelector("input:checked") || panel.querySelector("input"))?.focus();
  };

  /* ---- keys: the answer layer first, then the commands of the screen ---- */
  const digitLayer = (event) => {
    const key = event.key.toLowerCase();
    if (!/^[0-9m-]$/.test(key)) return false;
    const group = event.target.closest?.("[role=radiogroup], [data-panel] .desk-results, [data-panel], [data-item], .desk-second") || current || (state() === "wrap" ? area.querySelector("[role=radiogroup]") : null);
    const scope = group && visible(group) ? group : state() === "wrap" ? area.querySelector("[role=radiogroup]") : current;
    const option = scope && (all(`[data-digit="${key}"]`, scope)[0] || all(`[data-digit="${key}"]`, scope.closest("[data-panel]") || scope)[0]);
    if (!option || !visible(option.closest("label"))) return false;
    option.click();
    option.focus();
    const question = option.closest("[data-item]");
    const groups = scope.closest("[data-panel=issue]") ? all("[data-panel=issue] [role=radiogroup]") : [];
    if (groups.length && option.type === "radio") {
      const following = groups[groups.indexOf(option.closest("[role=radiogroup]")) + 1];
      (following ? following.querySelector("input") : area.querySelector("[name=issue_text]"))?.focus();
    }
    if (question && state() === "talk" && (option.type === "radio" || option.name.startsWith("r-"))) window.setTimeout(goOn, 150);
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat || event.altKey || event.metaKey || !screen()) return;
    if (document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") {
        event.preventDefault();
        (current?.querySelector("input, legend") || area.querySelector("[role=radiogroup] input:checked, [data-key=Enter]"))?.focus();
      } else if (event.key === "Enter" && event.ctrlKey) {
        event.preventDefault();
        area.querySelector("[data-key=Enter]")?.click();
      }
      return;
    }
    if (event.ctrlKey) return;
    if (event.target.closest?.("header, nav, aside.navbar, .navbar") && event.key === "Enter") return;
    if (digitLayer(event)) return event.preventDefault();
    if (event.key === "/") {
      event.preventDefault();
      return area.querySelector("[data-note]")?.focus();
    }
    if (screen().dataset.commands === "off" && event.key.length === 1 && !/[0-9]/.test(event.key)) return;
    const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const control = all("[data-key]").find((element) => element.dataset.key === wanted && visible(element));
    if (control && !(event.key === "Enter" && event.target.matches("button, a") && event.target !== control && event.target.closest("#desk"))) {
      event.preventDefault();
      control.click();
    }
  });

  area.addEventListener("click", (event) => {
    const control = event.target.closest("button");
    if (!control) return;
    if (control.matches("[data-next]")) goOn();
    if (control.matches("[data-open]")) open(control.dataset.open);
    if (control.matches("[data-help]")) {
      const list = document.querySelector("[data-help-list]");
      list.replaceChildren(...all("[data-key]").filter(visible).flatMap((element) => {
        const term = document.createElement("dt");
        const meaning = document.createElement("dd");
        term.textContent = element.dataset.key.toUpperCase();
        meaning.textContent = element.dataset.label || element.textContent.replace(element.querySelector("kbd")?.textContent || "", "").trim();
        return [term, meaning];
      }));
      document.getElementById("desk-help").showModal();
    }
  });
  area.addEventListener("change", (event) => {
    const question = event.target.closest("[data-item]");
    question?.classList.remove("is-invalid");
    if (question && event.target.name.startsWith("r-") && event.target.checked) all("input[name^='a-']:checked", question).forEach((input) => { input.checked = false; });
    if (question && event.target.name.startsWith("a-")) all("input[name^='r-']:checked", question).forEach((input) => { input.checked = false; });
    if (event.target.matches("[name=appointment_at], [name=appointment_other]")) area.querySelector("input[data-appointment]")?.click();
  });

  /* ---- clocks: computed from instants, never counted ---- */
  let offset = 0;
  const tick = () => {
    all("[data-since]").forEach((clock) => {
      const seconds = Math.max(0, Math.floor((Date.now() + offset - Date.parse(clock.dataset.since)) / 1000));
      const hours = Math.floor(seconds / 3600);
      clock.textContent = `${hours ? `${hours}:` : ""}${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
      const note = area.querySelector("[data-guide-note]");
      const guide = Number(clock.dataset.guide);
      if (!note || !guide) return;
      const phase = seconds > guide ? "over" : seconds >= guide - 15 ? "near" : "";
      if (note.dataset.phase !== phase) {
        note.dataset.phase = phase;
        note.className = `desk-guide ${phase}`;
        note.textContent = phase === "over" ? `⚠ ${note.dataset.textOver}` : phase === "near" ? `◔ ${note.dataset.textNear}` : "";
      }
    });
  };
  window.setInterval(() => { if (!document.hidden) tick(); }, 1000);

  /* ---- autosave and lease ---- */
  let timer = 0;
  const post = (url, body) => fetch(url, { method: "POST", body, headers: { "X-CSRFToken": area.querySelector("[name=csrfmiddlewaretoken]")?.value || "", "HX-Request": "true" } });
  const say = (text) => { const box = area.querySelector("[data-saved]"); if (box) box.textContent = text; };
  const autosave = async () => {
    const form = area.querySelector("#work");
    const url = screen()?.dataset.draftUrl;
    if (!form || !url || state() === "preview") return;
    try {
      const reply = await post(url, new FormData(form));
      offline.hidden = true;
      if (reply.ok) say(`${area.querySelector("[data-saved]")?.dataset.text} ${new Date().toTimeString().slice(0, 8)}`);
      else if (reply.status === 409) alertBox.innerHTML = await reply.text();
    } catch { offline.hidden = false; }
  };
  area.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(autosave, 400); });
  window.setInterval(async () => {
    const url = screen()?.dataset.heartbeatUrl;
    if (!url) return;
    const body = new FormData();
    body.set("token", screen().dataset.token);
    try {
      const reply = await post(url, body);
      offline.hidden = true;
      if (reply.status === 409) alertBox.innerHTML = await reply.text();
    } catch { offline.hidden = false; }
  }, 20000);
  window.addEventListener("beforeunload", (event) => { if (["ringing", "talk", "wrap"].includes(state())) event.preventDefault(); });

  /* ---- after each rendering ---- */
  const settle = () => {
    const clock = area.querySelector("[data-now]");
    if (clock) offset = Date.parse(clock.dataset.now) - Date.now();
    current = null;
    if (state() === "talk") showStep(undefined);
    else (area.querySelector("[role=radiogroup] input:checked") || area.querySelector("[data-focus]"))?.focus();
    const dial = area.querySelector("[data-dial=now]");
    if (dial) { dial.dataset.dial = ""; dial.click(); }
    tick();
  };
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 409 || status === 422 || status === 403) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      event.detail.target = alertBox;
    } else if (status < 300) alertBox.replaceChildren();
  });
  document.body.addEventListener("htmx:sendError", () => {
    offline.hidden = false;
    say("");
    window.setTimeout(() => { if (!offline.hidden) area.querySelector("[data-save]")?.click(); }, 5000);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target === area || area.contains(event.detail.target)) { offline.hidden = true; settle(); } });
  settle();
})();
