// What the room says, in the page's language: the texts come with the page, here they are filled in.

const texts = document.getElementById("words").dataset;

/** The text named `key` with {placeholders} replaced by `values`. */
export function say(key, values = {}) {
  return (texts[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Numbers in a row: 3、7 or 3, 7. */
export function row(numbers) {
  return numbers.join(document.documentElement.lang.startsWith("en") ? ", " : "、");
}
