import { secrets, settings } from './config.js';

/** The receipt for an order, ready for a mail transport. The example never sends it. */
export function receipt(order) {
  return {
    auth: { user: secrets.smtpUser, pass: secrets.smtpPassword },
    to: order.customer,
    subject: `Your order ${order.id}`,
    text: `Thank you. ${order.items.length} items, ${order.total / 100} ${settings.currency}.`,
  };
}
