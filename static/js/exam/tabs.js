// One page of an attempt at a time on this device: the one that was opened last.

export class Tabs {
  /** `onOther` is called when another page of the same attempt was opened. */
  constructor(attempt, store, onOther) {
    Object.assign(this, { store, onOther, name: Math.random().toString(36).slice(2) });
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel(`chizheng.exam.${attempt}`);
      this.channel.addEventListener("message", ({ data }) => { if (data !== this.name) this.onOther(); });
      this.channel.postMessage(this.name);
    }
  }

  /** A page that slept may have missed the message: the store knows who came last. */
  async check() {
    const owner = await this.store.owner();
    if (owner && owner !== this.name) this.onOther();
  }
}
