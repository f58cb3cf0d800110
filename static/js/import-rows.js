// Clauses of questions that come in: a suggestion is taken at a tap, and what was chosen is kept without a reload.
// Every button works without this file; it only spares the trainer a new page for each question.

const form = document.getElementById("rows");
const all = document.getElementById("pick-all");

/** Send one question's clauses; a wrong one is shown when the page is sent. */
async function keep(input) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, do: "save", quiet: "1", [input.name]: input.value });
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    input.toggleAttribute("data-kept", answer.status === 204);
  } catch {
    input.removeAttribute("data-kept"); // still in the field: it goes with the next button
  }
}

function mark(input) {
  const chosen = input.value.split(/[\s,，、;；]+/);
  for (const button of input.closest(".import-row").querySelectorAll("[data-pick]")) {
    button.setAttribute("aria-pressed", String(chosen.includes(button.dataset.pick)));
  }
  for (const line of input.closest(".import-row").querySelectorAll("[data-of]")) line.hidden = !chosen.includes(line.dataset.of);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  event.preventDefault();
  const input = button.closest(".import-row").querySelector("input[name^='clauses-']");
  input.value = button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.pick;
  mark(input);
  keep(input);
});

form.addEventListener("change", (event) => {
  if (!event.target.matches("input[name^='clauses-']")) return;
  mark(event.target);
  keep(event.target);
});

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.target.id === "bulk") {
    event.preventDefault();
    document.getElementById("set").click();
  } else if (event.target.matches("input[name^='clauses-']")) {
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

if (all) {
  all.closest("[hidden]").hidden = false;
  all.addEventListener("change", () => { for (const box of form.querySelectorAll("[name='picked']")) box.checked = all.checked; });
}
