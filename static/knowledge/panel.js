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
  askUnread();
  window.setInterval(askUnread, 300_000);
})();
