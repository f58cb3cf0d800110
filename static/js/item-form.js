/* The question form: Enter in the clause search looks for clauses instead of saving the question.
   Without this script the button does the same. */

document.addEventListener("keydown", (event) => {
  const target = event.target.closest?.("[data-enter]");
  if (target && event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    document.getElementById(target.dataset.enter)?.click();
  }
});
