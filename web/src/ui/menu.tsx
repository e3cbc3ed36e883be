import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import classes from './menu.module.css';

interface MenuProps {
  label: string;
  /** What the button shows, before `label`, which is only read out. */
  button: ReactNode;
  children: ReactNode;
}

/** A button that opens a small sheet of controls below itself; Escape and a press outside close it. */
export function Menu({ label, button, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const onPress = (event: PointerEvent) => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [open]);
  return (
    <div className={classes['menu']} ref={frame}>
      <button
        type="button" ref={opener} className={classes['opener']} title={label} aria-expanded={open} aria-controls={id}
        onClick={() => { setOpen(!open); }} data-testid="menu"
      >
        {button}<span className={classes['spoken']}>{label}</span>
      </button>
      <div id={id} className={classes['sheet']} hidden={!open}>{open && children}</div>
    </div>
  );
}
