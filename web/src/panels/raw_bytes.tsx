import { useTranslation } from 'react-i18next';
import classes from './raw_bytes.module.css';

const perLine = 16;

interface Line { offset: number; digits: string[]; text: string }

/** Bytes in lines of sixteen with their offsets; what is no printable ASCII is a dot. */
export function linesOf(bytes: string, offset: number): Line[] {
  const pairs = bytes.match(/../g) ?? [];
  return Array.from({ length: Math.ceil(pairs.length / perLine) }, (_, line) => {
    const digits = pairs.slice(line * perLine, (line + 1) * perLine);
    const text = digits.map((pair) => { const code = parseInt(pair, 16); return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.'; }).join('');
    return { offset: offset + line * perLine, digits, text };
  });
}

/** The bytes of a row as they came, for what the encoding hides. */
export function RawBytes({ bytes, offset }: { bytes: string; offset: number }) {
  const { t } = useTranslation();
  return (
    // A scrolling region is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['frame']} role="region" aria-label={t('quarantine.bytes')} tabIndex={0}>
      <table className={classes['bytes']} data-testid="raw-bytes">
        <caption className={classes['caption']}>{t('quarantine.bytes')}</caption>
        <tbody>
          {linesOf(bytes, offset).map((line) => (
            <tr key={line.offset}><th scope="row">{line.offset}</th><td>{line.digits.join(' ')}</td><td>{line.text}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
