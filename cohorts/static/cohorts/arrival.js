// The list at the door without a script is searched by the server; with it names are found while they are typed.
const box = document.querySelector('[data-arrival-search] input[type="search"]');
const none = document.querySelector("[data-none]");

function find() {
  const words = box.value.trim().toLowerCase();
  let shown = 0;
  for (const section of document.querySelectorAll("[data-section]")) {
    let here = 0;
    for (const row of section.querySelectorAll("[data-words]")) {
      const { name, number, initials } = row.dataset;
      const fits = !words || name.includes(words) || number.includes(words) || initials.startsWith(words);
      row.hidden = !fits;
      here += fits ? 1 : 0;
    }
    section.hidden = here === 0;
    shown += here;
  }
  none.hidden = shown > 0 || !words;
}

if (box && none && !box.value) box.addEventListener("input", find);
