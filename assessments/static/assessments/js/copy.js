/* The copy on this device: what was chosen and whether the server has it. Lost storage loses nothing that is saved. */

export class Copy {
  constructor(key) {
    this.key = `linghang-paper-${key}`;
  }

  read() {
    try {
      return JSON.parse(window.localStorage.getItem(this.key)) || {};
    } catch (error) {
      return {};
    }
  }

  keep(position, answer) {
    const all = this.read();
    all[position] = answer;
    try {
      window.localStorage.setItem(this.key, JSON.stringify(all));
    } catch (error) {
      /* full or forbidden: the server is the truth anyway */
    }
  }

  forget() {
    try {
      window.localStorage.removeItem(this.key);
    } catch (error) {
      /* nothing kept */
    }
  }
}
