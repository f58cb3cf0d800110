// Before the room's own scripts, and not one of them: where one of those does not arrive (a bad network, a portal's page,
// half a file), none of them runs, and the page would stay empty without a word.

{
  const PATIENCE = 20000; // ms
  const { text, again } = document.currentScript.dataset;
  const find = (id) => document.getElementById(id);

  const say = () => {
    if (["question", "paused", "net", "notice"].some((id) => !find(id).hidden)) return; // the room runs, and says it itself
    find("notice-text").textContent = text;
    find("notice-button").textContent = again;
    find("notice-button").onclick = () => location.reload();
    find("notice-button").hidden = find("notice").hidden = false;
    window.addEventListener("online", () => { if (find("question").hidden) location.reload(); });
  };

  window.addEventListener("error", (event) => { if (event.target === window || event.target instanceof HTMLScriptElement) say(); }, true);
  setTimeout(say, PATIENCE);
}
