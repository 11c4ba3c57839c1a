/* Where a telephone system dials: ask what the line does and press the agent's own buttons for it, so that nothing typed is lost
   and every way through the desk is one. Without an answer the keys work as ever. */
(() => {
  "use strict";
  const area = document.getElementById("desk");
  const ORDER = ["preview", "ringing", "talk", "wrap"];
  const BUTTONS = { talk: "[formaction$='/answered/']", wrap: "[data-key=h][formaction$='/hangup/']" };
  const EVERY = 2000;
  let busy = false;
  let suggested = null;

  const show = (told) => {
    const note = area.querySelector("[data-line-note]");
    if (note && note.textContent !== told.note) note.textContent = told.note;
    if (note) note.dataset.warning = told.warning ? "yes" : "";
    const again = area.querySelector("[data-line-again]");
    if (again) again.hidden = !told.again;
    const result = told.suggests && area.querySelector(`[data-digits] button[value="${told.suggests}"]`);
    if (result && suggested !== result) {
      suggested = result;
      if (!document.activeElement?.matches("textarea, input")) result.focus();
    }
  };

  const ask = async () => {
    const screen = area.querySelector(".desk");
    const url = screen?.dataset.lineUrl;
    if (!url || busy || screen.hasAttribute("data-lost-lease") || area.querySelector(".htmx-request")) return;
    busy = true;
    try {
      const reply = await fetch(url, { headers: { "HX-Request": "true" } });
      if (reply.status !== 200 || screen !== area.querySelector(".desk")) return;
      const told = await reply.json();
      show(told);
      const here = screen.dataset.state;
      if (ORDER.indexOf(told.state) <= ORDER.indexOf(here)) return;
      // One step at a time: a call that was answered and ended between two questions passes through the talk.
      const next = here === "ringing" ? "talk" : told.state;
      area.querySelector(BUTTONS[next])?.click();
    } catch {
      // No connection: the desk says so itself.
    } finally {
      busy = false;
    }
  };
  window.setInterval(ask, EVERY);
})();
