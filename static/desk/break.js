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
    if (before === "on" && !running) document.querySelector("#desk [data-key=Enter]")?.focus();
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
  beat();
})();
