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
