/* Marking by keyboard: 1–5 chooses a level and goes on to the next criterion, Ctrl+Enter saves. */

const form = document.querySelector("[data-marking]");

function levels(criterion) {
  return [...criterion.querySelectorAll("input[type=radio]")];
}

function focusOn(criterion) {
  const radios = levels(criterion);
  (radios.find((radio) => radio.checked) || radios[0]).focus();
}

function choose(criterion, digit) {
  const radio = levels(criterion).find((one) => one.value === digit);
  if (!radio) return false;
  radio.checked = true;
  const every = [...form.querySelectorAll(".lh-mark-criterion")];
  const next = every[every.indexOf(criterion) + 1];
  if (next) focusOn(next);
  else form.querySelector("textarea").focus();
  return true;
}

if (form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const criterion = event.target.closest(".lh-mark-criterion");
    if (criterion && /^[1-5]$/.test(event.key) && choose(criterion, event.key)) event.preventDefault();
  });
  const first = form.querySelector(".lh-mark-criterion");
  if (first && window.matchMedia("(min-width: 992px)").matches && !document.querySelector("[data-focus-first]")) {
    focusOn(first);
  }
  const here = document.querySelector(".lh-mark-members [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest" });
}
