/* A member's row opens beside the table; without this script the link opens the page. */

const panel = document.getElementById("member-panel");
const body = panel.querySelector("[data-panel-body]");
let opener = null;

async function show(link) {
  opener = link;
  const answer = await fetch(link.href, { headers: { "X-Panel": "1" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) {
    window.location.assign(link.href);
    return;
  }
  body.innerHTML = await answer.text();
  panel.querySelector("[data-panel-page]").href = link.href;
  panel.showModal();
  body.scrollTop = 0;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-member-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  show(link).catch(() => window.location.assign(link.href));
});

panel.querySelector("[data-panel-close]").addEventListener("click", () => panel.close());
panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});
panel.addEventListener("close", () => {
  body.replaceChildren();
  if (opener) opener.focus();
});

/* The box in the head ticks the page. */
const all = document.querySelector("[data-tick-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    document.querySelectorAll('input[name="members"]').forEach((box) => {
      box.checked = all.checked;
    });
  });
}
