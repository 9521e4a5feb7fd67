import { ValidateBy } from 'class-validator';

/** Characters as people count them, not UTF-16 units. */
const lengthOf = (text: string): number => [...text].length;

/** Text of `min` to `max` characters without NUL (which PostgreSQL cannot hold): one message, whatever is wrong. */
export function IsText(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'text',
    validator: {
      validate: (value) =>
        typeof value === 'string' && lengthOf(value) >= min && lengthOf(value) <= max && !value.includes('\0'),
      defaultMessage: (args) => `${args?.property ?? 'It'} must be text of ${min} to ${max} characters.`,
    },
  });
}
