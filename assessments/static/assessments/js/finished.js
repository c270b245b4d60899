/* A paper that is handed in leaves nothing on this device. */

import { Copy } from "./copy.js";

new Copy(document.querySelector("[data-finished]").dataset.finished).forget();
