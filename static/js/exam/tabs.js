// One page of an attempt at a time on this device: the one that was opened last.

export class Tabs {
  /** `onOther` is called when another page of the same attempt was opened or taken over. */
  constructor(attempt, onOther) {
    this.key = `chizheng.exam.${attempt}.tab`;
    this.name = Math.random().toString(36).slice(2);
    window.addEventListener("storage", (event) => {
      if (event.key === this.key && event.newValue && event.newValue !== this.name) onOther();
    });
    this.claim();
  }

  claim() {
    try {
      localStorage.setItem(this.key, this.name);
    } catch {
      this.name = ""; // without storage, pages cannot hear of each other: the server's sequence still decides
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      this.name = "";
    }
  }
}
