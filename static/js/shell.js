// Small comforts. Every page works without this file.

const words = document.documentElement.lang.startsWith("en")
  ? { yes: "Continue", no: "Cancel", copied: "Copied", close: "Close" }
  : { yes: "确定", no: "取消", copied: "已复制", close: "关闭" };

/** Ask in a dialog; resolves to true only when the person agrees. */
function ask(question) {
  const box = document.createElement("dialog");
  box.className = "sheet";
  const body = document.createElement("div");
  body.className = "sheet-body ask";
  const text = document.createElement("p");
  text.id = "ask-text";
  text.textContent = question;
  const row = document.createElement("form");
  row.method = "dialog";
  row.className = "submit-row";
  for (const [value, label, kind] of [["yes", words.yes, "primary"], ["no", words.no, "quiet"]]) {
    const button = document.createElement("button");
    button.className = `btn btn-${kind}`;
    button.value = value;
    button.textContent = label;
    row.append(button);
  }
  body.append(text, row);
  box.append(body);
  box.setAttribute("aria-labelledby", text.id);
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => { resolve(box.returnValue === "yes"); box.remove(); });
  });
}

const AGAIN = 4000; // ms within which the same form is not sent twice: a double tap is one act

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || (form.dataset.confirm && !form.dataset.agreed)) return;
  const sent = Number(form.dataset.sent ?? -AGAIN);
  if (event.timeStamp - sent < AGAIN) { event.preventDefault(); return; }
  form.dataset.sent = event.timeStamp;
});
window.addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const question = form.dataset.confirm && (event.submitter?.dataset.confirm ?? form.dataset.confirm); // a button may ask more exactly than its form
  if (!question || form.dataset.agreed) return;
  event.preventDefault();
  const pressed = event.submitter;
  if (!(await ask(question))) return;
  form.dataset.agreed = "yes";
  form.requestSubmit(pressed);
  delete form.dataset.agreed;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const open of document.querySelectorAll("details.menu[open], details.more[open]")) {
    if (!open.contains(target)) open.open = false;
  }
  const opener = target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  if (target.closest("[data-print]")) { window.print(); return; }
  const copier = target.closest("[data-copy]");
  if (copier) { copy(copier); return; }
  if (target.matches("dialog.sheet")) { target.close(); return; }
  follow(event);
});

/** A whole row is its link, unless something in it was meant or text is being selected. */
function follow(event) {
  const row = event.target.closest("tr.row-link");
  if (!row || event.target.closest("a, button, input, select, label, summary")) return;
  if (String(window.getSelection())) return;
  const link = row.querySelector("a.row-anchor");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const before = button.textContent;
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = before; }, 2000);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.menu[open], details.more[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

for (const flash of document.querySelectorAll(".flash")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "flash-close";
  button.setAttribute("aria-label", words.close);
  button.textContent = "×";
  button.addEventListener("click", () => flash.remove());
  flash.append(button);
}

document.querySelector("[data-focus]")?.focus();
