// What waits for the server, kept on the device: IndexedDB, by attempt and slot. An answer counts as kept once its
// transaction is complete. Where there is no such store (forbidden, full, hanging) everything stays in memory, and `kept`
// says so; it is tried again with every change.

const NAME = "chizheng-exam";
const PATIENCE = 2000; // ms after which the room opens without the store; what it holds is taken up when it comes

/** The database, made if need be. */
function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("answers", { keyPath: ["attempt", "slot"] });
      request.result.createObjectStore("places", { keyPath: "attempt" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class Store {
  /** `changed` is called when more or less than before is kept. */
  constructor(attempt, changed = () => {}) {
    Object.assign(this, { attempt, changed, db: null, opening: null, name: null, missed: null, unwritten: new Map(), gone: false });
  }

  /** Whether everything handed to `put` is on the device. */
  get kept() { return this.db !== null && !this.unwritten.size; }

  /**
   * What the device holds, {answers: [{slot, seq, answer, mine}], place: {at, flags, tab}, remarks}; `late` gets it when it comes too late,
   * or when it could not be read at once: then it is asked again whenever something is written.
   */
  open(name, late = () => {}) {
    this.name = name;
    const found = this.connect().then(() => this.read(name));
    return new Promise((resolve) => {
      let waited = false;
      setTimeout(() => { waited = true; resolve({ answers: [], place: {} }); }, PATIENCE);
      found.then((held) => (waited ? late(held) : resolve(held)), () => {
        this.missed = late;
        resolve({ answers: [], place: {} });
      });
    });
  }

  /** Read once more what could not be read at first. */
  catchUp() {
    const late = this.missed;
    if (!late || !this.db) return;
    this.missed = null;
    this.read(this.name).then(late, () => { this.missed = late; });
  }

  connect() {
    this.opening ??= (async () => {
      try {
        const db = await connect();
        db.onclose = () => { this.db = null; }; // the person cleared the site's data, or the phone took it away
        db.onversionchange = () => { db.close(); this.db = null; };
        this.db = db;
        this.catchUp();
        this.write();
      } finally {
        this.opening = null;
      }
    })();
    return this.opening;
  }

  /** Read everything of this attempt, and claim it for the page called `name`. */
  async read(name) {
    const tables = this.db.transaction(["answers", "places"], "readwrite");
    const places = tables.objectStore("places");
    const mine = IDBKeyRange.bound([this.attempt, 0], [this.attempt, Infinity]);
    const [answers, place, said] = await Promise.all([
      asked(tables.objectStore("answers").getAll(mine)), asked(places.get(this.attempt)), asked(places.get(this.beside)),
    ]);
    if (name) places.put({ at: 1, flags: [], ...place, attempt: this.attempt, tab: name });
    return { answers: answers.map(({ slot, seq, answer, mine }) => ({ slot, seq, answer, mine })), place: place ?? {}, remarks: said?.remarks ?? [] };
  }

  /** Where the remarks of this attempt are kept: beside its place, so that a device that knows this store needs no other. */
  get beside() { return `${this.attempt} remarks`; }

  /** `done` is called once they are on the device. */
  keepRemarks(remarks, done) {
    this.change("places", (table) => { table.put({ attempt: this.beside, remarks }); }, done);
  }

  put(entry) {
    this.unwritten.set(entry.slot, entry);
    this.write();
  }

  /** Try to bring everything that is not kept yet to the device. */
  write() {
    if (this.gone || !this.unwritten.size) return;
    this.catchUp();
    const entries = [...this.unwritten.values()];
    this.change("answers", (table) => { for (const entry of entries) table.put({ attempt: this.attempt, ...entry }); }, () => {
      for (const entry of entries) if (this.unwritten.get(entry.slot) === entry) this.unwritten.delete(entry.slot);
    });
  }

  /** The server has this slot up to `seq`. */
  remove(slot, seq) {
    if (this.unwritten.get(slot)?.seq <= seq) this.unwritten.delete(slot);
    this.change("answers", (table) => {
      const held = table.get([this.attempt, slot]);
      held.onsuccess = () => { if (held.result?.seq <= seq) table.delete([this.attempt, slot]); };
      return "more to come";
    });
  }

  /** Where the person is and what is flagged. */
  place(at, flags, tab) {
    this.change("places", (table) => { table.put({ attempt: this.attempt, at, flags, tab }); });
  }

  /** The name of the page that claimed the attempt last; null when nobody can tell. */
  async owner() {
    try {
      return (await asked(this.db.transaction("places").objectStore("places").get(this.attempt)))?.tab ?? null;
    } catch {
      return null; // no store: pages cannot hear of each other this way, the server's sequence still decides
    }
  }

  /** Forget the attempt but for `remarks`; done, or given up, within a second. What was never read is left for the page that comes next. */
  async forget(remarks = []) {
    if (this.missed) return;
    this.unwritten.clear();
    this.gone = true;
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
      this.change(["answers", "places"], (answers, places) => {
        answers.delete(IDBKeyRange.bound([this.attempt, 0], [this.attempt, Infinity]));
        places.delete(this.attempt);
        if (remarks.length) places.put({ attempt: this.beside, remarks });
        else places.delete(this.beside);
      }, resolve);
    });
  }

  /** One transaction: `strict` because an answer is kept when it is on the disk, committed at once because the page may close now. */
  change(names, act, done = () => {}) {
    try {
      const tables = this.db.transaction(names, "readwrite", { durability: names === "places" ? "relaxed" : "strict" });
      tables.oncomplete = () => { done(); this.changed(); };
      tables.onabort = () => this.changed(); // full, most likely: what was not written stays in `unwritten`
      if (!act(...[names].flat().map((name) => tables.objectStore(name)))) tables.commit?.();
    } catch {
      this.db = null; // never opened, or lost under way
      this.connect().catch(() => {});
      this.changed();
    }
  }
}
