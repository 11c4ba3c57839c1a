/* Keys of the player: skip, speed, the second that is heard; a second noted on the page leads there, and can be taken from there. */
(() => {
  "use strict";
  const box = document.querySelector("[data-player]");
  if (!box) return;
  const audio = box.querySelector("audio");
  const at = box.querySelector("[data-at]");
  const error = box.querySelector("[data-player-error]");
  const second = () => Math.floor(audio.currentTime);

  const go = (seconds) => {
    const jump = () => { audio.currentTime = Math.max(0, Math.min(seconds, audio.duration || seconds)); };
    if (audio.readyState > 0) return jump();
    // Nothing is loaded before somebody wants to listen, so that no play is recorded that was none.
    audio.addEventListener("loadedmetadata", jump, { once: true });
    audio.play().catch(() => {});
  };

  box.querySelector("[data-player-keys]").hidden = false;
  audio.addEventListener("timeupdate", () => { at.textContent = second(); });
  audio.addEventListener("error", () => { error.hidden = false; });
  box.addEventListener("click", (event) => {
    const key = event.target.closest("[data-skip]");
    if (key) go(audio.currentTime + Number(key.dataset.skip));
  });
  box.querySelector("[data-speed]").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });

  document.querySelectorAll("[data-take-second]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take-second]");
    if (take) document.getElementById(take.dataset.takeSecond).value = second();
    const hear = event.target.closest("[data-hear]");
    if (hear) go(Number(hear.dataset.hear));
  });
})();
