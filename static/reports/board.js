/* The board keeps itself new: it asks with the mark of what it shows and is told only what has changed. Ages are computed
   from instants, so nothing is sent for a second that has passed. */
(() => {
  "use strict";
  const board = document.getElementById("board");
  const dialog = document.getElementById("board-message");
  const refusals = document.getElementById("refused");
  const age = document.querySelector("[data-board-age]");
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  const title = document.title;
  const NEW_EVERY = 2500;
  const HIDDEN_EVERY = 60_000;
  const STALE = 10_000;
  let mark = "";
  let offset = Date.parse(board.dataset.now) - Date.now();
  let heard = Date.now();
  let timer = 0;
  let urgent = Number(board.querySelector("[data-urgent]").dataset.urgent);

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const size = Math.abs(seconds);
    return `${seconds < 0 ? "-" : ""}${size >= 3600 ? `${Math.floor(size / 3600)}:` : ""}${two(Math.floor(size / 60) % 60)}:${two(size % 60)}`;
  };
  const tick = () => {
    const now = Date.now() + offset;
    for (const time of board.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((now - Date.parse(time.dataset.since)) / 1000));
      time.textContent = clock(seconds);
      const state = time.closest("tr")?.querySelector("[data-tone]");
      if (!state) continue;
      const { near, over } = state.dataset;
      const limit = time.closest("tr").querySelector("[data-until]");
      const late = limit && now >= Date.parse(limit.dataset.until);
      const red = late || (over !== "" && seconds >= Number(over));
      state.classList.toggle("over", red);
      state.classList.toggle("near", !red && near !== "" && seconds >= Number(near));
    }
    for (const time of board.querySelectorAll("[data-until]")) {
      time.textContent = clock(Math.floor((Date.parse(time.dataset.until) - now) / 1000));
    }
    const silent = Date.now() - heard;
    age.classList.toggle("stale", silent > STALE);
    age.textContent = silent > STALE ? `${age.dataset.stale} ${clock(Math.floor(silent / 1000))}` : age.dataset.fresh;
  };

  const alarm = () => {
    const count = Number(board.querySelector("[data-urgent]").dataset.urgent);
    document.title = count ? `(${count}) ${title}` : title;
    const box = document.querySelector("[data-board-alert]");
    if (count > urgent) box.textContent = `${box.dataset.text}: ${count}`;
    urgent = count;
  };
  const show = (text) => {
    // Somebody on their way to a button keeps it under the finger: the same control gets the focus back.
    const focused = board.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && [...board.querySelectorAll("a, button")].indexOf(focused);
    const agent = focused?.closest("[data-agent]")?.dataset.agent;
    const label = focused?.textContent;
    const scrolled = board.querySelector(".board-agents .table-scroll")?.scrollLeft;
    board.innerHTML = text;
    const scroller = board.querySelector(".board-agents .table-scroll");
    if (scroller && scrolled) scroller.scrollLeft = scrolled;
    if (focused) {
      const same = agent
        ? [...board.querySelectorAll(`[data-agent="${agent}"] a, [data-agent="${agent}"] button`)].find((one) => one.textContent === label)
        : board.querySelectorAll("a, button")[place];
      same?.focus();
    }
    alarm();
    tick();
  };
  const ask = async () => {
    window.clearTimeout(timer);
    try {
      const answer = await fetch(board.dataset.url, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
      if (answer.ok && answer.redirected) return window.location.reload();
      if (answer.ok || answer.status === 304) heard = Date.now();
      const date = Date.parse(answer.headers.get("Date"));
      if (Math.abs(date - Date.now() - offset) > 2000) offset = date - Date.now();
      if (answer.ok) {
        mark = answer.headers.get("ETag");
        show(await answer.text());
      }
    } catch {
      /* Said by the age in the page's head. */
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, document.hidden ? HIDDEN_EVERY : NEW_EVERY);
  };

  board.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-board-verb]")) return;
    event.preventDefault();
    refusals.replaceChildren();
    try {
      const answer = await fetch(event.target.action, { method: "POST", headers: { "X-CSRFToken": csrf, "HX-Request": "true" } });
      const text = await answer.text();
      if (answer.ok) {
        mark = "";
        show(text);
      } else if ([409, 422].includes(answer.status)) refusals.innerHTML = text;
    } catch {
      refusals.textContent = refusals.dataset.offline;
    }
  });
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-message-to]");
    if (!button) return;
    dialog.querySelector("[data-message-form]").action = button.dataset.messageTo;
    dialog.querySelector("[data-message-name]").textContent = button.dataset.name;
    dialog.showModal();
    dialog.querySelector("input[type=text]")?.focus();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  window.setInterval(tick, 1000);
  alarm();
  tick();
  timer = window.setTimeout(ask, NEW_EVERY);
})();
