/** Text as text, in an element as well as in an attribute between double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Makes a link of what is HTML already, if the address is one of the web; it tells nobody where it was pressed. */
export function linkAround(html: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\//i.test(url)) return html;
  return `<a href="${escapeHtml(url)}" rel="noreferrer noopener">${html}</a>`;
}
