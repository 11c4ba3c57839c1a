/* The television: new figures every few seconds, another page every 25 s unless paused, a fresh start each night. */
(() => {
  "use strict";
  const wall = document.getElementById("wall");
  const stale = document.querySelector("[data-wall-stale]");
  const pause = document.querySelector("[data-wall-pause]");
  const face = document.querySelector("[data-wall-clock]");
  const NEW_EVERY = 3000;
  const TURN_EVERY = 25_000;
  const STALE = 15_000;
  let mark = "";
  let page = 0;
  let paused = false;
  let heard = Date.now();
  let offset = Date.parse(wall.dataset.now) - Date.now();

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const pages = () => [...wall.querySelectorAll("[data-wall-page]")];
  const turn = () => pages().forEach((one, place) => { one.hidden = place !== page % pages().length; });
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: face.dataset.wallClock });
  let nightly = "";
  const tick = () => {
    const now = Date.now() + offset;
    const shown = format.format(new Date(now));
    face.textContent = shown;
    if (shown === "04:00" && nightly !== "" && nightly !== "04:00") window.location.reload();
    nightly = shown;
    for (const time of wall.querySelectorAll("[data-since]")) time.textContent = clock(Math.max(0, Math.floor((now - Date.parse(time.dataset.since)) / 1000)));
    const silent = Date.now() - heard;
    if (!stale.dataset.over) {
      stale.hidden = silent < STALE;
      stale.textContent = `${stale.dataset.text} ${clock(Math.floor(silent / 1000))}`;
    }
  };
  const ask = async () => {
    try {
      const answer = await fetch(wall.dataset.url, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
      if (answer.ok || answer.status === 304) heard = Date.now();
      if (answer.status === 404) {
        stale.dataset.over = "yes";
        stale.hidden = false;
        stale.textContent = stale.dataset.ended;
        wall.replaceChildren();
        return;
      }
      if (answer.ok) {
        mark = answer.headers.get("ETag");
        wall.innerHTML = await answer.text();
        turn();
        tick();
      }
    } catch {
      /* Said by the line in the head. */
    }
    window.setTimeout(ask, NEW_EVERY);
  };
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? pause.dataset.go : pause.dataset.stop;
  });
  window.setInterval(() => {
    if (paused) return;
    page += 1;
    turn();
  }, TURN_EVERY);
  window.setInterval(tick, 1000);
  turn();
  tick();
  window.setTimeout(ask, NEW_EVERY);
})();
