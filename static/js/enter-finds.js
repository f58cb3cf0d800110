/* Enter in a search field inside a form looks for something instead of sending the form: `data-enter` names the button.
   Without this script the button does the same. */

document.addEventListener("keydown", (event) => {
  const target = event.target.closest?.("[data-enter]");
  if (target && event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    document.getElementById(target.dataset.enter)?.click();
  }
});
