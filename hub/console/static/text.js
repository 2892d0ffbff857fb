// The page's data and its words. `_` and `ngettext` take English and give the operator's language; the server finds the
// texts of a page by these very calls.

export const page = { ...JSON.parse(document.getElementById("page-data").textContent), title: document.title };

export function _(text) {
  return page.texts[text] ?? text;
}

export function ngettext(one, many, number) {
  const plural = page.plurals[one];
  if (!plural) return number === 1 ? one : many;
  const place = number < plural.rule.length ? number : 100 + (number % 100);
  return plural.forms[plural.rule[place]];
}

// Fills `%(name)s` in a text.
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

// The word for a code; a code without a word stands for itself.
export function word(table, code) {
  return page.words[table][code] ?? code;
}

// A fault as units name it: `code` or `code:subject`.
export function faultWords(name) {
  const [code, ...subject] = name.split(":");
  const words = word("fault", code);
  return subject.length ? `${words}: ${subject.join(":")}` : words;
}
