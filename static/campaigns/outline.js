/* The outline of a script by keyboard: the edits of campaigns/rules/outline.py, at once. Without JavaScript the same buttons go
   to the server. */
"use strict";

{
  const form = document.getElementById("script-form");
  const list = document.getElementById("outline");
  const blank = document.getElementById("outline-blank");
  const DEEPEST = 5;
  const MOST = 60;

  const lines = () => [...list.children];
  const level = (line) => Number(line.dataset.level);
  const kind = (line) => line.querySelector('[name="kind"]').value;
  const setLevel = (line, value) => {
    line.dataset.level = value;
    line.querySelector('[name="level"]').value = value;
  };
  const visible = (line) => [...line.querySelectorAll("textarea")].find((area) => area.offsetParent);

  /* The line and everything below it. */
  const branch = (line) => {
    const found = [line];
    let next = line.nextElementSibling;
    while (next && level(next) > level(line)) {
      found.push(next);
      next = next.nextElementSibling;
    }
    return found;
  };

  /* No line more than one deeper than the one above it. */
  const clamp = () => {
    let most = 0;
    for (const line of lines()) {
      if (level(line) > most) setLevel(line, most);
      most = Math.min(level(line) + 1, DEEPEST);
    }
  };

  const shift = (line, by) => {
    for (const one of branch(line)) setLevel(one, level(one) + by);
  };

  const edits = {
    add(line) {
      if (list.children.length >= MOST) return line;
      const fresh = blank.content.firstElementChild.cloneNode(true);
      if (line) {
        const above = kind(line);
        const deeper = above === "ask" || above === "answer";
        setLevel(fresh, Math.min(level(line) + (deeper ? 1 : 0), DEEPEST));
        fresh.querySelector('[name="kind"]').value = above === "ask" ? "answer" : "say";
        line.after(fresh);
      } else {
        list.append(fresh);
      }
      return fresh;
    },
    append() {
      const last = list.lastElementChild;
      const fresh = edits.add(last);
      if (fresh !== last && last) {
        setLevel(fresh, 0);
        fresh.querySelector('[name="kind"]').value = "say";
      }
      return fresh;
    },
    remove(line) {
      const next = line.previousElementSibling ?? branch(line).at(-1).nextElementSibling;
      for (const one of branch(line)) one.remove();
      return next;
    },
    indent(line) {
      const above = line.previousElementSibling;
      const deepest = Math.max(...branch(line).map(level));
      if (above && level(line) <= level(above) && deepest < DEEPEST) shift(line, 1);
      return line;
    },
    outdent(line) {
      if (level(line)) shift(line, -1);
      return line;
    },
    up(line) {
      let above = line.previousElementSibling;
      while (above && level(above) > level(line)) above = above.previousElementSibling;
      if (above && level(above) === level(line)) above.before(...branch(line));
      return line;
    },
    down(line) {
      const below = branch(line).at(-1).nextElementSibling;
      if (below && level(below) === level(line)) branch(below).at(-1).after(...branch(line));
      return line;
    },
  };

  function edit(verb, line, button) {
    const result = edits[verb](line);
    clamp();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    if (!result) return;
    const same = button && verb !== "add" && result.querySelector(`[data-do="${verb}"]`);
    (same || visible(result))?.focus();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    event.preventDefault();
    edit(button.dataset.do, button.closest(".outline-line"), button);
  });

  const KEYS = { ArrowLeft: "outdent", ArrowRight: "indent", ArrowUp: "up", ArrowDown: "down", Delete: "remove" };
  form.addEventListener("keydown", (event) => {
    const line = event.target.closest(".outline-line");
    if (!line || event.isComposing || event.keyCode === 229) return;
    let verb = null;
    if (event.altKey && event.shiftKey && !event.ctrlKey) verb = KEYS[event.key];
    else if (event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey && !event.altKey) verb = "add";
    if (verb) {
      event.preventDefault();
      edit(verb, line, null);
    } else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const other = event.key === "ArrowUp" ? line.previousElementSibling : line.nextElementSibling;
      if (!other) return;
      event.preventDefault();
      visible(other)?.focus();
    }
  });
}
