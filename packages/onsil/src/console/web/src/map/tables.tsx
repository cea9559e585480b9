import { setParameter, useRoute } from '../route.ts';
import { ArrowTable } from './arrow-table.tsx';
import { MachineTable } from './machine-table.tsx';
import { useMapText } from './text.ts';

/** All that the picture says, as tables: live too. */
export function Tables() {
  return (
    <div className="map-tables">
      <MachineTable />
      <ArrowTable />
    </div>
  );
}

/** Whether the tables are shown below the picture: in the address. */
export function useTables(): readonly [boolean, (shown: boolean) => void] {
  const isShown = useRoute().searchParams.has('table');
  return [isShown, (shown) => setParameter('table', shown ? ['1'] : [])];
}

export function TablesButton() {
  const text = useMapText().table;
  const [isShown, show] = useTables();
  return (
    <button type="button" aria-expanded={isShown} onClick={() => show(!isShown)}>
      {text.show}
    </button>
  );
}
