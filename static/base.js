/* The shell of every page: CSRF for htmx, answers that were not swapped, menus, the clock. No framework. */
"use strict";

const refused = document.getElementById("refused");
const token = document.querySelector('meta[name="csrf-token"]').content;

function sayRefused(text) {
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.textContent = text;
  refused.replaceChildren(box);
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:beforeRequest", () => refused.replaceChildren());
document.addEventListener("htmx:sendError", () => sayRefused(refused.dataset.offline));
document.addEventListener("htmx:timeout", () => sayRefused(refused.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const denied = [401, 403].includes(event.detail.xhr.status);
  sayRefused(denied ? refused.dataset.denied : refused.dataset.failed);
});

/* A refused form: the summary takes the focus, on a full page and after a swap. */
function focusSummary(root) {
  root.querySelector("[data-focus]")?.focus();
}
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));
focusSummary(document);

/* A table wider than the page scrolls by itself, with the keyboard as well. */
function reachScrolling(root) {
  for (const box of root.querySelectorAll(".table-scroll, .table-responsive")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}
document.addEventListener("htmx:afterSettle", () => reachScrolling(document));
window.addEventListener("resize", () => reachScrolling(document));
reachScrolling(document);

/* Menus are <details>: opening one closes the others, Escape and a click elsewhere close it. */
const menus = [...document.querySelectorAll("details.top-menu")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus.filter((one) => one.open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (location.hash === "#rail") location.hash = "#content";
});

/* A filter that says so sends its form when it changes; its button serves those without JavaScript. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit] select")) event.target.form.requestSubmit();
});

/* Buttons that ask before they act: data-confirm holds the question. */
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

/* G and then the key of an entry of the main menu goes there. The second key is caught before the page's own commands see it. */
let goingSince = 0;
window.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const typing = target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  const busy = typing || event.isComposing || event.keyCode === 229 || event.repeat || event.ctrlKey || event.altKey || event.metaKey;
  if (busy || !("commands" in document.body.dataset) || document.querySelector("dialog[open]")) return;
  const waiting = Date.now() - goingSince < 1500;
  goingSince = 0;
  const entry = waiting && key.length === 1 && document.querySelector(`a[data-go="${CSS.escape(key.toLowerCase())}"]`);
  if (entry) {
    event.preventDefault();
    event.stopPropagation();
    entry.click();
  } else if (key.toLowerCase() === "g" && document.querySelector("a[data-go]")) {
    goingSince = Date.now();
    event.stopPropagation();
  }
}, true);

const clock = document.querySelector("time[data-clock]");
if (clock) {
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.clock,
  });
  const tick = () => { clock.textContent = format.format(new Date()); };
  tick();
  setInterval(tick, 5000);
}
