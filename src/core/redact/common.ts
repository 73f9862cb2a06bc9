/** Values that stand in the output of most programs. To cover them would hide no secret, and make the output unreadable. */
const words = new Set(
  `true false null none nil undefined yes no on off enabled disabled default auto test tests testing dev devel local localhost
  develop development stage staging prod production preview debug info warn warning error fatal trace verbose silent admin
  administrator root user users guest anonymous public private password passwd secret secrets example changeme postgres
  postgresql mysql mariadb mongodb redis rabbitmq sqlite memory utf8 utf-8 http https file json yaml text html main master
  develop latest stable info@example.com example.com 127.0.0.1 0.0.0.0 us-east-1 us-west-2 eu-west-1 eu-central-1 node
  python server client home linux windows darwin`.split(/\s+/),
);

/** Whether a value is a common word or a small number, whatever its case. */
export function isCommon(value: string): boolean {
  const text = value.trim().toLowerCase();
  return words.has(text) || /^[+-]?\d{1,7}(?:\.\d{1,3})?$/.test(text);
}
