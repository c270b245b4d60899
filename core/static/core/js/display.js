/* Applies the choice of colours, type and contrast before the first paint. Loaded in the head, not deferred. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.remove("lh-no-script");

  function kept() {
    var found = /(?:^|; )display=([^;]*)/.exec(document.cookie);
    if (found) return found[1];
    try { return window.localStorage.getItem("display") || ""; } catch (error) { return ""; }
  }

  function apply(choice) {
    var dark = choice.theme === "dark" ||
      (choice.theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    root.dataset.themeChoice = choice.theme;
    root.dataset.text = choice.text;
    root.dataset.contrast = choice.contrast;
  }

  function read(value) {
    var parts = value.split(".");
    function one(word, allowed) { return allowed.indexOf(word) < 0 ? allowed[0] : word; }
    return {
      theme: one(parts[0], ["system", "light", "dark"]),
      text: one(parts[1], ["normal", "large"]),
      contrast: one(parts[2], ["normal", "high"]),
    };
  }

  function remember(choice) {
    var value = [choice.theme, choice.text, choice.contrast].join(".");
    var secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = "display=" + value + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
    try { window.localStorage.setItem("display", value); } catch (error) { /* private window: the cookie is enough */ }
    apply(choice);
  }

  apply(read(kept()));
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  if (system.addEventListener) system.addEventListener("change", function () { apply(read(kept())); });
  window.linghangDisplay = { read: read, kept: kept, remember: remember };
})();
