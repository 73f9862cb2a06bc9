const onMac = /^Mac/.test(navigator.platform);

/** A key as people of this system know it. */
export const shownKey = (key: string): string =>
  onMac ? key.replaceAll('Ctrl+', '⌘').replaceAll('Alt+', '⌥').replaceAll('Shift+', '⇧').replace('Del', '⌘⌫') : key;

/** A key for `aria-keyshortcuts`. */
export const spokenKey = (key: string): string =>
  key
    .replace('Ctrl', onMac ? 'Meta' : 'Control')
    .replace('Del', 'Delete')
    .replace('↑', 'ArrowUp')
    .replace('↓', 'ArrowDown');
