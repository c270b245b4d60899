/* What is left until a deadline, by the server's clock: the difference to this device's clock is taken once. */

const WARN_AT = [300, 60];

function parts(seconds) {
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
}

function words(left, names) {
  const [hours, minutes, seconds] = parts(left);
  const shown = [];
  if (hours) shown.push(`${hours} ${names.hours}`);
  if (hours || minutes) shown.push(`${minutes} ${names.minutes}`);
  if (!hours) shown.push(`${seconds} ${names.seconds}`);
  return shown.join(" ");
}

export function start(timer) {
  const names = timer.dataset;
  const deadline = Date.parse(names.deadline);
  const ahead = Date.parse(names.now) - Date.now();
  const shown = timer.querySelector("[data-left]");
  const said = timer.querySelector("[data-say]");
  let before = Infinity;

  function tick() {
    const left = Math.max(0, Math.round((deadline - Date.now() - ahead) / 1000));
    shown.hidden = false;
    shown.textContent = left ? words(left, names) : names.over;
    timer.classList.toggle("is-short", left <= WARN_AT[0]);
    if (WARN_AT.some((limit) => before > limit && left <= limit && left > 0)) said.textContent = words(left, names);
    if (!left) {
      said.textContent = names.over;
      timer.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
      return;
    }
    before = left;
    window.setTimeout(tick, 1000 - ((Date.now() + ahead) % 1000));
  }

  tick();
}
