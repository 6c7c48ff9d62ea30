/** For `@input`: a browser does not submit a field that was complained about, even after it was changed. */
export function uncomplain(event: Event): void {
  (event.target as HTMLInputElement).setCustomValidity('');
}
