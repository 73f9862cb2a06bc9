import type { ValueType } from '../../../src/protocol/messages.ts';
import type { Context } from '../context.ts';
import { iconButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { SecretField } from './field.ts';
import { Generator } from './generate.ts';
import { typeProblem, typeSelect } from './types.ts';

/** A value being typed: the field, its type, the generator, and what is wrong with it. Placed by its owner. */
export class ValueInput {
  readonly field: SecretField;
  readonly type: HTMLSelectElement;
  /** The problem and the generator; empty at first. */
  readonly below = h('div', { class: 'below' });
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #context: Context;
  readonly #sparkle: HTMLButtonElement;
  #generator: Generator | undefined;
  /** Called when `below` gets its first content. */
  onBelow: () => void = () => undefined;

  constructor(context: Context, name: string, type: ValueType, lines: boolean) {
    this.#context = context;
    this.#sparkle = iconButton('sparkle', words.generate, () => this.generate(), { 'aria-expanded': 'false' });
    this.field = new SecretField(context, words.valueOf(name), { lines, extra: [this.#sparkle] });
    this.field.onInput = () => {
      // What is typed counts, and not what was to be generated before it.
      this.#generator?.drop();
      this.complain(undefined);
    };
    this.type = typeSelect(words.typeOf(name), context.model.state?.features.types ?? [type], type);
    this.type.addEventListener('change', () => this.check());
    this.below.append(this.#problem);
  }

  /** Opens the generator, or closes it again. */
  generate(): void {
    const { live, model } = this.#context;
    if (this.field.busy) return;
    if (model.state?.presenting) return live.say(words.presentingMore);
    this.#sparkle.setAttribute('aria-expanded', String(!this.#generator));
    if (this.#generator) {
      this.#generator.element.remove();
      this.#generator = undefined;
      this.field.control.focus();
      return;
    }
    this.#generator = new Generator(this.#context, (text) => {
      this.field.text = text;
      this.type.value = 'str';
      this.complain(undefined);
      live.say(words.generated, { quiet: true });
    });
    this.below.append(this.#generator.element);
    this.onBelow();
    this.#generator.focus();
    void this.#generator.run();
  }

  /** There is nothing below the field. */
  get bare(): boolean {
    return !this.#generator && this.#problem.childElementCount === 0;
  }

  get text(): string {
    return this.field.text;
  }

  get as(): ValueType {
    return this.type.value as ValueType;
  }

  /** Whether text and type go together; says so if not. */
  check(): boolean {
    const problem = typeProblem(this.text, this.as);
    this.complain(problem);
    return problem === undefined;
  }

  complain(problem: string | undefined): void {
    this.field.control.toggleAttribute('aria-invalid', problem !== undefined);
    if (problem) this.field.control.setAttribute('aria-invalid', 'true');
    this.#problem.replaceChildren(...(problem ? [icon('error'), problem] : []));
    if (problem) this.onBelow();
  }
}
